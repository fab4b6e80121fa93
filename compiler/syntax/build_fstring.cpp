// Strings: adjacent literals are one, and one f-string among them makes all of them an f-string.
#include "compiler/syntax/build_ast.h"
#include "compiler/syntax/literals.h"

namespace ormc::syntax {
namespace {

using generated::OrmParser;

uint32_t LettersBefore(std::string_view text, uint32_t begin) {
  uint32_t end = begin;
  while (text[end] != '"' && text[end] != '\'') ++end;
  return end - begin;
}

Span Inside(Span literal, const StringPrefix& prefix) {
  return Span{literal.begin + prefix.opening_bytes, literal.end - prefix.quote_bytes};
}

}  // namespace

const ast::Expr* AstBuilder::Strings(const Context& context) {
  const Span span = SpanOf(context);
  std::string text;  // not yet part of an f-string's field
  std::vector<ast::FormatPart> parts;
  bool format = false;
  size_t bytes = 0;
  size_t literals = 0;
  for (Children children(context); !children.AtEnd(); ++literals) {
    if (children.Peek() == tok::STRING) {
      const Span literal = children.TakeToken();
      const StringPrefix prefix =
          ReadStringPrefix(text_, literal.begin, LettersBefore(text_, literal.begin));
      bytes += prefix.bytes ? 1 : 0;
      text += DecodeText(text_, Inside(literal, prefix), prefix);
    } else {
      Context& fstring = children.TakeContext();
      const uint32_t begin = SpanOf(fstring).begin;
      format = true;
      FStringParts(Children(fstring), ReadStringPrefix(text_, begin, LettersBefore(text_, begin)),
                   text, parts);
    }
  }
  if (bytes > 0 && bytes < literals) Reject(Kind::MixedBytes, span);
  if (bytes > 0) return Make(span, ast::BytesLiteral{std::move(text)});
  if (!format) return Make(span, ast::StrLiteral{std::move(text)});
  if (!text.empty()) parts.push_back(ast::FormatPart{std::move(text), nullptr, 0, nullptr});
  return Make(span, ast::FString{std::move(parts)});
}

void AstBuilder::FStringParts(Children children, const StringPrefix& prefix, std::string& text,
                              std::vector<ast::FormatPart>& parts) {
  while (!children.AtEnd()) {
    if (children.Peek() == tok::FSTRING_TEXT) {
      text += DecodeText(text_, children.TakeToken(), prefix);
    } else if (children.PeekContext() != nullptr) {
      parts.push_back(Field(children.TakeContext(), prefix, std::move(text)));
      text.clear();
    } else {
      children.TakeToken();
    }
  }
}

ast::FormatPart AstBuilder::Field(const Context& context, const StringPrefix& prefix,
                                  std::string text) {
  Children children(context);
  ast::FormatPart part{std::move(text), nullptr, 0, nullptr};
  const uint32_t begin = children.TakeToken().end;
  part.value = Value(children.TakeContext());
  const bool debug = children.Take(tok::EQUAL);
  // `{value=}` shows its own text, spaces included.
  if (debug) part.literal_before += TextOf(Span{begin, children.Begin()});
  if (children.Take(tok::BANG)) {
    const Span name = children.TakeToken();
    const std::string conversion = TextOf(name);
    if (conversion != "r" && conversion != "s" && conversion != "a") {
      Reject(Kind::InvalidConversion, name, conversion);
    }
    part.conversion = conversion[0];
  }
  if (children.Take(tok::COLON)) {
    const Span empty{children.End(), children.End()};
    part.spec = children.PeekContext() == nullptr ? Make(empty, ast::StrLiteral{})
                                                  : Spec(children.TakeContext(), prefix);
  }
  if (debug && part.conversion == 0 && part.spec == nullptr) part.conversion = 'r';
  return part;
}

const ast::Expr* AstBuilder::Spec(const Context& context, const StringPrefix& prefix) {
  std::string text;
  std::vector<ast::FormatPart> parts;
  FStringParts(Children(context), prefix, text, parts);
  const Span span = SpanOf(context);
  if (parts.empty()) return Make(span, ast::StrLiteral{std::move(text)});
  if (!text.empty()) parts.push_back(ast::FormatPart{std::move(text), nullptr, 0, nullptr});
  return Make(span, ast::FString{std::move(parts)});
}

}  // namespace ormc::syntax
