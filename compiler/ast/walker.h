// One total walk: the children of a node from left to right.  An alternative without its case does
// not compile.
#pragma once

#include <variant>

#include "compiler/ast/ast.h"
#include "compiler/base/check.h"

namespace ormc::ast {

// Calls visit(const Expr&) for each expression directly below `expr`.
template <class Visit>
void ForEachChild(const Expr& expr, Visit&& visit) {
  const auto maybe = [&](const Expr* child) {
    if (child != nullptr) visit(*child);
  };
  const auto all = [&](const std::vector<const Expr*>& children) {
    for (const Expr* child : children) visit(*child);
  };
  std::visit(Overloaded{
                 [](const NoneLiteral&) {},
                 [](const BoolLiteral&) {},
                 [](const IntLiteral&) {},
                 [](const FloatLiteral&) {},
                 [](const StrLiteral&) {},
                 [](const BytesLiteral&) {},
                 [](const EllipsisLiteral&) {},
                 [](const Name&) {},
                 [&](const FString& node) {
                   for (const FormatPart& part : node.parts) {
                     maybe(part.value);
                     maybe(part.spec);
                   }
                 },
                 [&](const Attribute& node) { visit(*node.value); },
                 [&](const Subscript& node) {
                   visit(*node.value);
                   visit(*node.index);
                 },
                 [&](const Slice& node) {
                   maybe(node.lower);
                   maybe(node.upper);
                   maybe(node.step);
                 },
                 [&](const Call& node) {
                   visit(*node.function);
                   for (const Argument& argument : node.arguments) visit(*argument.value);
                 },
                 [&](const Unary& node) { visit(*node.operand); },
                 [&](const Binary& node) {
                   visit(*node.left);
                   visit(*node.right);
                 },
                 [&](const BoolChain& node) { all(node.operands); },
                 [&](const Comparison& node) {
                   visit(*node.first);
                   for (const auto& [op, right] : node.rest) visit(*right);
                 },
                 [&](const Conditional& node) {
                   visit(*node.body);
                   visit(*node.test);
                   visit(*node.otherwise);
                 },
                 [&](const Display& node) { all(node.items); },
                 [&](const Dict& node) {
                   for (const auto& [key, value] : node.items) {
                     maybe(key);
                     visit(*value);
                   }
                 },
                 [&](const Starred& node) { visit(*node.value); },
                 [&](const Comprehension& node) {
                   visit(*node.element);
                   maybe(node.value);
                   for (const ComprehensionFor& clause : node.clauses) {
                     visit(*clause.target);
                     visit(*clause.iterable);
                     all(clause.conditions);
                   }
                 },
                 [&](const Lambda& node) { visit(*node.body); },
                 [&](const Walrus& node) {
                   visit(*node.target);
                   visit(*node.value);
                 },
                 [&](const Await& node) { visit(*node.value); },
                 [&](const Yield& node) { maybe(node.value); },
             },
             expr.node);
}

// Calls statement(const Stmt&) and expression(const Expr&) for what is directly below `stmt`.
template <class Statement, class Expression>
void ForEachChild(const Stmt& stmt, Statement&& statement, Expression&& expression) {
  const auto maybe = [&](const Expr* child) {
    if (child != nullptr) expression(*child);
  };
  const auto all = [&](const std::vector<const Stmt*>& children) {
    for (const Stmt* child : children) statement(*child);
  };
  std::visit(Overloaded{
                 [&](const ExprStmt& node) { expression(*node.value); },
                 [&](const Assign& node) {
                   for (const Expr* target : node.targets) expression(*target);
                   maybe(node.annotation);
                   maybe(node.value);
                 },
                 [&](const AugAssign& node) {
                   expression(*node.target);
                   expression(*node.value);
                 },
                 [&](const For& node) {
                   expression(*node.target);
                   expression(*node.iterable);
                   all(node.body);
                 },
                 [&](const If& node) {
                   expression(*node.test);
                   all(node.body);
                   all(node.otherwise);
                 },
                 [](const Pass&) {},
                 [](const Import&) {},
                 [](const Refused&) {},
             },
             stmt.node);
}

}  // namespace ormc::ast
