// The lexer's tokens as ANTLR's parser wants them: one vector, no buffering, no text.
#pragma once

#include <string>
#include <vector>

#include "antlr4-runtime.h"
#include "compiler/syntax/lexer.h"

namespace ormc::syntax {

class StreamToken final : public antlr4::Token {
 public:
  StreamToken(Lexeme lexeme, size_t index) : lexeme_(lexeme), index_(index) {}

  tok::Type type() const { return lexeme_.type; }
  Span span() const { return lexeme_.span; }

  size_t getType() const override {
    return lexeme_.type == tok::END ? antlr4::Token::EOF : size_t{lexeme_.type};
  }
  size_t getTokenIndex() const override { return index_; }
  size_t getStartIndex() const override { return lexeme_.span.begin; }
  size_t getStopIndex() const override { return lexeme_.span.end; }
  std::string getText() const override { return {}; }
  std::string toString() const override { return {}; }
  size_t getLine() const override { return 0; }
  size_t getCharPositionInLine() const override { return 0; }
  size_t getChannel() const override { return DEFAULT_CHANNEL; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }

 private:
  Lexeme lexeme_;
  size_t index_;
};

class TokenStream final : public antlr4::TokenStream {
 public:
  explicit TokenStream(const std::vector<Lexeme>& tokens);

  const StreamToken& at(size_t i) const { return tokens_[i]; }
  tok::Type type() const { return tokens_[index_].type(); }

  void consume() override { index_ += index_ + 1 < tokens_.size() ? 1 : 0; }
  // The parser only ever asks for the next.
  size_t LA(ssize_t offset) override {
    return offset == 1 ? tokens_[index_].getType() : LT(offset)->getType();
  }
  antlr4::Token* LT(ssize_t offset) override;
  antlr4::Token* get(size_t i) const override;
  size_t index() override { return index_; }
  void seek(size_t i) override { index_ = i; }
  size_t size() override { return tokens_.size(); }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::string getSourceName() const override { return {}; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

 private:
  std::vector<StreamToken> tokens_;
  size_t index_ = 0;
};

}  // namespace ormc::syntax
