#include "compiler/syntax/lexer.h"

#include <string>
#include <utility>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/identifiers.h"
#include "compiler/syntax/literals.h"
#include "compiler/syntax/scan_word.h"

namespace ormc::syntax {
namespace {

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

  std::vector<Lexeme> Run() {
    while (true) {
      if (frames_.empty() && at_line_start_) StartLine();
      if (at_ >= text_.size()) break;
      if (InText()) {
        ScanText();
      } else {
        ScanToken();
      }
    }
    if (!frames_.empty()) RejectOpen();
    EndLine();
    CloseBlocks(Indentation{0, 0});
    Emit(tok::END, 0);
    return std::move(tokens_);
  }

 private:
  // ---- lines and blocks

  void StartLine() {
    while (true) {
      const uint32_t begin = at_;
      const Indentation indentation = ReadIndentation();
      const char c = Peek();
      if (at_ >= text_.size()) return;
      if (c == '#') SkipComment();
      if (at_ < text_.size() && IsLineEnd(Peek())) {
        SkipLineEnd();
        continue;
      }
      if (c == '#') return;
      at_line_start_ = false;
      SetBlock(indentation, begin);
      return;
    }
  }

  Indentation ReadIndentation() {
    Indentation indentation{0, 0};
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ' ') {
        ++indentation.columns;
        ++indentation.characters;
      } else if (c == '\t') {
        indentation.columns = (indentation.columns / 8 + 1) * 8;
        ++indentation.characters;
      } else if (c == '\f') {
        indentation = Indentation{0, 0};
      } else {
        break;
      }
    }
    return indentation;
  }

  void SetBlock(Indentation indentation, uint32_t begin) {
    const Indentation current = blocks_.empty() ? Indentation{0, 0} : blocks_.back();
    if (indentation == current) return;
    const Span span{begin, at_};
    const bool deeper = indentation.columns > current.columns;
    if (deeper != (indentation.characters > current.characters)) Reject(Kind::MixedTabs, span);
    if (deeper) {
      if (blocks_.size() >= limits_.nesting_depth) RejectDepth(span);
      blocks_.push_back(indentation);
      tokens_.push_back(Lexeme{tok::INDENT, span});
      return;
    }
    CloseBlocks(indentation);
    if (!(indentation == (blocks_.empty() ? Indentation{0, 0} : blocks_.back()))) {
      Reject(Kind::UnmatchedIndentation, span);
    }
  }

  void CloseBlocks(Indentation indentation) {
    while (!blocks_.empty() && blocks_.back().columns > indentation.columns) {
      blocks_.pop_back();
      Emit(tok::DEDENT, 0);
    }
  }

  void EndLine() {
    if (tokens_.empty()) return;
    const tok::Type last = tokens_.back().type;
    if (last != tok::NEWLINE && last != tok::INDENT && last != tok::DEDENT) Emit(tok::NEWLINE, 0);
  }

  static bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

  void SkipLineEnd() {
    at_ += text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2U : 1U;
  }

  void SkipComment() {
    while (at_ < text_.size() && !IsLineEnd(text_[at_])) ++at_;
  }

  // ---- tokens

  void ScanToken() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\f') {
      ++at_;
    } else if (IsLineEnd(c)) {
      if (frames_.empty()) {
        EndLine();
        at_line_start_ = true;
      }
      SkipLineEnd();
    } else if (c == '#') {
      SkipComment();
    } else if (c == '\\') {
      ScanContinuation();
    } else if (c == '"' || c == '\'') {
      ScanString(0);
    } else if (IsWordStart(c)) {
      ScanWord();
    } else if (IsNumberStart(c)) {
      Emit(tok::NUMBER, NumberBytes(text_.substr(at_)));
    } else {
      ScanMark();
    }
  }

  bool IsNumberStart(char c) const {
    const auto digit = [](char d) { return d >= '0' && d <= '9'; };
    return digit(c) || (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]));
  }

  void ScanContinuation() {
    const uint32_t begin = at_++;
    if (at_ >= text_.size() || !IsLineEnd(text_[at_])) {
      Reject(Kind::StrayBackslash, Span{begin, begin + 1});
    }
    SkipLineEnd();
  }

  void ScanWord() {
    uint32_t end = at_ + 1;
    while (end < text_.size() && IsWordPart(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    const tok::Type type = WordType(word);
    if (type == tok::NAME) {
      const bool quoted = end < text_.size() && (text_[end] == '"' || text_[end] == '\'');
      if (quoted && word.size() <= 2) return ScanString(end - at_);
      CheckIdentifier(word, at_);
    }
    switch (type) {  // NOLINT: only the words that depend on their neighbours
      case tok::IN:
        if (LastIs(tok::NOT)) return Widen(tok::NOT_IN, end);
        break;
      case tok::NOT:
        if (LastIs(tok::IS)) return Widen(tok::IS_NOT, end);
        break;
      case tok::FOR:
        if (!frames_.empty()) frames_.back().in_comprehension = true;
        break;
      case tok::IF:
        if (!frames_.empty() && frames_.back().in_comprehension) {
          return Emit(tok::COMPREHENSION_IF, end - at_);
        }
        break;
      case tok::LAMBDA:
        CheckDepth(++(frames_.empty() ? lambdas_ : frames_.back().lambdas));
        break;
      default:
        break;
    }
    Emit(type, end - at_);
  }

  void ScanMark() {
    Mark mark = MarkAt(text_.substr(at_));
    if (mark.bytes == 0) RejectCharacter(text_, at_);
    // In `{value:=10}` of an f-string the colon ends the value.
    if (mark.type == tok::WALRUS && InField()) mark = Mark{tok::COLON, 1};
    switch (mark.type) {  // NOLINT: only the marks that open, close or name
      case tok::LPAREN:
        return OpenBracket(tok::RPAREN);
      case tok::LBRACKET:
        return OpenBracket(tok::RBRACKET);
      case tok::LBRACE:
        return OpenBracket(tok::RBRACE);
      case tok::RPAREN:
      case tok::RBRACKET:
      case tok::RBRACE:
        return CloseBracket(mark.type);
      case tok::EQUAL:
        NameKeyword();
        break;
      case tok::COLON:
        if (InField()) {
          Emit(tok::COLON, 1);
          Push(Frame{Open::kSpec, tok::END, at_});
          return;
        }
        break;
      default:
        break;
    }
    if (frames_.empty() && mark.type == tok::SEMICOLON) lambdas_ = 0;
    Emit(mark.type, mark.bytes);
  }

  // `f(name=`, `f(a, name=`: known here, so that the grammar decides by one token.
  void NameKeyword() {
    const size_t count = tokens_.size();
    if (count < 2 || frames_.empty() || frames_.back().closer != tok::RPAREN) return;
    const tok::Type before = tokens_[count - 2].type;
    if (tokens_[count - 1].type == tok::NAME && (before == tok::LPAREN || before == tok::COMMA)) {
      tokens_[count - 1].type = tok::KEYWORD_NAME;
    }
  }

  void OpenBracket(tok::Type closer) {
    const tok::Type opener = closer == tok::RPAREN     ? tok::LPAREN
                             : closer == tok::RBRACKET ? tok::LBRACKET
                                                       : tok::LBRACE;
    Push(Frame{Open::kBracket, closer, at_});
    Emit(opener, 1);
  }

  void CloseBracket(tok::Type closer) {
    const Span span{at_, at_ + 1};
    const std::string mark(text_.substr(at_, 1));
    if (frames_.empty()) Reject(Kind::UnmatchedBracket, span, mark);
    const Frame& frame = frames_.back();
    if (frame.closer != closer) {
      Reject(Kind::MismatchedBracket, span, mark, std::string(text_.substr(frame.begin, 1)),
             std::to_string(PositionOf(text_, frame.begin).line));
    }
    frames_.pop_back();
    Emit(closer, 1);
  }

  // ---- strings

  void ScanString(uint32_t prefix_bytes) {
    const uint32_t begin = at_;
    const StringPrefix string = ReadStringPrefix(text_, begin, prefix_bytes);
    if (string.format) {
      Push(Frame{Open::kText, tok::END, begin, false, 0, string});
      CheckFStringDepth(begin);
      Emit(tok::FSTRING_START, string.opening_bytes);
      return;
    }
    uint32_t end = begin + string.opening_bytes;
    while (!ClosesAt(string, end)) {
      if (EndsLineOrText(string, end)) RejectString(begin, string);
      end += text_[end] == '\\' ? 1U : 0U;  // in raw strings too, the next character does not close
      if (end < text_.size()) ++end;
    }
    Emit(tok::STRING, end + string.quote_bytes - begin);
  }

  bool ClosesAt(const StringPrefix& string, uint32_t at) const {
    return text_.substr(at, string.quote_bytes) == string.Quote();
  }

  bool EndsLineOrText(const StringPrefix& string, uint32_t at) const {
    return at >= text_.size() || (string.quote_bytes == 1 && IsLineEnd(text_[at]));
  }

  bool InText() const {
    return !frames_.empty() &&
           (frames_.back().open == Open::kText || frames_.back().open == Open::kSpec);
  }
  bool InField() const { return !frames_.empty() && frames_.back().open == Open::kField; }

  // Text of an f-string up to its next field or its end; of a format spec up to the field's end.
  void ScanText() {
    const bool spec = frames_.back().open == Open::kSpec;
    const Frame& holder = frames_[frames_.size() - (spec ? SpecDepth() : 1)];
    const StringPrefix string = holder.string;
    uint32_t end = at_;
    while (!ClosesAt(string, end)) {
      if (EndsLineOrText(string, end)) {
        RejectString(holder.begin, string);
      }
      const char c = text_[end];
      const bool doubled = !spec && end + 1 < text_.size() && text_[end + 1] == c;
      if (c == '{' || c == '}') {
        if (!doubled) break;
        end += 2;
      } else if (c == '\\' && !string.raw) {
        const bool brace =
            end + 1 < text_.size() && (text_[end + 1] == '{' || text_[end + 1] == '}');
        end += brace || end + 1 >= text_.size() ? 1U : NamedEscapeBytes(end);
      } else {
        ++end;
      }
    }
    if (end > at_) Emit(tok::FSTRING_TEXT, end - at_);
    EndText(string, spec);
  }

  // `\N{name}` has braces that are no field; every other escape is two bytes here.
  uint32_t NamedEscapeBytes(uint32_t at) const {
    if (text_.substr(at, 3) != "\\N{") return 2;
    const size_t close = text_.find('}', at);
    return close == std::string_view::npos ? 3U : static_cast<uint32_t>(close) + 1 - at;
  }

  void EndText(const StringPrefix& string, bool spec) {
    const Span span{at_, at_ + 1};
    if (text_[at_] == '{') {
      Push(Frame{Open::kField, tok::RBRACE, at_});
      Emit(tok::LBRACE, 1);
    } else if (text_[at_] == '}') {
      if (!spec) Reject(Kind::SingleBrace, span);
      frames_.pop_back();
      frames_.pop_back();
      Emit(tok::RBRACE, 1);
    } else {
      if (spec) Reject(Kind::UnclosedBracket, BeginOf(frames_[frames_.size() - 2]), "{");
      frames_.pop_back();
      Emit(tok::FSTRING_END, string.quote_bytes);
    }
  }

  // How far below the top the f-string lies that a format spec (of a spec, ...) belongs to.
  size_t SpecDepth() const {
    size_t depth = 1;
    while (frames_[frames_.size() - depth].open != Open::kText) ++depth;
    return depth;
  }

  // ---- limits and errors

  void Push(const Frame& frame) {
    frames_.push_back(frame);
    CheckDepth(0);
  }

  void CheckDepth(uint32_t lambdas) const {
    size_t depth = frames_.size() + lambdas;
    if (lambdas > 0) {
      for (const Frame& frame : frames_) depth += &frame == &frames_.back() ? 0 : frame.lambdas;
    }
    if (depth > limits_.nesting_depth) RejectDepth(Span{at_, at_ + 1});
  }

  void RejectDepth(Span span) const {
    Reject(Kind::NestedTooDeep, span, std::to_string(limits_.nesting_depth));
  }

  void CheckFStringDepth(uint32_t begin) const {
    size_t depth = 0;
    for (const Frame& frame : frames_) depth += frame.open == Open::kText ? 1 : 0;
    if (depth > limits_.fstring_depth) {
      Reject(Kind::FStringTooDeep, Span{begin, begin + 1}, std::to_string(limits_.fstring_depth));
    }
  }

  [[noreturn]] void RejectOpen() const {
    const bool spec = frames_.back().open == Open::kSpec;  // it belongs to the field below it
    const Frame& frame = frames_[frames_.size() - (spec ? 2 : 1)];
    if (frame.open == Open::kText) RejectString(frame.begin, frame.string);
    Reject(Kind::UnclosedBracket, BeginOf(frame), std::string(text_.substr(frame.begin, 1)));
  }

  [[noreturn]] static void RejectString(uint32_t begin, const StringPrefix& string) {
    Reject(Kind::UnterminatedString, Span{begin, begin + string.opening_bytes}, string.Quote());
  }

  static Span BeginOf(const Frame& frame) { return Span{frame.begin, frame.begin + 1}; }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool LastIs(tok::Type type) const { return !tokens_.empty() && tokens_.back().type == type; }

  void Emit(tok::Type type, uint32_t bytes) {
    tokens_.push_back(Lexeme{type, Span{at_, at_ + bytes}});
    at_ += bytes;
  }

  // The last token and the word that ends at `end` are one operator.
  void Widen(tok::Type type, uint32_t end) {
    tokens_.back().type = type;
    tokens_.back().span.end = end;
    at_ = end;
  }

  std::string_view text_;
  const Limits& limits_;
  uint32_t at_ = 0;
  bool at_line_start_ = true;
  uint32_t lambdas_ = 0;  // outside brackets
  std::vector<Indentation> blocks_;
  std::vector<Frame> frames_;
  std::vector<Lexeme> tokens_;
};

}  // namespace

std::vector<Lexeme> Tokenize(std::string_view text, const Limits& limits) {
  return Lexer(text, limits).Run();
}

}  // namespace ormc::syntax
