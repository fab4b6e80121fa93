#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/containers.h"
#include "compiler/bind/identity.h"

namespace ormc::bind {
namespace {

bool IsContainer(TypeKind kind) {
  return kind == TypeKind::kList || kind == TypeKind::kSet || kind == TypeKind::kDict;
}

Type DictOf(Type key, Type element) {
  Type dict = MakeType(TypeKind::kDict);
  dict.key = std::make_shared<const Type>(std::move(key));
  dict.element = std::make_shared<const Type>(std::move(element));
  return dict;
}

// eval's name of the operator that changes its left side in place, or "".
std::string_view InPlace(ast::BinaryOp op) {
  if (op == ast::BinaryOp::kAdd) return "operator.iadd";
  if (op == ast::BinaryOp::kBitOr) return "operator.ior";
  return "";
}

}  // namespace

std::optional<uint32_t> Binder::SlotOf(const BoundPtr& value) {
  const auto* python = value->As<PythonValue>();
  const auto* local =
      python != nullptr ? std::get_if<program::Local>(&python->expr->node) : nullptr;
  return local != nullptr ? std::optional(local->slot) : std::nullopt;
}

// The slot that first held what this one holds.
uint32_t Binder::RootOf(uint32_t slot) const {
  for (auto known = same_as_.find(slot); known != same_as_.end(); known = same_as_.find(slot)) {
    slot = known->second;
  }
  return slot;
}

// The name stands for a new slot, which is set here.
void Binder::AssignSlot(const std::string& name, Span span, Type type, const BoundPtr& value,
                        std::vector<program::Statement>& out) {
  program::Target target;
  target.slot = NewSlot();
  if (const auto from = SlotOf(value)) same_as_.emplace(*target.slot, *from);
  program::ExprPtr expr = ToProgram(value);
  Rebind(name, MakeBound(span, PythonValue{program::Make(span, program::Local{*target.slot}),
                                           std::move(type), std::nullopt}));
  out.push_back({span, program::Assign{std::move(target), std::move(expr)}});
}

void Binder::Rebind(const std::string& name, BoundPtr value) {
  names_.insert_or_assign(name, std::move(value));
  captures_.erase(name);
  stale_.erase(name);
}

// Querysets and conditions are evaluated where they are used: what they were made of must not have
// changed by then.  A name whose parts have changed may not be used any more.
void Binder::MarkStale(uint32_t slot, bool in_place, const std::string& changed) {
  for (const auto& [name, slots] : captures_) {
    for (const uint32_t captured : slots) {
      if (captured == slot || (in_place && RootOf(captured) == RootOf(slot))) {
        stale_.insert_or_assign(name, changed);
      }
    }
  }
}

// Within a list or dict that a name stands for, what is computed is computed once, here.
BoundPtr Binder::Settled(const BoundPtr& value, std::vector<program::Statement>& out) {
  if (settled_.contains(value)) return value;
  const auto settle = [&](const BoundPtr& item) -> BoundPtr {
    const auto* python = item->As<PythonValue>();
    if (python == nullptr) return Settled(item, out);
    if (python->constant) return item;
    program::Target target;
    target.slot = NewSlot();
    if (const auto from = SlotOf(item)) same_as_.emplace(*target.slot, *from);
    PythonValue local{program::Make(item->span, program::Local{*target.slot}), python->type, {}};
    out.push_back({item->span, program::Assign{std::move(target), python->expr}});
    return MakeBound(item->span, std::move(local));
  };
  if (const auto* sequence = value->As<Sequence>()) {
    Sequence settled{sequence->kind, {}};
    for (const BoundPtr& item : sequence->items) settled.items.push_back(settle(item));
    return *settled_.insert(MakeBound(value->span, std::move(settled))).first;
  }
  if (const auto* mapping = value->As<Mapping>()) {
    Mapping settled;
    for (const auto& [key, item] : mapping->items) {
      BoundPtr settled_key = settle(key);
      settled.items.emplace_back(std::move(settled_key), settle(item));
    }
    return *settled_.insert(MakeBound(value->span, std::move(settled))).first;
  }
  return value;
}

void Binder::AssignName(const std::string& name, Span span, const BoundPtr& assigned,
                        std::vector<program::Statement>& out) {
  const BoundPtr value = Current(assigned);
  // What is symbolic or constant needs no slot; what is computed is computed once.
  const auto* python = value->As<PythonValue>();
  const bool holds_values = value->As<Sequence>() != nullptr || value->As<Mapping>() != nullptr;
  const bool computed = python != nullptr && !python->constant;
  if (!computed && !(in_fold_ && (python != nullptr || holds_values))) {
    if (!holds_values && (branches_ > 0 || (loops_ > 0 && around_.contains(name)))) {
      // Which queryset the name stands for would be known only when the program runs.
      Reject(Kind::NotSupported, span,
             std::string("a queryset or condition that depends on what the rows hold"),
             std::string("write a conditional expression where it is evaluated"));
    }
    Rebind(name, value);
    if (!reads_.empty() && HoldsSymbolic(value)) captures_[name] = reads_;
    return;
  }
  const auto known = names_.find(name);
  const auto before = known != names_.end() && in_fold_ ? SlotOf(known->second) : std::nullopt;
  if (!before || (loops_ == 0 && branches_ == 0)) {
    AssignSlot(name, span, TypeOf(value), value, out);
    return;
  }
  Type type = Union(known->second->As<PythonValue>()->type, TypeOf(value));
  program::Target target;
  target.slot = *before;
  program::ExprPtr expr = ToProgram(value);
  MarkStale(*before, false, name);
  Rebind(name, MakeBound(span, PythonValue{program::Make(span, program::Local{*before}),
                                           std::move(type), std::nullopt}));
  out.push_back({span, program::Assign{std::move(target), std::move(expr)}});
}

// The list, set or dict holds at least what `grown` does from here on, after `d[k] = v`,
// `rows.append(v)` or `d.setdefault(k, []).append(v)`.
void Binder::Holds(const ast::Expr& container, const Type& grown) {
  const auto* call = std::get_if<ast::Call>(&container.node);
  const auto* method =
      call != nullptr ? std::get_if<ast::Attribute>(&call->function->node) : nullptr;
  const auto* item = std::get_if<ast::Subscript>(&container.node);
  if (item != nullptr || (method != nullptr && method->name == "setdefault")) {
    return Holds(item != nullptr ? *item->value : *method->value, DictOf(Type(), grown));
  }
  const auto* name = std::get_if<ast::Name>(&container.node);
  const auto known = name != nullptr ? names_.find(name->id) : names_.end();
  const auto* python = known != names_.end() ? known->second->As<PythonValue>() : nullptr;
  if (python == nullptr || !IsContainer(python->type.kind)) return;
  Type type = python->type;
  const auto join = [](std::shared_ptr<const Type>& held, const std::shared_ptr<const Type>& more) {
    const Type added = more ? *more : Type();
    held = std::make_shared<const Type>(held ? Union(*held, added) : added);
  };
  join(type.element, grown.element);
  if (type.kind == TypeKind::kDict) join(type.key, grown.key);
  type.fields.clear();
  known->second =
      MakeBound(container.span, PythonValue{python->expr, std::move(type), std::nullopt});
}

void Binder::Assign(const ast::Expr& target, const BoundPtr& value,
                    std::vector<program::Statement>& out) {
  if (const auto* name = std::get_if<ast::Name>(&target.node)) {
    return AssignName(name->id, target.span, value, out);
  }
  if (const auto* item = std::get_if<ast::Subscript>(&target.node)) {
    if (!in_fold_) {
      Reject(Kind::MutationOutsideFold, target.span, std::string("[...] ="),
             std::string("write the dict with its items: `{\"key\": value}`"));
    }
    const PythonValue container = Changed(*item->value, out);
    const BoundPtr key = Eval(*item->index);
    out.push_back(
        {target.span, program::SetItem{container.expr, ToProgram(key), ToProgram(value)}});
    Holds(*item->value, DictOf(TypeOf(key), TypeOf(value)));
    return;
  }
  if (const auto* display = std::get_if<ast::Display>(&target.node)) {
    if (const auto parts = KnownElements(value); parts && parts->size() == display->items.size()) {
      for (size_t i = 0; i < parts->size(); ++i) Assign(*display->items[i], (*parts)[i], out);
      return;
    }
    const PythonValue python = ToPython(value);
    program::Target bound = BindTarget(target, python.type);
    out.push_back({target.span, program::Assign{std::move(bound), python.expr}});
    return;
  }
  if (std::get_if<ast::Attribute>(&target.node) != nullptr) {
    Reject(Kind::WriteRefused, target.span, std::string("UPDATE"),
           std::string("an assignment to a field"));
  }
  Reject(Kind::ExpressionRefused, target.span, std::string("this target"),
         std::string("assign to a name"));
}

void Binder::AugAssign(const ast::AugAssign& node, Span span,
                       std::vector<program::Statement>& out) {
  const auto* name = std::get_if<ast::Name>(&node.target->node);
  const auto* item = std::get_if<ast::Subscript>(&node.target->node);
  if (name == nullptr && item == nullptr) {
    Reject(Kind::ExpressionRefused, span, std::string("this target"),
           std::string("assign to a name"));
  }
  BoundPtr current = Eval(*node.target);
  const auto* python = current->As<PythonValue>();
  if (python != nullptr) RejectLate(python->type, span);
  const TypeKind kind = TypeOf(current).kind;
  const bool container = IsContainer(kind);
  const bool computed = python != nullptr && !python->constant;
  if (!container && !(computed && kind == TypeKind::kUnknown && !InPlace(node.op).empty())) {
    Assign(*node.target, Combine(node.op, current, Eval(*node.value), span), out);
    return;
  }
  // A list, set or dict is changed in place, under each of its names.
  if (InPlace(node.op).empty()) {
    Reject(Kind::NotSupported, span, std::string("this change in place"),
           std::string("write the whole assignment: `total = total + x`"));
  }
  const BoundPtr value = Eval(*node.value);
  if (name != nullptr && !computed && !in_fold_ && IsHeldOnce(current) &&
      ConstantIn(current) != nullptr && ConstantIn(value) != nullptr &&
      TypeOf(value).kind == kind) {
    Assign(*node.target, Combine(node.op, current, value, span), out);
    return;
  }
  const PythonValue changed = Changed(*node.target, out);
  Type added = TypeOf(value);
  added.queryset = false;  // its rows are added
  Type type = Union(changed.type, added);
  program::CallBuiltin call{std::string(InPlace(node.op)), {changed.expr, ToProgram(value)}, {}};
  Assign(*node.target,
         MakeBound(span, PythonValue{program::Make(span, std::move(call)), std::move(type), {}}),
         out);
  const auto* before = std::get_if<program::Local>(&changed.expr->node);
  const auto after = name != nullptr ? SlotOf(names_.find(name->id)->second) : std::nullopt;
  if (before != nullptr && after && *after != before->slot) same_as_.emplace(*after, before->slot);
}

}  // namespace ormc::bind
