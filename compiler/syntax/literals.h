// Numbers and strings: from their spelling to their value, exactly as Python reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "compiler/ast/ast.h"
#include "compiler/base/source.h"

namespace ormc::syntax {

struct StringPrefix {
  bool raw = false;
  bool bytes = false;
  bool format = false;
  char quote = '\0';
  uint32_t quote_bytes = 0;    // 1 or 3
  uint32_t opening_bytes = 0;  // letters and quotes

  std::string Quote() const { return std::string(quote_bytes, quote); }
};

// The prefix of the string at `begin` whose letters take `letters` bytes; rejects letters that are
// none.
StringPrefix ReadStringPrefix(std::string_view text, uint32_t begin, uint32_t letters);

// The text between `span`, escapes resolved, line ends as "\n"; of an f-string's text with `{{` as
// `{`.
std::string DecodeText(std::string_view source, Span span, const StringPrefix& prefix);

// Rejects what is no number of Python, and imaginary numbers.
std::variant<ast::IntLiteral, ast::FloatLiteral> ReadNumber(std::string_view source, Span span);

}  // namespace ormc::syntax
