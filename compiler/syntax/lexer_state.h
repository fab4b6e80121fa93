// The lexer's state: lexer.cpp has lines, blocks and tokens, lex_string.cpp strings and f-strings.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/base/source.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/literals.h"
#include "token_kinds.h"

namespace ormc::syntax {

// What is open: a bracket, or a part of an f-string.  In kText and kSpec characters are text, not
// tokens.
enum class Open : uint8_t { kBracket, kText, kField, kSpec };

struct Frame {
  Open open;
  tok::Type closer;               // of a bracket or a field
  uint32_t begin;                 // of the opening mark
  bool in_comprehension = false;  // a `for` has been seen in this bracket
  uint32_t lambdas = 0;           // each nests, though it has no bracket
  StringPrefix string{};          // of kText
};

struct Indentation {
  uint32_t columns;     // with tabs of eight columns
  uint32_t characters;  // with tabs of one: both must agree, as in Python
  friend bool operator==(Indentation, Indentation) = default;
};

class Lexer {
 public:
  Lexer(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {
    tokens_.reserve(text.size() / 3 + 8);
  }

  std::vector<Lexeme> Run();

 private:
  // ---- lines and blocks

  void StartLine();
  Indentation ReadIndentation();
  void SetBlock(Indentation indentation, uint32_t begin);
  void CloseBlocks(Indentation indentation);
  void EndLine();
  static bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }
  void SkipLineEnd();
  void SkipComment();

  // ---- tokens

  void ScanToken();
  bool IsNumberStart(char c) const;
  void ScanContinuation();
  void ScanWord();
  void ScanMark();

  // `f(name=`, `f(a, name=`: known here, so that the grammar decides by one token.
  void NameKeyword();
  void OpenBracket(tok::Type closer);
  void CloseBracket(tok::Type closer);

  // ---- strings

  void ScanString(uint32_t prefix_bytes);
  bool ClosesAt(const StringPrefix& string, uint32_t at) const;
  bool EndsLineOrText(const StringPrefix& string, uint32_t at) const;

  bool InText() const {
    return !frames_.empty() &&
           (frames_.back().open == Open::kText || frames_.back().open == Open::kSpec);
  }
  bool InField() const { return !frames_.empty() && frames_.back().open == Open::kField; }

  // Text of an f-string up to its next field or its end; of a format spec up to the field's end.
  void ScanText();

  // `\N{name}` has braces that are no field; every other escape is two bytes here.
  uint32_t NamedEscapeBytes(uint32_t at) const;
  void EndText(const StringPrefix& string, bool spec);

  // How far below the top the f-string lies that a format spec (of a spec, ...) belongs to.
  size_t SpecDepth() const;

  // ---- limits and errors

  void Push(const Frame& frame);
  void CheckDepth(uint32_t lambdas) const;
  void RejectDepth(Span span) const;
  void CheckFStringDepth(uint32_t begin) const;
  [[noreturn]] void RejectOpen() const;
  [[noreturn]] static void RejectString(uint32_t begin, const StringPrefix& string);

  static Span BeginOf(const Frame& frame) { return Span{frame.begin, frame.begin + 1}; }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool LastIs(tok::Type type) const { return !tokens_.empty() && tokens_.back().type == type; }

  void Emit(tok::Type type, uint32_t bytes) {
    tokens_.push_back(Lexeme{type, Span{at_, at_ + bytes}});
    at_ += bytes;
  }

  // The last token and the word that ends at `end` are one operator.
  void Widen(tok::Type type, uint32_t end);

  std::string_view text_;
  const Limits& limits_;
  uint32_t at_ = 0;
  bool at_line_start_ = true;
  uint32_t lambdas_ = 0;  // outside brackets
  std::vector<Indentation> blocks_;
  std::vector<Frame> frames_;
  std::vector<Lexeme> tokens_;
};

}  // namespace ormc::syntax
