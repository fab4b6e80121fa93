#include "compiler/syntax/syntax_error.h"

#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/scan_word.h"

namespace ormc::syntax {
namespace {

bool EndsOperand(tok::Type type) {
  return type == tok::NAME || type == tok::NUMBER || type == tok::STRING ||
         type == tok::FSTRING_END || type == tok::RPAREN || type == tok::RBRACKET ||
         type == tok::RBRACE || type == tok::NONE || type == tok::TRUE || type == tok::FALSE ||
         type == tok::ELLIPSIS;
}

bool BeginsOperand(tok::Type type) {
  return type == tok::NAME || type == tok::KEYWORD_NAME || type == tok::NUMBER ||
         type == tok::STRING || type == tok::FSTRING_START || type == tok::NONE ||
         type == tok::TRUE || type == tok::FALSE || type == tok::LBRACE || type == tok::LAMBDA ||
         type == tok::NOT || type == tok::TILDE;
}

// What other languages write for Python's words.
std::string_view PythonsWord(std::string_view seen) {
  if (seen == "AND" || seen == "&&") return "and";
  if (seen == "OR" || seen == "||") return "or";
  if (seen == "NOT" || seen == "!") return "not";
  return {};
}

[[noreturn]] void RejectWith(Kind kind, Span span, std::string argument, std::string_view meant) {
  Diagnostic diagnostic = MakeDiagnostic(kind, span, std::move(argument));
  if (!meant.empty()) diagnostic.suggestion = "write `" + std::string(meant) + "`";
  throw Rejection(std::move(diagnostic));
}

}  // namespace

std::string_view SyntaxErrors::TextAt(size_t i) const {
  const Span span = tokens_.at(i).span();
  return text_.substr(span.begin, span.end - span.begin);
}

void SyntaxErrors::Fail(antlr4::Parser& parser) const {
  const size_t at = parser.getCurrentToken()->getTokenIndex();
  FailOnEqual(at);
  FailOnLayout(at, parser.getExpectedTokens());
  FailOnNeighbours(at);
  const Span span = tokens_.at(at).span();
  const std::string seen(TextAt(at));
  const tok::Type type = TypeAt(at);
  if (type == tok::ELSE || type == tok::ELIF || type == tok::EXCEPT || type == tok::FINALLY) {
    Reject(Kind::ElseWithoutIf, span, seen);
  }
  if (type != tok::NAME && WordType(seen) != tok::NAME) Reject(Kind::ReservedWord, span, seen);
  if (type == tok::COMMA || type == tok::RPAREN || type == tok::RBRACKET || type == tok::RBRACE) {
    Reject(Kind::MissingExpression, span, seen);
  }
  RejectWith(Kind::SyntaxError, span, "`" + seen + "` is not expected here", PythonsWord(seen));
}

// Line ends and blocks, where the mistake is what is not there.
void SyntaxErrors::FailOnLayout(size_t at, const antlr4::misc::IntervalSet& expected) const {
  const Span span = tokens_.at(at).span();
  const tok::Type type = TypeAt(at);
  if (expected.contains(size_t{tok::INDENT}) && type != tok::INDENT)
    Reject(Kind::MissingBlock, span);
  if (type == tok::INDENT) Reject(Kind::UnexpectedIndentation, span);
  const bool colon_only =
      expected.contains(size_t{tok::COLON}) && !expected.contains(size_t{tok::NEWLINE}) &&
      !expected.contains(size_t{tok::RPAREN}) && !expected.contains(size_t{tok::RBRACKET}) &&
      !expected.contains(size_t{tok::RBRACE});
  if (colon_only && (type == tok::NEWLINE || EndsOperand(TypeAt(at - 1))))
    Reject(Kind::MissingColon, span);
  if (type == tok::NEWLINE || type == tok::END) Reject(Kind::UnfinishedLine, span);
}

void SyntaxErrors::FailOnEqual(size_t at) const {
  if (TypeAt(at) == tok::KEYWORD_NAME && (at == 0 || !EndsOperand(TypeAt(at - 1)))) ++at;
  if (TypeAt(at) != tok::EQUAL) return;
  // `f(author.name=1)`: a call's argument, for the comma or the bracket before it follows a call.
  size_t depth = 0;
  for (size_t i = at; i-- > 0;) {
    const tok::Type type = TypeAt(i);
    if (type == tok::RPAREN || type == tok::RBRACKET || type == tok::RBRACE) ++depth;
    if (type != tok::LPAREN && type != tok::LBRACKET && type != tok::LBRACE) continue;
    if (depth-- > 0) continue;
    const bool call = type == tok::LPAREN && i > 0 && EndsOperand(TypeAt(i - 1));
    if (call) Reject(Kind::KeywordNotName, tokens_.at(at).span());
    break;
  }
  Reject(Kind::AssignmentInExpression, tokens_.at(at).span());
}

void SyntaxErrors::FailOnNeighbours(size_t at) const {
  if (at == 0) return;
  const Span span = tokens_.at(at).span();
  const Span before = tokens_.at(at - 1).span();
  const std::string two(text_.substr(before.begin, span.end - before.begin));
  if (two == "&&" || two == "||") {
    RejectWith(Kind::SyntaxError, Span{before.begin, span.end}, "`" + two + "` is not an operator",
               PythonsWord(two));
  }
  if (!EndsOperand(TypeAt(at - 1)) || !BeginsOperand(TypeAt(at))) return;
  const std::string_view name = TextAt(at - 1);
  if (TypeAt(at - 1) == tok::NAME && (name == "print" || name == "exec")) {
    Reject(Kind::PrintStatement, before, std::string(name));
  }
  const bool earlier = !PythonsWord(name).empty();
  RejectWith(Kind::MissingOperator, earlier ? before : span,
             std::string(earlier ? name : TextAt(at)), PythonsWord(earlier ? name : TextAt(at)));
}

}  // namespace ormc::syntax
