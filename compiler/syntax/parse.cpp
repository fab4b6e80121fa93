#include "compiler/syntax/parse.h"

#include <utility>

#include "OrmParser.h"
#include "compiler/syntax/build_ast.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/refused_blocks.h"
#include "compiler/syntax/source_check.h"
#include "compiler/syntax/syntax_error.h"
#include "compiler/syntax/token_stream.h"

namespace ormc::syntax {
namespace {

std::vector<Lexeme> ReadTokens(std::string_view snippet, const Limits& limits) {
  CheckSource(snippet, limits);
  std::vector<Lexeme> tokens = DropRefusedBlocks(snippet, Tokenize(snippet, limits));
  if (tokens.size() == 1) Reject(Kind::EmptySnippet, Span{});
  return tokens;
}

// Leaves the stream behind the statement that began at `begin` and could not be read, with its
// block and the `else` that would be an echo of the mistake.
void SkipStatement(TokenStream& stream, size_t begin) {
  size_t at = begin;
  do {
    while (stream.at(at).type() != tok::NEWLINE && stream.at(at).type() != tok::END) ++at;
    if (stream.at(at).type() == tok::NEWLINE) ++at;
    int depth = 0;
    while (stream.at(at).type() != tok::END) {
      const tok::Type type = stream.at(at).type();
      depth += type == tok::INDENT ? 1 : type == tok::DEDENT ? -1 : 0;
      if (depth == 0 && type != tok::DEDENT) break;
      ++at;
      if (depth < 0) depth = 0;
    }
  } while (stream.at(at).type() == tok::ELSE || stream.at(at).type() == tok::ELIF);
  stream.seek(at);
}

// The limits of the whole snippet: no later statement can be read either.
bool EndsParsing(const Diagnostic& diagnostic) {
  return diagnostic.kind == Kind::TooManyNodes || diagnostic.kind == Kind::NestedTooDeep;
}

}  // namespace

ParseResult Parse(std::string_view snippet, const Limits& limits) {
  ParseResult result;
  auto module = std::make_unique<ast::Module>();
  try {
    TokenStream stream(ReadTokens(snippet, limits));
    generated::OrmParser parser(&stream);
    parser.removeErrorListeners();
    parser.setErrorHandler(std::make_shared<SyntaxErrors>(snippet, stream));
    AstBuilder builder(snippet, limits, *module);
    while (stream.type() != tok::END) {
      const size_t begin = stream.index();
      try {
        builder.Statement(*parser.statement(), module->body);
      } catch (const Rejection& rejection) {
        result.diagnostics.push_back(rejection.diagnostic());
        if (EndsParsing(rejection.diagnostic()) ||
            result.diagnostics.size() >= limits.syntax_errors)
          break;
        SkipStatement(stream, begin);
        builder.Forget();
      }
    }
  } catch (const Rejection& rejection) {
    result.diagnostics.push_back(rejection.diagnostic());
  }
  if (result.diagnostics.empty()) result.module = std::move(module);
  return result;
}

void WarmUp() { static_cast<void>(Parse("result = Model.objects.filter(a=1).count()", Limits{})); }

}  // namespace ormc::syntax
