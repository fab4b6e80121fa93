// The generated parser's base (`superClass` of the grammar): hooks the tree up as antlr4::Parser does,
// but without its three dynamic_casts a rule and its two allocations a token.  Every parent of a context
// is a ParserRuleContext, there are no listeners, an error always throws, and no rule matches the end of
// the input.
#pragma once

#include <deque>

#include "antlr4-runtime.h"

namespace ormc::syntax::generated {

class ParserBase : public antlr4::Parser {
 public:
  using antlr4::Parser::Parser;

  void enterRule(antlr4::ParserRuleContext* context, size_t state, size_t) final {
    setState(state);
    _ctx = context;
    _ctx->start = _input->LT(1);
    if (_ctx->parent != nullptr) _ctx->parent->children.push_back(context);
  }

  // Hides the base's, which is not virtual; the generated parser calls this one.
  void exitRule() {
    _ctx->stop = _input->LT(-1);
    setState(_ctx->invokingState);
    _ctx = static_cast<antlr4::ParserRuleContext*>(_ctx->parent);
  }

  // The labelled alternative's context takes the place of its rule's.
  void enterOuterAlt(antlr4::ParserRuleContext* context, size_t) final {
    constexpr size_t kMostHave = 4;
    if (_ctx != context && _ctx->parent != nullptr) _ctx->parent->children.back() = context;
    _ctx = context;
    _ctx->children.reserve(kMostHave);
  }

  antlr4::Token* match(size_t type) final {
    return _input->LA(1) == type ? consume() : _errHandler->recoverInline(this);
  }

  antlr4::Token* consume() final {
    antlr4::Token* token = _input->LT(1);
    _input->consume();
    _ctx->children.push_back(&tokens_.emplace_back(token));
    return token;
  }

 private:
  std::deque<antlr4::tree::TerminalNodeImpl> tokens_;
};

}  // namespace ormc::syntax::generated
