// The rule of a zone after its listed transitions ("CET-1CEST,M3.5.0,M10.5.0/3").
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace ormc {

struct ZoneOffset {
  int32_t seconds = 0;  // east of UTC
  std::string abbreviation;
};

// What a wall clock may mean: the same twice, or the offsets before and after a transition.
struct LocalOffsets {
  ZoneOffset first;
  ZoneOffset second;
  bool ambiguous = false;  // in a fold (else: in a gap, or unique)
};

class PosixZone {
 public:
  static std::shared_ptr<const PosixZone> Parse(const std::string& rule);  // null: not a rule
  virtual ~PosixZone() = default;
  // Seconds since 1970, in UTC and on the wall.
  virtual ZoneOffset AtUtc(int64_t seconds) const = 0;
  virtual LocalOffsets AtWall(int64_t seconds) const = 0;
};

}  // namespace ormc
