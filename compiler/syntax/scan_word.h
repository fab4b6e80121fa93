// The parts of the lexer that look at one word and need no state.
#pragma once

#include <string_view>

#include "token_kinds.h"

namespace ormc::syntax {

bool IsWordStart(char c);  // every byte of a non-ASCII character counts: identifiers.h judges them
bool IsWordPart(char c);

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
