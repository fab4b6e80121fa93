#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/identity.h"

namespace ormc::bind {
namespace {

// A comprehension over this many known elements is written out at compile time.
constexpr size_t kUnrolledElements = 200;

program::ComprehensionKind ProgramKind(ast::ComprehensionKind kind) {
  return static_cast<program::ComprehensionKind>(static_cast<uint8_t>(kind));
}

}  // namespace

program::Target Binder::BindTarget(const ast::Expr& target, const Type& type) {
  program::Target bound;
  if (const auto* name = std::get_if<ast::Name>(&target.node)) {
    bound.slot = NewSlot();
    names_.insert_or_assign(
        name->id,
        MakeBound(target.span, PythonValue{program::Make(target.span, program::Local{*bound.slot}),
                                           type, std::nullopt}));
    return bound;
  }
  const auto* display = std::get_if<ast::Display>(&target.node);
  if (display == nullptr || display->kind == ast::DisplayKind::kSet) {
    Reject(Kind::ExpressionRefused, target.span, std::string("this target"),
           std::string("assign to names"));
  }
  for (size_t i = 0; i < display->items.size(); ++i) {
    if (std::get_if<ast::Starred>(&display->items[i]->node) != nullptr) {
      Reject(Kind::ExpressionRefused, display->items[i]->span, std::string("a starred target"),
             std::string("take the parts by their places"));
    }
    const Type part =
        type.kind == TypeKind::kTuple && i < type.items.size() ? type.items[i] : ElementOf(type);
    bound.items.push_back(BindTarget(*display->items[i], part));
  }
  return bound;
}

// The names of the target, for an element that is known now.
bool Binder::BindKnown(const ast::Expr& target, const BoundPtr& item) {
  if (const auto* name = std::get_if<ast::Name>(&target.node)) {
    names_.insert_or_assign(name->id, item);
    return true;
  }
  const auto* targets = std::get_if<ast::Display>(&target.node);
  const auto parts = KnownElements(item);
  if (targets == nullptr || !parts || parts->size() != targets->items.size()) return false;
  for (size_t i = 0; i < parts->size(); ++i) {
    if (!BindKnown(*targets->items[i], (*parts)[i])) return false;
  }
  return true;
}

// Elements known now (`[Q(name__icontains=w) for w in ("a", "b")]`): each is bound by itself.
BoundPtr Binder::Unrolled(const ast::Comprehension& node, const std::vector<BoundPtr>& items,
                          Span span) {
  const ast::ComprehensionFor& clause = node.clauses[0];
  Sequence sequence{
      node.kind == ast::ComprehensionKind::kSet ? ast::DisplayKind::kSet : ast::DisplayKind::kList,
      {}};
  Mapping mapping;
  const Scope before = names_;
  bool constant = true;
  for (const BoundPtr& item : items) {
    if (!BindKnown(*clause.target, item)) {
      names_ = before;
      return nullptr;
    }
    bool kept = true;
    for (const ast::Expr* condition : clause.conditions) {
      const BoundPtr test = Eval(*condition);
      const Value* known = ConstantIn(test);
      const bool* truth = known != nullptr ? known->As<bool>() : nullptr;
      if (truth == nullptr) {
        names_ = before;
        return nullptr;  // decided when the program runs
      }
      kept = kept && *truth;
      if (!kept) break;
    }
    if (!kept) continue;
    BoundPtr element = Eval(*node.element);
    constant = constant && ConstantIn(element) != nullptr;
    if (node.kind == ast::ComprehensionKind::kDict) {
      BoundPtr value = Eval(*node.value);
      constant = constant && ConstantIn(value) != nullptr;
      mapping.items.emplace_back(std::move(element), std::move(value));
    } else {
      sequence.items.push_back(std::move(element));
    }
  }
  names_ = before;
  const BoundPtr whole = node.kind == ast::ComprehensionKind::kDict
                             ? MakeBound(span, std::move(mapping))
                             : MakeBound(span, std::move(sequence));
  if (!constant) return whole;
  return Computed(span, ToProgram(whole), TypeOf(whole), true);
}

// `[e for q in (qs, others) if q.exists() for e in q.all()]`: one list an element, joined.
BoundPtr Binder::Chained(const ast::Comprehension& node, const std::vector<BoundPtr>& items,
                         Span span) {
  if (node.kind != ast::ComprehensionKind::kList &&
      node.kind != ast::ComprehensionKind::kGenerator) {
    return nullptr;
  }
  const ast::ComprehensionFor& clause = node.clauses[0];
  ast::Comprehension rest = node;
  rest.clauses.erase(rest.clauses.begin());
  const auto list = [&](std::vector<std::pair<bool, program::ExprPtr>> parts) {
    return program::Make(span, program::Display{program::DisplayKind::kList, std::move(parts)});
  };
  const Scope before = names_;
  program::ExprPtr whole = list({});
  Type type = ListOf(MakeType(TypeKind::kNone));
  for (const BoundPtr& item : items) {
    if (!BindKnown(*clause.target, item)) {
      names_ = before;
      return nullptr;
    }
    program::BoolChain tests{true, {}};
    for (const ast::Expr* condition : clause.conditions) {
      tests.operands.push_back(ToCondition(Eval(*condition)));
    }
    program::ExprPtr part;
    if (rest.clauses.empty()) {
      const PythonValue element = ToPython(Eval(*node.element));
      type = Union(type, ListOf(element.type));
      part = list({{false, element.expr}});
    } else {
      const PythonValue elements = ToPython(EvalComprehension(rest, span));
      type = Union(type, elements.type);
      part = elements.expr;
    }
    if (!tests.operands.empty()) {
      part = program::Make(
          span, program::Conditional{program::Make(span, std::move(tests)), part, list({})});
    }
    whole = program::Make(span, program::Binary{program::BinaryOp::kAdd, whole, part});
  }
  names_ = before;
  return MakeBound(span, PythonValue{std::move(whole), std::move(type), {}});
}

BoundPtr Binder::EvalComprehension(const ast::Comprehension& node, Span span) {
  BoundPtr first;
  if (!node.clauses[0].is_async) {
    first = Eval(*node.clauses[0].iterable);
    if (const auto known = KnownElements(first); known && known->size() <= kUnrolledElements) {
      if (node.clauses.size() == 1) {
        if (BoundPtr whole = Unrolled(node, *known, span)) return whole;
      }
      if (HoldsSymbolicParts(first)) {
        if (BoundPtr whole = Chained(node, *known, span)) return whole;
      }
    }
  }
  const Scope before = names_;
  ++loops_;
  program::Comprehension comprehension;
  comprehension.kind = ProgramKind(node.kind);
  for (const ast::ComprehensionFor& clause : node.clauses) {
    if (clause.is_async) {
      Reject(Kind::ExpressionRefused, span, std::string("`async for`"), std::string("write `for`"));
    }
    program::Generator generator;
    const PythonValue iterable = ToPython(first ? first : Eval(*clause.iterable));
    first = nullptr;
    generator.iterable = iterable.expr;
    generator.target = BindTarget(*clause.target, ElementOf(iterable.type));
    for (const ast::Expr* condition : clause.conditions) {
      generator.conditions.push_back(ToCondition(Eval(*condition)));
    }
    comprehension.generators.push_back(std::move(generator));
  }
  const PythonValue element = ToPython(Eval(*node.element));
  comprehension.element = element.expr;
  Type type;
  switch (node.kind) {
    case ast::ComprehensionKind::kList:
    case ast::ComprehensionKind::kGenerator:
      type = ListOf(element.type);
      break;
    case ast::ComprehensionKind::kSet:
      type = ListOf(element.type);
      type.kind = TypeKind::kSet;
      break;
    case ast::ComprehensionKind::kDict: {
      const PythonValue value = ToPython(Eval(*node.value));
      comprehension.value = value.expr;
      type = MakeType(TypeKind::kDict);
      type.key = std::make_shared<const Type>(element.type);
      type.element = std::make_shared<const Type>(value.type);
      break;
    }
  }
  --loops_;
  names_ = before;
  return MakeBound(span,
                   PythonValue{program::Make(span, std::move(comprehension)), std::move(type), {}});
}

}  // namespace ormc::bind
