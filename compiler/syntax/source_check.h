#pragma once

#include <string_view>

#include "compiler/base/limits.h"

namespace ormc::syntax {

// Rejects what is no text of a snippet: too many bytes, invalid UTF-8, control characters (those
// that reorder text too), a markdown fence.
void CheckSource(std::string_view text, const Limits& limits);

// The code point at `at` and its number of bytes; `text` is valid UTF-8.
struct CodePoint {
  char32_t value;
  uint32_t bytes;
};
CodePoint DecodeUtf8(std::string_view text, size_t at);
void AppendUtf8(std::string& out, char32_t value);

}  // namespace ormc::syntax
