// The generated parser's base (`superClass` of the grammar): hooks the tree up as antlr4::Parser does,
// but without its casts and allocations.  Every parent of a context is a ParserRuleContext, there are no
// listeners, an error always throws, and no rule matches the end of the input.
//
// A context's children are contexts only: a token is known by its index, which lies between theirs
// (Children in build_ast.h).
#pragma once

#include <utility>

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

  // Without labels an alternative has no context of its own (cmake/UnlabelledGrammar.cmake).
  void enterOuterAlt(antlr4::ParserRuleContext*, size_t) final {}

  antlr4::Token* match(size_t type) final {
    return _input->LA(1) == type ? consume() : _errHandler->recoverInline(this);
  }

  antlr4::Token* consume() final {
    antlr4::Token* token = _input->LT(1);
    _input->consume();
    return token;
  }

 protected:
  // Hides antlrcpp's, which makes a std::function of each rule's end.
  template <class Action>
  static auto finally(Action action) {
    struct Finally {
      Action at_end;
      ~Finally() { at_end(); }
    };
    return Finally{std::move(action)};
  }
};

}  // namespace ormc::syntax::generated
