#include "compiler/syntax/refused_blocks.h"

#include <algorithm>

namespace ormc::syntax {
namespace {

bool IsOneLine(tok::Type type) {
  return type == tok::RETURN || type == tok::RAISE || type == tok::DEL || type == tok::GLOBAL ||
         type == tok::NONLOCAL || type == tok::ASSERT || type == tok::BREAK ||
         type == tok::CONTINUE || type == tok::TYPE;
}

bool HasBlock(tok::Type type) {
  return type == tok::WHILE || type == tok::DEF || type == tok::CLASS || type == tok::WITH ||
         type == tok::TRY || type == tok::ASYNC || type == tok::AT || type == tok::MATCH;
}

// Whether the block that begins with `next` belongs to the statement whose block began with `before`.
bool Continues(tok::Type before, tok::Type next) {
  if (before == tok::AT) {
    return next == tok::AT || next == tok::DEF || next == tok::CLASS || next == tok::ASYNC;
  }
  return next == tok::EXCEPT || next == tok::FINALLY || next == tok::ELSE || next == tok::ELIF;
}

class Dropper {
 public:
  Dropper(std::string_view text, const std::vector<Lexeme>& tokens)
      : text_(text), tokens_(tokens) {}

  std::vector<Lexeme> Run() {
    out_.reserve(tokens_.size());
    bool at_start = true;
    for (at_ = 0; at_ < tokens_.size();) {
      const tok::Type type = at_start ? StatementType() : tokens_[at_].type;
      if (at_start && (IsOneLine(type) || HasBlock(type))) {
        Drop(type);
        at_start = out_.back().type == tok::NEWLINE;
        continue;
      }
      depth_ += Nesting(tokens_[at_].type);
      at_start = type == tok::NEWLINE || type == tok::INDENT || type == tok::DEDENT ||
                 (depth_ == 0 && (type == tok::SEMICOLON || type == tok::COLON));
      out_.push_back(tokens_[at_++]);
    }
    return std::move(out_);
  }

 private:
  static int Nesting(tok::Type type) {
    if (type == tok::LPAREN || type == tok::LBRACKET || type == tok::LBRACE) return 1;
    return type == tok::RPAREN || type == tok::RBRACKET || type == tok::RBRACE ? -1 : 0;
  }

  tok::Type TypeAt(size_t i) const { return i < tokens_.size() ? tokens_[i].type : tok::END; }
  std::string_view TextAt(size_t i) const {
    const Span span = tokens_[i].span;
    return text_.substr(span.begin, span.end - span.begin);
  }

  tok::Type StatementType() const {
    const tok::Type type = tokens_[at_].type;
    if (type != tok::NAME) return type;
    if (TextAt(at_) == "type" && TypeAt(at_ + 1) == tok::NAME) return tok::TYPE;
    if (TextAt(at_) != "match") return type;
    // `match` is a keyword only where `:` ends the line and `case` begins the block.
    size_t end = at_;
    while (TypeAt(end) != tok::NEWLINE && TypeAt(end) != tok::END) ++end;
    const bool block = end > at_ + 1 && TypeAt(end - 1) == tok::COLON &&
                       TypeAt(end + 1) == tok::INDENT && TypeAt(end + 2) == tok::NAME &&
                       TextAt(end + 2) == "case";
    return block ? tok::MATCH : type;
  }

  void Drop(tok::Type type) {
    out_.push_back(Lexeme{type, tokens_[at_].span});
    const size_t begin = ++at_;
    if (IsOneLine(type)) {
      SkipSimple();
    } else {
      tok::Type before = type;
      SkipBlock();
      while (Continues(before, TypeAt(at_))) {
        before = TypeAt(at_);
        SkipBlock();
      }
      // The NEWLINE that ends the statement is a copy where the block's own is inside of it.
      if (TypeAt(at_) != tok::NEWLINE) {
        PushSkipped(begin, at_);
        out_.push_back(Lexeme{tok::NEWLINE, Span{out_.back().span.end, out_.back().span.end}});
        return;
      }
    }
    PushSkipped(begin, at_);
  }

  void PushSkipped(size_t begin, size_t end) {
    if (end > begin)
      out_.push_back(
          Lexeme{tok::SKIPPED, Span{tokens_[begin].span.begin, tokens_[end - 1].span.end}});
  }

  void SkipSimple() {
    int depth = 0;
    while (TypeAt(at_) != tok::NEWLINE && TypeAt(at_) != tok::END) {
      if (depth == 0 && TypeAt(at_) == tok::SEMICOLON) return;
      depth += Nesting(TypeAt(at_++));
    }
  }

  // A logical line and the block below it.
  void SkipBlock() {
    while (TypeAt(at_) != tok::NEWLINE && TypeAt(at_) != tok::END) ++at_;
    if (TypeAt(at_) == tok::NEWLINE) ++at_;
    if (TypeAt(at_) != tok::INDENT) return;
    int depth = 0;
    do {
      depth += TypeAt(at_) == tok::INDENT ? 1 : TypeAt(at_) == tok::DEDENT ? -1 : 0;
      ++at_;
    } while (depth > 0 && TypeAt(at_) != tok::END);
  }

  std::string_view text_;
  const std::vector<Lexeme>& tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  std::vector<Lexeme> out_;
};

}  // namespace

std::vector<Lexeme> DropRefusedBlocks(std::string_view text, const std::vector<Lexeme>& tokens) {
  return Dropper(text, tokens).Run();
}

}  // namespace ormc::syntax
