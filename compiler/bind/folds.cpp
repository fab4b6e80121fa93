#include <algorithm>
#include <set>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/fold_names.h"
#include "compiler/bind/identity.h"

namespace ormc::bind {
namespace {

// Folds over this many known elements are written out.
constexpr size_t kUnrolledElements = 200;
constexpr size_t kUnrolledRounds = 20;
// A name's type may depend on another's, which a later line of the body gives.
constexpr int kTypePasses = 2;

void TargetNames(const ast::Expr& target, std::vector<std::string>& names) {
  if (const auto* name = std::get_if<ast::Name>(&target.node)) names.push_back(name->id);
  if (const auto* display = std::get_if<ast::Display>(&target.node)) {
    for (const ast::Expr* item : display->items) TargetNames(*item, names);
  }
}

bool MayBeContainer(const Type& type) {
  return type.kind == TypeKind::kList || type.kind == TypeKind::kSet ||
         type.kind == TypeKind::kDict || type.kind == TypeKind::kUnknown;
}

bool IsPlainValue(const BoundPtr& value) {
  return value->As<PythonValue>() != nullptr || value->As<Sequence>() != nullptr ||
         value->As<Mapping>() != nullptr;
}

}  // namespace

// Is (a part of) this list or dict held by a name that stands for another value?
bool Binder::IsShared(const BoundPtr& value) const {
  Identities own;
  CollectContainers(value, own);
  const void* container = ContainerOf(value);
  return std::any_of(names_.begin(), names_.end(), [&](const auto& other) {
    if (other.second == value) return false;
    if (container != nullptr && ContainerOf(other.second) == container) return false;
    Identities others;
    CollectContainers(other.second, others);
    return std::any_of(own.begin(), own.end(),
                       [&](const void* part) { return others.contains(part); });
  });
}

bool Binder::IsHeldOnce(const BoundPtr& value) const {
  Identities own;
  CollectContainers(value, own);
  return std::count_if(names_.begin(), names_.end(), [&](const auto& other) {
           Identities others;
           CollectContainers(other.second, others);
           return std::any_of(own.begin(), own.end(),
                              [&](const void* part) { return others.contains(part); });
         }) <= 1;
}

// The name's value moves to a slot, where a fold may change it, and every name of it with it.
void Binder::Spill(const std::string& name, std::vector<program::Statement>& out) {
  const BoundPtr value = names_.find(name)->second;
  if (IsShared(value)) {
    Reject(Kind::NotSupported, value->span,
           std::string("a change of a list or dict that is part of another"),
           std::string("put a copy into the other: `list(a)`"));
  }
  const void* container = ContainerOf(value);
  AssignSlot(name, value->span, TypeOf(value), value, out);
  if (container == nullptr) return;
  const BoundPtr slot = names_.find(name)->second;
  for (auto& [other, held] : names_) {
    if (ContainerOf(held) == container) held = slot;
  }
  Identities parts;
  CollectContainers(value, parts);
  for (const void* part : parts) moved_.insert_or_assign(part, Moved{nullptr, value});
  moved_.insert_or_assign(container, Moved{slot, value});
}

// Lists and dicts that have moved to slots since the value was made.
BoundPtr Binder::Current(const BoundPtr& value) const {
  if (moved_.empty()) return value;
  Identities parts;
  CollectContainers(value, parts);
  for (const void* part : parts) {
    const auto moved = moved_.find(part);
    if (moved == moved_.end()) continue;
    if (part == ContainerOf(value) && moved->second.slot != nullptr) return moved->second.slot;
    Reject(Kind::NotSupported, value->span,
           std::string("a list or dict that holds another, which has changed"),
           std::string("make it after the loop"));
  }
  return value;
}

// Names that the body changes get slots of their own, with the values that they have now: what was
// made of them before keeps those.
void Binder::SpillAssigned(const std::vector<const ast::Stmt*>& body,
                           std::vector<program::Statement>& out) {
  const FoldNames names = NamesOf(body);
  for (const std::string& name : names.changed) {
    const auto known = names_.find(name);
    if (known == names_.end() || !IsPlainValue(known->second)) continue;
    const auto slot = SlotOf(known->second);
    if (slot && names.in_place.contains(name) && MayBeContainer(TypeOf(known->second))) {
      MarkStale(*slot, true, name);
    }
    // Within a loop the slot must stay: the next round reads it.
    if (slot && loops_ > 0) continue;
    Spill(name, out);
  }
  for (const std::string& name : names.escaping) {
    const auto known = names_.find(name);
    if (known != names_.end() && HoldsContainers(known->second)) Spill(name, out);
  }
}

// The receiver of a change in place.
PythonValue Binder::Changed(const ast::Expr& receiver, std::vector<program::Statement>& out) {
  BoundPtr value = Eval(receiver);
  const auto* name = std::get_if<ast::Name>(&receiver.node);
  const auto* python = value->As<PythonValue>();
  if (python == nullptr || python->constant) {
    if (name == nullptr || loops_ > 0 || branches_ > 0) {
      Reject(Kind::NotSupported, receiver.span, std::string("a change of this list or dict"),
             std::string("give it a name before the loop"));
    }
    Spill(name->id, out);
    value = names_.find(name->id)->second;
  }
  if (const ast::Name* root = RootName(receiver)) {
    const auto known = names_.find(root->id);
    const auto slot = known != names_.end() ? SlotOf(known->second) : std::nullopt;
    if (slot) MarkStale(*slot, true, root->id);
  }
  return ToPython(value);
}

void Binder::FoldBody(const std::vector<const ast::Stmt*>& body,
                      std::vector<program::Statement>& out) {
  for (const ast::Stmt* stmt : body) Statement(*stmt, out);
}

void Binder::If(const ast::If& node, Span span, std::vector<program::Statement>& out) {
  if (!in_fold_) {
    Reject(Kind::StatementRefused, span, std::string("if"),
           std::string("write a conditional expression: `a if test else b`"));
  }
  const BoundPtr test = Eval(*node.test);
  if (const std::optional<bool> known = KnownTruth(test)) {
    FoldBody(*known ? node.body : node.otherwise, out);
    return;
  }
  program::If branch;
  branch.test = ToCondition(test);
  ++branches_;
  FoldBody(node.body, branch.then);
  FoldBody(node.otherwise, branch.otherwise);
  --branches_;
  out.push_back({span, std::move(branch)});
}

void Binder::For(const ast::For& node, Span span, std::vector<program::Statement>& out) {
  if (node.has_else || node.is_async) {
    Reject(Kind::StatementRefused, span, std::string(node.is_async ? "async for" : "for ... else"),
           std::string("write a plain `for`"));
  }
  const BoundPtr iterable = Eval(*node.iterable);
  // Over elements known now, the body is bound once an element: Q may be built so.
  const auto known = KnownElements(iterable);
  const FoldNames names = NamesOf(node.body);
  const bool symbolic =
      HoldsSymbolicParts(iterable) ||
      std::any_of(names.changed.begin(), names.changed.end(), [&](const std::string& name) {
        const auto found = names_.find(name);
        return found != names_.end() && (found->second->As<Expression>() != nullptr ||
                                         found->second->As<QuerySet>() != nullptr);
      });
  if (symbolic && (!known || known->size() > kUnrolledElements)) {
    Reject(Kind::NotSupported, span,
           std::string("building a condition over values that are not known here"),
           std::string("use `__in` with the list"));
  }
  SpillAssigned(node.body, out);
  if (known && known->size() <= (symbolic ? kUnrolledElements : kUnrolledRounds)) {
    const bool outer = in_fold_;
    const auto made_of = reads_;
    for (const BoundPtr& element : *known) {
      in_fold_ = false;  // the element stays known
      reads_ = made_of;
      Assign(*node.target, element, out);
      in_fold_ = true;
      FoldBody(node.body, out);
    }
    in_fold_ = outer;
    return;
  }
  const PythonValue rows = ToPython(iterable);
  const Scope before = names_;
  program::For loop;
  loop.iterable = rows.expr;
  loop.target = BindTarget(*node.target, ElementOf(rows.type));
  KeepTargets(*node.target, before, out);
  const bool outer = in_fold_;
  std::set<std::string, std::less<>> around;
  for (const auto& [name, value] : before) around.insert(name);
  std::swap(around, around_);
  in_fold_ = true;
  ++loops_;
  if (loops_ == 1) InferTypes(node.body);
  FoldBody(node.body, loop.body);
  --loops_;
  in_fold_ = outer;
  std::swap(around, around_);
  // Which queryset a name of the body stands for is not known after it.
  std::erase_if(names_, [&](const auto& item) {
    return !IsPlainValue(item.second) && !before.contains(item.first);
  });
  out.push_back({span, std::move(loop)});
}

// Over no rows, a loop leaves its names as they were.
void Binder::KeepTargets(const ast::Expr& target, const Scope& before,
                         std::vector<program::Statement>& out) {
  std::vector<std::string> targets;
  TargetNames(target, targets);
  for (const std::string& name : targets) {
    const auto known = before.find(name);
    if (known == before.end() || !IsPlainValue(known->second)) continue;
    const auto* bound = names_.find(name)->second->As<PythonValue>();
    program::Target slot;
    slot.slot = std::get<program::Local>(bound->expr->node).slot;
    out.push_back({target.span, program::Assign{slot, ToProgram(known->second)}});
    names_.insert_or_assign(
        name, MakeBound(target.span,
                        PythonValue{bound->expr, Union(bound->type, TypeOf(known->second)), {}}));
  }
}

// What the names around hold after a round is what the next one starts with: the body is bound on
// trial, for the types alone.
void Binder::InferTypes(const std::vector<const ast::Stmt*>& body) {
  for (int pass = 0; pass < kTypePasses; ++pass) {
    Scope names = names_;
    const auto pending = pending_;
    const auto captures = captures_;
    const auto stale = stale_;
    const auto same_as = same_as_;
    const uint32_t slots = slots_;
    const size_t notes = notes_.size();
    Try(body);
    for (auto& [name, value] : names) {
      const auto slot = SlotOf(value);
      const auto after = names_.find(name);
      if (!slot || after == names_.end() || SlotOf(after->second) != slot) continue;
      PythonValue merged = *value->As<PythonValue>();
      merged.type = Union(merged.type, after->second->As<PythonValue>()->type);
      value = MakeBound(value->span, std::move(merged));
    }
    names_ = std::move(names);
    pending_ = pending;
    captures_ = captures;
    stale_ = stale;
    same_as_ = same_as;
    slots_ = slots;
    notes_.resize(notes);
  }
}

void Binder::Try(const std::vector<const ast::Stmt*>& body) {
  const size_t depth = depth_;
  const size_t loops = loops_;
  const size_t branches = branches_;
  const auto around = around_;
  for (const ast::Stmt* stmt : body) {
    std::vector<program::Statement> scratch;
    try {
      if (const auto* branch = std::get_if<ast::If>(&stmt->node)) {
        ++branches_;
        Try(branch->body);
        Try(branch->otherwise);
      } else if (const auto* loop = std::get_if<ast::For>(&stmt->node)) {
        BindTarget(*loop->target, ElementOf(ToPython(Eval(*loop->iterable)).type));
        ++loops_;
        Try(loop->body);
      } else {
        Statement(*stmt, scratch);
      }
    } catch (const Rejection&) {
      // Reported when the body is bound in earnest.
    }
    depth_ = depth;
    loops_ = loops;
    branches_ = branches;
    around_ = around;
    in_fold_ = true;
  }
}

// acc.append(e), acc.add(e), d.setdefault(k, v).append(e): the changes that a fold may make.
bool Binder::FoldCall(const ast::Expr& expr, std::vector<program::Statement>& out) {
  const auto* call = std::get_if<ast::Call>(&expr.node);
  const auto* method =
      call != nullptr ? std::get_if<ast::Attribute>(&call->function->node) : nullptr;
  if (method == nullptr) return false;
  static const std::set<std::string, std::less<>> fold_methods = {"append", "add", "extend",
                                                                  "update", "setdefault"};
  if (!fold_methods.contains(method->name)) return false;
  if (!IsPlainValue(Eval(*method->value))) return false;
  if (!in_fold_) {
    Reject(Kind::MutationOutsideFold, expr.span, method->name,
           std::string("write the whole value, or a comprehension"));
  }
  const PythonValue receiver = Changed(*method->value, out);
  Arguments arguments = EvalArguments(*call, expr.span);
  program::CallMethod change{receiver.expr, method->name, {}, {}};
  std::optional<Type> added;
  for (const BoundPtr& argument : arguments.positional) {
    added = TypeOf(argument);
    change.arguments.push_back(ToProgram(argument));
  }
  for (const auto& [keyword, argument] : arguments.keywords) {
    change.keywords.push_back({keyword, ToProgram(argument)});
  }
  if (added && (method->name == "append" || method->name == "add")) {
    Type grown = ListOf(*added);
    if (method->name == "add") grown.kind = TypeKind::kSet;
    Holds(*method->value, grown);
  }
  out.push_back({expr.span, program::Evaluate{program::Make(expr.span, std::move(change))}});
  return true;
}

}  // namespace ormc::bind
