// base: what every room uses.  source.h (text and places in it), result.h, check.h, limits.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ormc {

// A half-open range of byte offsets in the snippet.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// One-based line and column (in code points) of a byte offset.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
};

Position PositionOf(std::string_view text, uint32_t offset);

// The line that holds `offset`, without its line end.
std::string_view LineAt(std::string_view text, uint32_t offset);

}  // namespace ormc
