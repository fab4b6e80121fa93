#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ormc::server {

// At most `most` bytes, cut at a character's border and marked with an ellipsis.
inline std::string CutText(std::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "…";
}

}  // namespace ormc::server
