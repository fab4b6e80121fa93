// The limits of the server, by name: limits.def is the table, this is its struct.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ormc::server {

struct ServerLimits {
#define ORMD_LIMIT(name, fallback, least, most, unit, scope, meaning) int64_t name = fallback;
#include "server/limits/limits.def"
#undef ORMD_LIMIT
};

enum class LimitScope : uint8_t { kProcess, kSite };

struct LimitRow {
  std::string_view name;
  int64_t ServerLimits::*member;
  int64_t fallback;
  int64_t least;
  int64_t most;
  std::string_view unit;
  LimitScope scope;
  std::string_view meaning;
};

std::span<const LimitRow> LimitRows();

// "" or what is wrong with "name=value".
std::string SetLimit(std::string_view assignment, ServerLimits& limits);

// The rows as docs/contract/limits.md has them.
std::string LimitsTable();

}  // namespace ormc::server
