#include "compiler/syntax/lexer.h"

#include <string>
#include <utility>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/identifiers.h"
#include "compiler/syntax/lexer_state.h"
#include "compiler/syntax/scan_word.h"

namespace ormc::syntax {

std::vector<Lexeme> Lexer::Run() {
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

void Lexer::StartLine() {
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

Indentation Lexer::ReadIndentation() {
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

void Lexer::SetBlock(Indentation indentation, uint32_t begin) {
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

void Lexer::CloseBlocks(Indentation indentation) {
  while (!blocks_.empty() && blocks_.back().columns > indentation.columns) {
    blocks_.pop_back();
    Emit(tok::DEDENT, 0);
  }
}

void Lexer::EndLine() {
  if (tokens_.empty()) return;
  const tok::Type last = tokens_.back().type;
  if (last != tok::NEWLINE && last != tok::INDENT && last != tok::DEDENT) Emit(tok::NEWLINE, 0);
}

void Lexer::SkipLineEnd() {
  at_ += text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2U : 1U;
}

void Lexer::SkipComment() {
  while (at_ < text_.size() && !IsLineEnd(text_[at_])) ++at_;
}

void Lexer::ScanToken() {
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

bool Lexer::IsNumberStart(char c) const {
  const auto digit = [](char d) { return d >= '0' && d <= '9'; };
  return digit(c) || (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]));
}

void Lexer::ScanContinuation() {
  const uint32_t begin = at_++;
  if (at_ >= text_.size() || !IsLineEnd(text_[at_])) {
    Reject(Kind::StrayBackslash, Span{begin, begin + 1});
  }
  SkipLineEnd();
}

void Lexer::ScanWord() {
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

void Lexer::ScanMark() {
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

void Lexer::NameKeyword() {
  const size_t count = tokens_.size();
  if (count < 2 || frames_.empty() || frames_.back().closer != tok::RPAREN) return;
  const tok::Type before = tokens_[count - 2].type;
  if (tokens_[count - 1].type == tok::NAME && (before == tok::LPAREN || before == tok::COMMA)) {
    tokens_[count - 1].type = tok::KEYWORD_NAME;
  }
}

void Lexer::OpenBracket(tok::Type closer) {
  const tok::Type opener = closer == tok::RPAREN     ? tok::LPAREN
                           : closer == tok::RBRACKET ? tok::LBRACKET
                                                     : tok::LBRACE;
  Push(Frame{Open::kBracket, closer, at_});
  Emit(opener, 1);
}

void Lexer::CloseBracket(tok::Type closer) {
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

void Lexer::Push(const Frame& frame) {
  frames_.push_back(frame);
  CheckDepth(0);
}

void Lexer::CheckDepth(uint32_t lambdas) const {
  size_t depth = frames_.size() + lambdas;
  if (lambdas > 0) {
    for (const Frame& frame : frames_) depth += &frame == &frames_.back() ? 0 : frame.lambdas;
  }
  if (depth > limits_.nesting_depth) RejectDepth(Span{at_, at_ + 1});
}

void Lexer::RejectDepth(Span span) const {
  Reject(Kind::NestedTooDeep, span, std::to_string(limits_.nesting_depth));
}

void Lexer::RejectOpen() const {
  const bool spec = frames_.back().open == Open::kSpec;  // it belongs to the field below it
  const Frame& frame = frames_[frames_.size() - (spec ? 2 : 1)];
  if (frame.open == Open::kText) RejectString(frame.begin, frame.string);
  Reject(Kind::UnclosedBracket, BeginOf(frame), std::string(text_.substr(frame.begin, 1)));
}

void Lexer::Widen(tok::Type type, uint32_t end) {
  tokens_.back().type = type;
  tokens_.back().span.end = end;
  at_ = end;
}

std::vector<Lexeme> Tokenize(std::string_view text, const Limits& limits) {
  return Lexer(text, limits).Run();
}

}  // namespace ormc::syntax
