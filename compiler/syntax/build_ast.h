// Parse tree -> AST.  One class over four files: build_statement.cpp, build_expression.cpp
// (precedence), build_atom.cpp (atoms, calls, subscripts, comprehensions), build_fstring.cpp
// (strings).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "OrmParser.h"
#include "compiler/ast/ast.h"
#include "compiler/base/limits.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/token_stream.h"

namespace ormc::syntax {

using Context = antlr4::ParserRuleContext;

// The children of a context from left to right: its contexts, and the tokens before, between and behind
// them.  Each rule of the grammar takes at least one token, so a context begins where its first one is.
class Children {
 public:
  explicit Children(const Context& parent)
      : contexts_(parent.children),
        tokens_(static_cast<const StreamToken*>(parent.start) - parent.start->getTokenIndex()),
        token_(parent.start->getTokenIndex()),
        end_(parent.stop->getTokenIndex() + 1) {}

  bool AtEnd() const { return token_ >= end_; }
  // The token that is next; END where a context or nothing is.
  tok::Type Peek() const {
    return AtEnd() || PeekContext() != nullptr ? tok::END : tokens_[token_].type();
  }
  // The context that is next, or null.
  Context* PeekContext() const {
    if (context_ >= contexts_.size()) return nullptr;
    auto* context = static_cast<Context*>(contexts_[context_]);
    return context->start == &tokens_[token_] ? context : nullptr;
  }
  bool PeekRule(size_t rule) const {
    const Context* context = PeekContext();
    return context != nullptr && context->getRuleIndex() == rule;
  }

  bool Take(tok::Type type) {
    if (Peek() != type) return false;
    TakeToken();
    return true;
  }
  Span TakeToken() {
    last_ = tokens_[token_++].span();
    return last_;
  }
  Context& TakeContext() {
    Context& context = *PeekContext();
    last_ = static_cast<const StreamToken*>(context.stop)->span();
    token_ = context.stop->getTokenIndex() + 1;
    ++context_;
    return context;
  }

  // Where the next child begins, and where the last one taken ended.
  uint32_t Begin() const { return AtEnd() ? last_.end : tokens_[token_].span().begin; }
  uint32_t End() const { return last_.end; }

 private:
  const std::vector<antlr4::tree::ParseTree*>& contexts_;
  const StreamToken* tokens_;  // of the whole stream: they are in one array
  size_t token_;               // the next
  size_t end_;
  size_t context_ = 0;  // the next
  Span last_{};
};

inline tok::Type FirstType(const Context& context) {
  return static_cast<const StreamToken*>(context.start)->type();
}
inline Span SpanOf(const Context& context) {
  return Span{static_cast<const StreamToken*>(context.start)->span().begin,
              static_cast<const StreamToken*>(context.stop)->span().end};
}

class AstBuilder {
 public:
  AstBuilder(std::string_view text, const Limits& limits, ast::Module& module)
      : text_(text), limits_(limits), module_(module) {}

  // A line may hold several statements.
  void Statement(const Context& context, std::vector<const ast::Stmt*>& out);

  // After a rejection: nothing is above the next statement.
  void Forget() { depth_ = chain_ = 0; }

 private:
  friend class Climber;

  // build_statement.cpp
  void Line(Children children, std::vector<const ast::Stmt*>& out);
  const ast::Stmt* Simple(const Context& context);
  const ast::Stmt* Evaluate(const Context& context);
  const ast::Stmt* ImportModules(const Context& context);
  const ast::Stmt* ImportNames(const Context& context);
  const ast::Stmt* RefusedStatement(const Context& context);
  const ast::Stmt* For(const Context& context);
  const ast::Stmt* If(Children& children, uint32_t begin);
  std::vector<const ast::Stmt*> Suite(const Context& context);
  void ImportedNames(Children& children, std::vector<ast::ImportedName>& out);
  void CheckTarget(const ast::Expr& target, bool several);

  // build_expression.cpp
  const ast::Expr* Expression(const Context& context);
  ast::Lambda LambdaHead(const Context& context);

  // build_atom.cpp
  const ast::Expr* Value(const Context& context);  // `value`, `items`, `yield`
  const ast::Expr* Items(const Context& context);  // a tuple where a comma stands
  const ast::Expr* Item(const Context& context, bool may_be_starred);
  const ast::Expr* Walrus(uint32_t begin, const ast::Expr* target, const Context& value);
  const ast::Expr* Yield(const Context& context);
  const ast::Expr* Atom(const Context& context);
  const ast::Expr* Parenthesis(const Context& context);
  const ast::Expr* List(const Context& context);
  const ast::Expr* Braces(const Context& context);
  const ast::Expr* Trailer(const Context& context, const ast::Expr* value, uint32_t begin);
  ast::Argument Argument(const Context& context, bool alone, Span call);
  void CheckArguments(const std::vector<ast::Argument>& arguments);
  const ast::Expr* Subscript(const Context& context);
  const ast::Expr* SubscriptElement(const Context& context);
  const ast::Expr* Target(const Context& context);
  const ast::Expr* Targets(const Context& context);
  const ast::Expr* Comprehension(ast::ComprehensionKind kind, Span span, const ast::Expr* element,
                                 const ast::Expr* value, Children& children);
  ast::ComprehensionFor ComprehensionClause(const Context& context);
  std::vector<const ast::Expr*> Elements(Children& children, bool* comma);

  // build_fstring.cpp
  const ast::Expr* Strings(const Context& context);
  void FStringParts(Children children, const struct StringPrefix& prefix, std::string& text,
                    std::vector<ast::FormatPart>& parts);
  ast::FormatPart Field(const Context& context, const struct StringPrefix& prefix,
                        std::string text);
  const ast::Expr* Spec(const Context& context, const struct StringPrefix& prefix);

  // An item where none is needed is a comma's mistake: `f(a,,b)`.
  void SkipComma(Children& children, tok::Type closer);

  std::string TextOf(Span span) const {
    return std::string(text_.substr(span.begin, span.end - span.begin));
  }
  std::string NameOf(Span span) const;

  template <class Node>
  const ast::Expr* Make(Span span, Node node) {
    CountNode(span);
    return module_.Make(span, std::move(node));
  }
  template <class Node>
  const ast::Stmt* MakeStmt(Span span, Node node) {
    CountNode(span);
    return module_.MakeStmt(span, std::move(node));
  }
  void CountNode(Span span) const {
    if (module_.node_count() >= limits_.ast_nodes) {
      Reject(Kind::TooManyNodes, span, std::to_string(limits_.ast_nodes));
    }
  }

  std::string_view text_;
  const Limits& limits_;
  ast::Module& module_;
  size_t depth_ =
      0;  // of the AST above what is being built: brackets, prefixes, conditionals, blocks
  size_t chain_ = 0;  // of the left-leaning chains above it
};

// One more level of `depth` while it lives.
class Deeper {
 public:
  Deeper(size_t& depth, size_t limit, Span at) : depth_(depth) {
    if (depth_ >= limit) Reject(Kind::NestedTooDeep, at, std::to_string(limit));
    ++depth_;
  }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  ~Deeper() { --depth_; }

 private:
  size_t& depth_;
};

}  // namespace ormc::syntax
