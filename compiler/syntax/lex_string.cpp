#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexer_state.h"

namespace ormc::syntax {

void Lexer::ScanString(uint32_t prefix_bytes) {
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

bool Lexer::ClosesAt(const StringPrefix& string, uint32_t at) const {
  return at < text_.size() && text_[at] == string.quote &&
         text_.substr(at, string.quote_bytes) == string.Quote();
}

bool Lexer::EndsLineOrText(const StringPrefix& string, uint32_t at) const {
  return at >= text_.size() || (string.quote_bytes == 1 && IsLineEnd(text_[at]));
}

void Lexer::ScanText() {
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
      const bool brace = end + 1 < text_.size() && (text_[end + 1] == '{' || text_[end + 1] == '}');
      end += brace || end + 1 >= text_.size() ? 1U : NamedEscapeBytes(end);
    } else {
      ++end;
    }
  }
  if (end > at_) Emit(tok::FSTRING_TEXT, end - at_);
  EndText(string, spec);
}

uint32_t Lexer::NamedEscapeBytes(uint32_t at) const {
  if (text_.substr(at, 3) != "\\N{") return 2;
  const size_t close = text_.find('}', at);
  return close == std::string_view::npos ? 3U : static_cast<uint32_t>(close) + 1 - at;
}

void Lexer::EndText(const StringPrefix& string, bool spec) {
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

size_t Lexer::SpecDepth() const {
  size_t depth = 1;
  while (frames_[frames_.size() - depth].open != Open::kText) ++depth;
  return depth;
}

void Lexer::CheckFStringDepth(uint32_t begin) const {
  size_t depth = 0;
  for (const Frame& frame : frames_) depth += frame.open == Open::kText ? 1 : 0;
  if (depth > limits_.fstring_depth) {
    Reject(Kind::FStringTooDeep, Span{begin, begin + 1}, std::to_string(limits_.fstring_depth));
  }
}

void Lexer::RejectString(uint32_t begin, const StringPrefix& string) {
  Reject(Kind::UnterminatedString, Span{begin, begin + string.opening_bytes}, string.Quote());
}

}  // namespace ormc::syntax
