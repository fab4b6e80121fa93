#pragma once

#include <string_view>
#include <vector>

#include "compiler/syntax/lexer.h"

namespace ormc::syntax {

// Statements that the language refuses (`def`, `while`, `return`, ...) become their keyword,
// SKIPPED and NEWLINE: their inside is not parsed.  The soft keywords `match` and `type` become
// MATCH and TYPE.
std::vector<Lexeme> DropRefusedBlocks(std::string_view text, const std::vector<Lexeme>& tokens);

}  // namespace ormc::syntax
