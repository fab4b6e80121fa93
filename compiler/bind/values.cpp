#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/extent.h"
#include "compiler/bind/identity.h"
#include "compiler/values/dict.h"

namespace ormc::bind {

void Binder::RejectEndless(bool too_large, Span span) const {
  if (!too_large || Planted("endless-values")) return;
  Reject(Kind::LimitExceeded, span, std::to_string(options_.eval.limits.constant_items),
         std::string("parts of a list or dict written in the snippet"));
}

BoundPtr Binder::ConstantOf(Span span, Value value) const {
  RejectEndless(HasMoreThan(options_.eval.limits.constant_items, value), span);
  Type type = TypeOfValue(value);
  program::ExprPtr expr = HoldsContainers(value) ? program::Make(span, program::Fresh{value})
                                                 : program::Make(span, program::Constant{value});
  return MakeBound(span, PythonValue{std::move(expr), std::move(type), std::move(value)});
}

BoundPtr Binder::Computed(Span span, program::ExprPtr expr, Type type, bool constant_parts) {
  if (constant_parts) {
    try {
      eval::Environment environment;
      Value value = eval::Evaluate(*expr, environment, options_.eval);
      // What is too large to carry along is computed when the program runs.
      const size_t most = options_.eval.limits.constant_items;
      if (!HasMoreThan(most, value)) return ConstantOf(span, std::move(value));
    } catch (const PythonError&) {
      // The same error is raised when the program runs, where Python would raise it.
    } catch (const LimitError&) {
    }
  }
  return MakeBound(span, PythonValue{std::move(expr), std::move(type), std::nullopt});
}

const Value* Binder::ConstantIn(const BoundPtr& value) const {
  if (const auto* python = value->As<PythonValue>()) {
    return python->constant ? &*python->constant : nullptr;
  }
  if (const auto* member = value->As<ChoicesMember>()) return &member->member->value;
  return nullptr;
}

std::optional<std::string> Binder::ConstantText(const BoundPtr& value) const {
  const Value* constant = ConstantIn(value);
  const std::string* text = constant != nullptr ? constant->text() : nullptr;
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::string Binder::RequireText(const BoundPtr& value, const char* what) {
  if (auto text = ConstantText(value)) return *text;
  Reject(Kind::BadArgument, value->span, std::string(what) + " must be a text that is known here");
}

PythonValue Binder::ToPython(const BoundPtr& value) {
  if (const auto* python = value->As<PythonValue>()) return *python;
  if (const auto* queryset = value->As<QuerySet>()) {
    read_.insert(value);
    PythonValue rows = *Fetch(*queryset, program::FetchKind::kRows, value->span)->As<PythonValue>();
    rows.type.queryset = true;
    return rows;
  }
  if (const auto* one = value->As<OneOf>()) return ChosenByModel(*one, value->span);
  return PythonValue{ToProgram(value), TypeOf(value), std::nullopt};
}

Type Binder::TypeOf(const BoundPtr& value) {
  if (const auto* python = value->As<PythonValue>()) return python->type;
  if (const auto* member = value->As<ChoicesMember>()) return TypeOfValue(member->member->value);
  if (const auto* sequence = value->As<Sequence>()) {
    if (sequence->kind == ast::DisplayKind::kTuple) {
      Type type = MakeType(TypeKind::kTuple);
      for (const BoundPtr& item : sequence->items) type.items.push_back(TypeOf(item));
      return type;
    }
    Type type =
        MakeType(sequence->kind == ast::DisplayKind::kSet ? TypeKind::kSet : TypeKind::kList);
    std::optional<Type> element;
    for (const BoundPtr& item : sequence->items) {
      element = element ? Union(*element, TypeOf(item)) : TypeOf(item);
    }
    if (element) type.element = std::make_shared<const Type>(*element);
    return type;
  }
  if (const auto* mapping = value->As<Mapping>()) {
    Type type = MakeType(TypeKind::kDict);
    std::optional<Type> element;
    std::optional<Type> key;
    for (const auto& [name, item] : mapping->items) {
      const Type of_item = TypeOf(item);
      element = element ? Union(*element, of_item) : of_item;
      key = key ? Union(*key, TypeOf(name)) : TypeOf(name);
      if (const auto text = ConstantText(name)) type.fields.push_back({*text, of_item});
    }
    if (element) type.element = std::make_shared<const Type>(*element);
    if (key) type.key = std::make_shared<const Type>(*key);
    if (type.fields.size() != mapping->items.size()) type.fields.clear();
    return type;
  }
  Type type;
  type.queryset = value->As<QuerySet>() != nullptr;
  return type;
}

program::ExprPtr Binder::ToProgram(const BoundPtr& value) {
  const Span span = value->span;
  const auto refuse = [&](const char* what) -> program::ExprPtr {
    Reject(Kind::BadArgument, span, std::string(what) + " is no value by itself");
  };
  return std::visit(
      Overloaded{
          [&](const PythonValue& python) { return python.expr; },
          [&](const ChoicesMember& member) {
            return program::Make(span, program::Constant{member.member->value});
          },
          [&](const QuerySet&) { return ToPython(value).expr; },
          [&](const OneOf& one) { return ChosenByModel(one, span).expr; },
          [&](const ManagerRef& manager) {
            return refuse(("the manager of `" + manager.model->name + "`").c_str());
          },
          [&](const RelatedRows& related) {
            return refuse(("the manager of `" + related.queryset.query->model->name + "`").c_str());
          },
          [&](const Sequence& sequence) {
            program::Display display{static_cast<program::DisplayKind>(sequence.kind), {}};
            for (const BoundPtr& item : sequence.items) {
              display.items.emplace_back(false, ToProgram(item));
            }
            return program::Make(span, std::move(display));
          },
          [&](const Mapping& mapping) {
            program::DictDisplay display;
            for (const auto& [key, item] : mapping.items) {
              display.items.emplace_back(ToProgram(key), ToProgram(item));
            }
            return program::Make(span, std::move(display));
          },
          [&](const ModelClass& model) {
            return refuse(("the model `" + model.model->name + "`").c_str());
          },
          [&](const Expression&) { return refuse("an expression of the ORM"); },
          [&](const FieldInstance&) { return refuse("a field"); },
          [&](const FilteredRelationValue&) { return refuse("a FilteredRelation"); },
          [&](const FrameValue&) { return refuse("a window frame"); },
          [&](const PrefetchValue&) { return refuse("a Prefetch"); },
          [&](const Named& named) { return refuse(("`" + named.name + "`").c_str()); },
          [&](const ChoicesRef& choices) { return refuse(choices.choices->name.c_str()); },
          [&](const LambdaValue&) { return refuse("a lambda"); },
          [&](const MethodValue& method) {
            return refuse(("the method `" + method.name + "`").c_str());
          },
      },
      value->node);
}

program::ExprPtr Binder::ToCondition(const BoundPtr& value) {
  if (const auto* queryset = value->As<QuerySet>()) {
    read_.insert(value);
    return ToPython(Truth(*queryset, value->span)).expr;
  }
  return ToProgram(value);
}

std::optional<bool> Binder::KnownTruth(const BoundPtr& value) const {
  const Value* known = ConstantIn(value);
  if (known == nullptr) return std::nullopt;
  eval::Environment environment;
  const Span span = value->span;
  const program::ExprPtr negated = program::Make(
      span, program::Unary{program::UnaryOp::kNot, program::Make(span, program::Constant{*known})});
  return !*eval::Evaluate(*negated, environment, options_.eval).As<bool>();
}

bool Binder::Flag(const BoundPtr& value) const {
  if (!value) return false;
  const std::optional<bool> known = KnownTruth(value);
  if (!known) {
    Reject(Kind::NotSupported, value->span, std::string("a flag that is not known here"),
           std::string("write `True` or `False`"));
  }
  return *known;
}

std::optional<std::vector<BoundPtr>> Binder::KnownElements(const BoundPtr& value) const {
  if (const auto* sequence = value->As<Sequence>()) return sequence->items;
  if (const auto* choices = value->As<ChoicesRef>()) {
    std::vector<BoundPtr> members;
    for (const manifest::ChoicesClass::Member& member : choices->choices->members) {
      if (IsEmptyChoice(member)) continue;
      members.push_back(MakeBound(value->span, ChoicesMember{choices->choices, &member}));
    }
    return members;
  }
  if (const auto* mapping = value->As<Mapping>()) {
    std::vector<BoundPtr> keys;
    for (const auto& [key, item] : mapping->items) keys.push_back(key);
    return keys;
  }
  const Value* constant = ConstantIn(value);
  if (constant == nullptr) return std::nullopt;
  const auto bound = [&](const Value& item) { return ConstantOf(value->span, item); };
  std::vector<BoundPtr> items;
  if (const List* list = constant->list()) {
    for (const Value& item : list->items) items.push_back(bound(item));
    return items;
  }
  if (const Tuple* tuple = constant->tuple()) {
    for (const Value& item : tuple->items) items.push_back(bound(item));
    return items;
  }
  if (const auto* set = constant->As<std::shared_ptr<Set>>()) {
    for (const Value& item : (*set)->items()) items.push_back(bound(item));
    return items;
  }
  if (const auto* dict = constant->As<std::shared_ptr<Dict>>()) {
    for (const Dict::Entry& entry : (*dict)->entries()) items.push_back(bound(entry.key));
    return items;
  }
  return std::nullopt;
}

}  // namespace ormc::bind
