#pragma once

#include <string_view>

#include "compiler/syntax/token_stream.h"

namespace ormc::syntax {

// ANTLR's error strategy: never repairs, always leaves the statement with a Rejection in words.
class SyntaxErrors final : public antlr4::ANTLRErrorStrategy {
 public:
  SyntaxErrors(std::string_view text, const TokenStream& tokens) : text_(text), tokens_(tokens) {}

  antlr4::Token* recoverInline(antlr4::Parser* parser) override { Fail(*parser); }
  void recover(antlr4::Parser* parser, std::exception_ptr) override { Fail(*parser); }
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException&) override {
    Fail(*parser);
  }
  void reset(antlr4::Parser*) override {}
  void sync(antlr4::Parser*) override {}
  bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }
  void reportMatch(antlr4::Parser*) override {}

 private:
  [[noreturn]] void Fail(antlr4::Parser& parser) const;
  void FailOnLayout(size_t at, const antlr4::misc::IntervalSet& expected) const;
  void FailOnEqual(size_t at) const;
  void FailOnNeighbours(size_t at) const;

  tok::Type TypeAt(size_t i) const { return tokens_.at(i).type(); }
  std::string_view TextAt(size_t i) const;

  std::string_view text_;
  const TokenStream& tokens_;
};

}  // namespace ormc::syntax
