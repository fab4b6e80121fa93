#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/containers.h"
#include "compiler/bind/making.h"
#include "compiler/bind/results.h"
#include "compiler/values/dict.h"

namespace ormc::bind {
namespace {

// Builtins whose answer depends on the clock are never folded.
bool IsClock(std::string_view name) {
  return name.ends_with("now") || name.ends_with("today") || name.ends_with("utcnow") ||
         name == "timezone.localtime" || name == "timezone.localdate" ||
         name == "timezone.get_current_timezone";
}

void AddKeyword(Arguments& arguments, const std::string& name, Span where, BoundPtr value) {
  if (name.starts_with("_") && !Planted("underscore-keyword")) {
    Reject(Kind::UnderscoreName, where, name);
  }
  for (const auto& [known, other] : arguments.keywords) {
    if (known == name) Reject(Kind::BadArgument, where, "`" + name + "` is given twice");
  }
  arguments.name_spans.insert_or_assign(name, where);
  arguments.keywords.emplace_back(name, std::move(value));
}

}  // namespace

BoundPtr Arguments::Take(std::string_view keyword) {
  for (size_t i = 0; i < keywords.size(); ++i) {
    if (keywords[i].first != keyword) continue;
    BoundPtr value = keywords[i].second;
    keywords.erase(keywords.begin() + static_cast<std::ptrdiff_t>(i));
    return value;
  }
  return nullptr;
}

Span Arguments::NameSpan(std::string_view keyword, Span otherwise) const {
  const auto known = name_spans.find(keyword);
  return known != name_spans.end() ? known->second : otherwise;
}

void Binder::SpreadKeywords(const BoundPtr& value, Arguments& arguments) {
  const Span span = value->span;
  std::vector<std::pair<BoundPtr, BoundPtr>> items;
  const auto* mapping = value->As<Mapping>();
  if (mapping != nullptr) items = mapping->items;
  const Value* constant = ConstantIn(value);
  const auto* dict = constant != nullptr ? constant->As<std::shared_ptr<Dict>>() : nullptr;
  if (dict != nullptr) {
    for (const Dict::Entry& entry : (*dict)->entries()) {
      items.emplace_back(ConstantOf(span, entry.key), ConstantOf(span, entry.value));
    }
  } else if (constant != nullptr) {
    Reject(Kind::TypeMismatch, span, std::string("argument after ** must be a mapping"));
  } else if (mapping == nullptr) {
    Reject(Kind::NotSupported, span, std::string("`**` over what is not known here"),
           std::string("write the keywords, or a dict with constant keys"));
  }
  for (auto& [key, item] : items) {
    const auto name = ConstantText(key);
    if (!name) {
      Reject(Kind::NotSupported, key->span, std::string("`**` with a key that is not known here"),
             std::string("write the keys as text: `{\"status\": value}`"));
    }
    AddKeyword(arguments, *name, span, std::move(item));
  }
}

Arguments Binder::EvalArguments(const ast::Call& node, Span span) {
  Arguments arguments;
  arguments.span = span;
  for (const ast::Argument& argument : node.arguments) {
    BoundPtr value = Eval(*argument.value);
    switch (argument.kind) {
      case ast::Argument::Kind::kPositional:
        arguments.positional.push_back(std::move(value));
        break;
      case ast::Argument::Kind::kKeyword:
        AddKeyword(arguments, argument.name, argument.name_span, std::move(value));
        break;
      case ast::Argument::Kind::kStar: {
        auto items = KnownElements(value);
        if (!items) {
          Reject(Kind::NotSupported, argument.value->span,
                 std::string("`*` over what is not known here"),
                 std::string("write the values one by one, or pass the list: `id__in=ids`"));
        }
        for (BoundPtr& item : *items) arguments.positional.push_back(std::move(item));
        break;
      }
      case ast::Argument::Kind::kDoubleStar:
        SpreadKeywords(value, arguments);
        break;
    }
  }
  return arguments;
}

BoundPtr Binder::EvalCall(const ast::Call& node, Span span) {
  BoundPtr function;
  if (const auto* method = std::get_if<ast::Attribute>(&node.function->node)) {
    const BoundPtr receiver = Eval(*method->value);
    const auto* named = receiver->As<Named>();
    const bool is_object = named == nullptr && receiver->As<ModelClass>() == nullptr &&
                           receiver->As<ChoicesRef>() == nullptr;
    if (is_object) {
      return CallMethod(receiver, method->name, EvalArguments(node, span), span);
    }
    if (receiver->As<ModelClass>() != nullptr) {
      if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(method->name);
          refused != nullptr && !refused->verb.empty()) {
        Reject(Kind::WriteRefused, span, std::string(refused->verb), method->name);
      }
    }
    function = AttributeOf(receiver, method->name, method->name_span);
  } else {
    function = Eval(*node.function);
  }
  if (const auto* named = function->As<Named>()) {
    return CallNamed(*named, EvalArguments(node, span), span);
  }
  if (const auto* model = function->As<ModelClass>()) {
    Reject(Kind::WriteRefused, span, std::string("INSERT"), model->model->name + "(...)");
  }
  if (const auto* choices = function->As<ChoicesRef>()) {
    const Arguments arguments = EvalArguments(node, span);
    CheckArguments(choices->choices->name, "value", arguments);
    if (arguments.positional.size() == 1) {
      const Value* value = ConstantIn(arguments.positional[0]);
      if (value == nullptr) return MemberOf(*choices->choices, arguments.positional[0], span);
      for (const manifest::ChoicesClass::Member& member : choices->choices->members) {
        if (!IsEmptyChoice(member) && plan::IdenticalConstants(member.value, *value)) {
          return MakeBound(span, ChoicesMember{choices->choices, &member});
        }
      }
    }
    Reject(Kind::BadValue, span, "no such value of `" + choices->choices->name + "`");
  }
  Reject(Kind::BadArgument, span, std::string("this cannot be called"));
}

BoundPtr Binder::CallNamed(const Named& named, Arguments arguments, Span span) {
  switch (named.kind) {
    case Named::Kind::kConstructor:
      return Construct(named.name, std::move(arguments), span);
    case Named::Kind::kFunction:
      return DatabaseFunction(*catalog::FindFunction(named.name), std::move(arguments), span);
    case Named::Kind::kAggregate:
      return AggregateCall(*catalog::FindAggregate(named.name), std::move(arguments), span);
    case Named::Kind::kLookup:
      return LookupExpression(*catalog::FindLookupClass(named.name), std::move(arguments), span);
    case Named::Kind::kField:
      return FieldConstructor(named.name, std::move(arguments), span);
    case Named::Kind::kBuiltin:
      return CallBuiltin(named.name, std::move(arguments), span);
    case Named::Kind::kModule:
      // `datetime(2026, 1, 1)`: the class, whichever the use needs.
      if (named.name == "datetime") {
        return CallBuiltin("datetime.datetime", std::move(arguments), span);
      }
      Reject(Kind::BadArgument, span, "`" + named.name + "` cannot be called");
    case Named::Kind::kRefused:
      Reject(Kind::BuiltinRefused, span, named.name);
  }
  throw InternalError("an unknown kind of name");
}

BoundPtr Binder::ToLambda(const LambdaValue& value, const Type& element, Span span) {
  const ast::Lambda& lambda = *value.lambda;
  if (lambda.parameters.size() != 1 || !lambda.plain) {
    Reject(Kind::ExpressionRefused, span, std::string("a lambda with other than one argument"),
           std::string("write `key=lambda row: ...`"));
  }
  const Scope before = names_;
  const uint32_t slot = NewSlot();
  names_.insert_or_assign(
      lambda.parameters[0],
      MakeBound(span, PythonValue{program::Make(span, program::Local{slot}), element, {}}));
  const PythonValue body = ToPython(Eval(*lambda.body));
  names_ = before;
  return MakeBound(span,
                   PythonValue{program::Make(span, program::Lambda{slot, body.expr}), Type(), {}});
}

// sorted(counts, key=counts.get), sorted(names, key=str.lower)
BoundPtr Binder::ToLambda(const MethodValue& method, const Type& element, Span span) {
  const uint32_t slot = NewSlot();
  const BoundPtr item =
      MakeBound(span, PythonValue{program::Make(span, program::Local{slot}), element, {}});
  const bool of_class = method.receiver->As<Named>() != nullptr;
  if (of_class && (element.kind != TypeKind::kStr || element.nullable)) {
    // Python's TypeError of another value would come out as an AttributeError.
    Reject(Kind::NotSupported, span, "`str." + method.name + "` of what may be no text",
           "write `key=lambda x: x." + method.name + "()`");
  }
  Arguments arguments;
  arguments.span = span;
  if (!of_class) arguments.positional.push_back(item);
  const PythonValue body = ToPython(
      CallMethod(of_class ? item : method.receiver, method.name, std::move(arguments), span));
  return MakeBound(span,
                   PythonValue{program::Make(span, program::Lambda{slot, body.expr}), Type(), {}});
}

// len(qs) and bool(qs) fetch in Django; what they give is the same counted by the database, as the
// rows' own number.
BoundPtr Binder::QuerySetBuiltin(const std::string& name, const BoundPtr& value, Span span) {
  const auto* queryset = value->As<QuerySet>();
  if (queryset == nullptr) return nullptr;
  if (name == "len" || name == "bool" || name == "list") read_.insert(value);
  if (name == "len") {
    RejectUncounted(*queryset, span);
    if (queryset->batch) return OfRelated(*queryset, "len", TypeKind::kInt, span);
    if (!queryset->query->OrderMultiplies()) {
      return End(*queryset, *catalog::FindMethod("count"), Arguments{}, span);
    }
    return CountRows(*queryset, true, span);
  }
  if (name == "bool") return Truth(*queryset, span);
  if (name == "list") return Fetch(*queryset, program::FetchKind::kRows, span);
  return nullptr;
}

// Is there a row?  exists() looks for one without the order; a slice may begin behind those.
BoundPtr Binder::Truth(const QuerySet& queryset, Span span) {
  RejectUncounted(queryset, span);
  const plan::Query& query = *queryset.query;
  const bool in_order = !queryset.batch && query.IsSliced() && query.OrderMultiplies();
  if (!in_order) return Fetch(queryset, program::FetchKind::kExists, span);
  const program::ExprPtr count = ToProgram(CountRows(queryset, true, span));
  return Computed(span, program::Make(span, program::CallBuiltin{"bool", {count}, {}}),
                  MakeType(TypeKind::kBool), false);
}

BoundPtr Binder::CallBuiltin(const std::string& name, Arguments arguments, Span span) {
  if (arguments.positional.size() == 1 && arguments.keywords.empty()) {
    if (BoundPtr known = QuerySetBuiltin(name, arguments.positional[0], span)) return known;
  }
  if (BoundPtr known = KnownBuiltin(name, arguments, span)) return known;
  if (name == "hasattr") return HasAttribute(arguments, span);
  if (name == "str" && arguments.positional.size() == 1 && arguments.keywords.empty()) {
    const auto* python = arguments.positional[0]->As<PythonValue>();
    if (python != nullptr && python->type.kind == TypeKind::kInstance) {
      return MakeBound(span,
                       PythonValue{InstanceText(*python, span), MakeType(TypeKind::kStr), {}});
    }
  }
  // `dict(a=Count("x"))`, `list([Q()])`: what the runtime cannot hold stays symbolic.
  if (name == "dict" && arguments.positional.empty()) {
    Mapping mapping;
    for (auto& [keyword, value] : arguments.keywords) {
      mapping.items.emplace_back(ConstantOf(span, Value::Str(keyword)), value);
    }
    return MakeBound(span, std::move(mapping));
  }
  const auto is_text = [](std::string_view function) {
    return function == "str" || function == "repr" || function == "ascii" || function == "format";
  };
  const bool makes_text = is_text(name);
  program::CallBuiltin call;
  call.name = name;
  bool constant = !IsClock(name);
  std::vector<Type> types;
  for (const BoundPtr& argument : arguments.positional) {
    constant = constant && ConstantIn(argument) != nullptr;
    const PythonValue python = ToPython(argument);
    if (makes_text && !python.constant) NeedTexts(python.type, span);
    types.push_back(python.type);
    call.arguments.push_back(python.expr);
  }
  for (const auto& [keyword, argument] : arguments.keywords) {
    const bool takes_key =
        keyword == "key" && (name == "sorted" || name == "min" || name == "max") && !types.empty();
    if (const auto* method = argument->As<MethodValue>(); method != nullptr && takes_key) {
      call.keywords.push_back({keyword, ToProgram(ToLambda(*method, ElementOf(types[0]), span))});
      constant = false;
      continue;
    }
    if (const auto* lambda = argument->As<LambdaValue>()) {
      if (!takes_key) {
        Reject(Kind::ExpressionRefused, argument->span, std::string("a lambda here"),
               std::string("it stands only as `key=` of sorted, min and max"));
      }
      call.keywords.push_back({keyword, ToProgram(ToLambda(*lambda, ElementOf(types[0]), span))});
      constant = false;
      continue;
    }
    if (const auto* function = argument->As<Named>(); function != nullptr && keyword == "key" &&
                                                      function->kind == Named::Kind::kBuiltin &&
                                                      !types.empty()) {
      // key=len
      if (is_text(function->name)) NeedTexts(ElementOf(types[0]), span);
      const uint32_t slot = NewSlot();
      program::CallBuiltin inner{function->name, {program::Make(span, program::Local{slot})}, {}};
      call.keywords.push_back(
          {keyword,
           program::Make(span, program::Lambda{slot, program::Make(span, std::move(inner))})});
      constant = false;
      continue;
    }
    const Value* known = ConstantIn(argument);
    if (takes_key && (known == nullptr || !known->is_none())) {
      Reject(Kind::TypeMismatch, argument->span, "`key=` of " + name + " takes a function");
    }
    constant = constant && known != nullptr;
    const PythonValue python = ToPython(argument);
    if (keyword == "default" || keyword == "start") types.push_back(python.type);
    call.keywords.push_back({keyword, python.expr});
  }
  if (ComparesElements(name) && !types.empty()) RejectLate(ElementOf(types[0]), span);
  Type type = BuiltinType(name, types);
  if ((name == "min" || name == "max") && arguments.positional.size() == 1 && types.size() == 2) {
    type = Union(ElementOf(types[0]), types[1]);
  }
  return Computed(span, program::Make(span, std::move(call)), std::move(type), constant);
}

}  // namespace ormc::bind
