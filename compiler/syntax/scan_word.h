// The parts of the lexer that look at one word and need no state.
#pragma once

#include <string_view>

#include "token_kinds.h"

namespace ormc::syntax {

// Every byte of a non-ASCII character counts: identifiers.h judges them.
constexpr bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool IsWordPart(char c) { return IsWordStart(c) || (c >= '0' && c <= '9'); }

// The keyword's type, or NAME.
tok::Type WordType(std::string_view word);

// The operator or bracket at the start of `text` (longest match); bytes is 0 where there is none.
struct Mark {
  tok::Type type;
  uint32_t bytes;
};
Mark MarkAt(std::string_view text);

// The number at the start of `text`, as far as Python would read it: digits, prefixes, exponent.
uint32_t NumberBytes(std::string_view text);

}  // namespace ormc::syntax
