#pragma once

#include <string_view>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/base/source.h"
#include "token_kinds.h"

namespace ormc::syntax {

struct Lexeme {
  tok::Type type;
  Span span;
};

// The tokens of a checked source; the last one is END.  Throws Rejection at the first mistake.
// After it, brackets match, their depth is within the limits and blocks are closed.
std::vector<Lexeme> Tokenize(std::string_view text, const Limits& limits);

}  // namespace ormc::syntax
