#include "compiler/bind/fold_names.h"

#include <variant>

namespace ormc::bind {

const ast::Name* RootName(const ast::Expr& expr) {
  const ast::Expr* at = &expr;
  while (true) {
    if (const auto* call = std::get_if<ast::Call>(&at->node)) {
      at = call->function;
    } else if (const auto* attribute = std::get_if<ast::Attribute>(&at->node)) {
      at = attribute->value;
    } else if (const auto* item = std::get_if<ast::Subscript>(&at->node)) {
      at = item->value;
    } else {
      return std::get_if<ast::Name>(&at->node);
    }
  }
}

namespace {

void ChangedInPlace(const ast::Expr& receiver, FoldNames& names) {
  if (const ast::Name* root = RootName(receiver)) {
    names.changed.insert(root->id);
    names.in_place.insert(root->id);
  }
}

void AssignedNames(const ast::Expr& target, FoldNames& names) {
  if (const auto* name = std::get_if<ast::Name>(&target.node)) names.changed.insert(name->id);
  if (const auto* display = std::get_if<ast::Display>(&target.node)) {
    for (const ast::Expr* item : display->items) AssignedNames(*item, names);
  }
  if (const auto* item = std::get_if<ast::Subscript>(&target.node)) {
    ChangedInPlace(*item->value, names);
  }
}

void EscapingNames(const ast::Expr& expr, FoldNames& names) {
  if (const auto* name = std::get_if<ast::Name>(&expr.node)) {
    names.escaping.insert(name->id);
  } else if (const auto* display = std::get_if<ast::Display>(&expr.node)) {
    for (const ast::Expr* item : display->items) EscapingNames(*item, names);
  } else if (const auto* dict = std::get_if<ast::Dict>(&expr.node)) {
    for (const auto& [key, item] : dict->items) EscapingNames(*item, names);
  } else if (const auto* either = std::get_if<ast::Conditional>(&expr.node)) {
    EscapingNames(*either->body, names);
    EscapingNames(*either->otherwise, names);
  } else if (const auto* chain = std::get_if<ast::BoolChain>(&expr.node)) {
    for (const ast::Expr* operand : chain->operands) EscapingNames(*operand, names);
  } else if (const auto* item = std::get_if<ast::Subscript>(&expr.node)) {
    EscapingNames(*item->value, names);
  }
}

// A value that gets a name; `d.setdefault(k, v)` changes `d`.
void AssignedValue(const ast::Expr& value, FoldNames& names) {
  EscapingNames(value, names);
  const auto* call = std::get_if<ast::Call>(&value.node);
  const auto* method =
      call != nullptr ? std::get_if<ast::Attribute>(&call->function->node) : nullptr;
  if (method == nullptr || method->name != "setdefault") return;
  ChangedInPlace(*method->value, names);
  for (const ast::Argument& argument : call->arguments) EscapingNames(*argument.value, names);
}

void CollectNames(const std::vector<const ast::Stmt*>& body, FoldNames& names) {
  for (const ast::Stmt* stmt : body) {
    if (const auto* assign = std::get_if<ast::Assign>(&stmt->node)) {
      for (const ast::Expr* target : assign->targets) AssignedNames(*target, names);
      if (assign->value != nullptr) AssignedValue(*assign->value, names);
    } else if (const auto* aug = std::get_if<ast::AugAssign>(&stmt->node)) {
      AssignedNames(*aug->target, names);
      if (const ast::Name* root = RootName(*aug->target)) names.in_place.insert(root->id);
      EscapingNames(*aug->value, names);
    } else if (const auto* loop = std::get_if<ast::For>(&stmt->node)) {
      EscapingNames(*loop->iterable, names);
      CollectNames(loop->body, names);
    } else if (const auto* branch = std::get_if<ast::If>(&stmt->node)) {
      CollectNames(branch->body, names);
      CollectNames(branch->otherwise, names);
    } else if (const auto* expr = std::get_if<ast::ExprStmt>(&stmt->node)) {
      // acc.append(e), d.setdefault(k, []).append(e)
      const ast::Expr* at = expr->value;
      while (const auto* call = std::get_if<ast::Call>(&at->node)) {
        for (const ast::Argument& argument : call->arguments) {
          EscapingNames(*argument.value, names);
        }
        const auto* method = std::get_if<ast::Attribute>(&call->function->node);
        if (method == nullptr) break;
        at = method->value;
      }
      ChangedInPlace(*expr->value, names);
      if (RootName(*expr->value) == nullptr) {
        EscapingNames(*at, names);  // (a if test else b).append(e)
      }
    }
  }
}

}  // namespace

FoldNames NamesOf(const std::vector<const ast::Stmt*>& body) {
  FoldNames names;
  CollectNames(body, names);
  return names;
}

}  // namespace ormc::bind
