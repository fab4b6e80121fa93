// syntax: text -> ast::Module.  The only room that includes ANTLR or catches its exceptions.
//
// In the order of control flow:
//   source_check.h     valid UTF-8, no control characters, no markdown fence, not too long
//   lexer.h            text -> tokens, with NEWLINE, INDENT and DEDENT; brackets match and are
//   bounded refused_blocks.h   drops the inside of statements that the language refuses (`def`,
//   `while`, ...) token_stream.h     the tokens as ANTLR wants them (generated)        OrmParser,
//   one call a statement: every decision looks at one token syntax_error.h     what ANTLR could not
//   match, in words build_ast.h        parse tree -> AST: precedence is climbed and literals are
//   read here
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/base/limits.h"
#include "compiler/diagnostics/diagnostic.h"

namespace ormc::syntax {

struct ParseResult {
  std::unique_ptr<ast::Module> module;  // null if and only if `diagnostics` is not empty
  std::vector<Diagnostic> diagnostics;
};

ParseResult Parse(std::string_view snippet, const Limits& limits);

// The first parse builds ANTLR's tables (about a millisecond): call this at start-up.
void WarmUp();

}  // namespace ormc::syntax
