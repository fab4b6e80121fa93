#include <algorithm>
#include <array>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/values/dict.h"

namespace ormc::bind {
namespace {

// Types of what builtins and methods give; others are not known.
struct ResultRow {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array kResults = {
    ResultRow{"len", TypeKind::kInt},
    ResultRow{"int", TypeKind::kInt},
    ResultRow{"float", TypeKind::kFloat},
    ResultRow{"str", TypeKind::kStr},
    ResultRow{"bool", TypeKind::kBool},
    ResultRow{"any", TypeKind::kBool},
    ResultRow{"all", TypeKind::kBool},
    ResultRow{"format", TypeKind::kStr},
    ResultRow{"datetime.date", TypeKind::kDate},
    ResultRow{"datetime.date.today", TypeKind::kDate},
    ResultRow{"datetime.date.fromisoformat", TypeKind::kDate},
    ResultRow{"datetime.time", TypeKind::kTime},
    ResultRow{"datetime.timedelta", TypeKind::kTimeDelta},
    ResultRow{"datetime.datetime", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.now", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.today", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.utcnow", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.combine", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.fromisoformat", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.strptime", TypeKind::kDateTime},
    ResultRow{"timezone.now", TypeKind::kDateTime},
    ResultRow{"timezone.localtime", TypeKind::kDateTime},
    ResultRow{"timezone.localdate", TypeKind::kDate},
    ResultRow{"timezone.make_aware", TypeKind::kDateTime},
    ResultRow{"timezone.make_naive", TypeKind::kDateTime},
    ResultRow{"timezone.datetime", TypeKind::kDateTime},
    ResultRow{"decimal.Decimal", TypeKind::kDecimal},
    ResultRow{"uuid.UUID", TypeKind::kUuid},
    ResultRow{"zoneinfo.ZoneInfo", TypeKind::kZone},
    ResultRow{"math.floor", TypeKind::kInt},
    ResultRow{"math.ceil", TypeKind::kInt},
    ResultRow{"math.sqrt", TypeKind::kFloat},
    ResultRow{"math.log", TypeKind::kFloat},
};
constexpr std::array kMethodResults = {
    ResultRow{"date", TypeKind::kDate},
    ResultRow{"time", TypeKind::kTime},
    ResultRow{"isoformat", TypeKind::kStr},
    ResultRow{"strftime", TypeKind::kStr},
    ResultRow{"weekday", TypeKind::kInt},
    ResultRow{"isoweekday", TypeKind::kInt},
    ResultRow{"total_seconds", TypeKind::kFloat},
    ResultRow{"timestamp", TypeKind::kFloat},
    ResultRow{"astimezone", TypeKind::kDateTime},
    ResultRow{"upper", TypeKind::kStr},
    ResultRow{"lower", TypeKind::kStr},
    ResultRow{"title", TypeKind::kStr},
    ResultRow{"strip", TypeKind::kStr},
    ResultRow{"lstrip", TypeKind::kStr},
    ResultRow{"rstrip", TypeKind::kStr},
    ResultRow{"capitalize", TypeKind::kStr},
    ResultRow{"join", TypeKind::kStr},
    ResultRow{"format", TypeKind::kStr},
    ResultRow{"zfill", TypeKind::kStr},
    ResultRow{"startswith", TypeKind::kBool},
    ResultRow{"endswith", TypeKind::kBool},
    ResultRow{"count", TypeKind::kInt},
    ResultRow{"find", TypeKind::kInt},
    ResultRow{"index", TypeKind::kInt},
    ResultRow{"quantize", TypeKind::kDecimal},
};

template <size_t N>
std::optional<Type> ResultOf(const std::array<ResultRow, N>& rows, std::string_view name) {
  for (const ResultRow& row : rows) {
    if (row.name == name) return MakeType(row.kind);
  }
  return std::nullopt;
}

// Builtins whose answer depends on the clock are never folded.
bool IsClock(std::string_view name) {
  return name.ends_with("now") || name.ends_with("today") || name.ends_with("utcnow") ||
         name == "timezone.localtime" || name == "timezone.localdate" ||
         name == "timezone.get_current_timezone";
}

Type PairOf(Type a, Type b) {
  Type pair = MakeType(TypeKind::kTuple);
  pair.items = {std::move(a), std::move(b)};
  return pair;
}

// What a builtin that keeps, orders or pairs elements gives.
Type BuiltinType(std::string_view name, const std::vector<Type>& arguments) {
  if (auto fixed = ResultOf(kResults, name)) return *fixed;
  const Type first = arguments.empty() ? Type() : arguments[0];
  const Type element = ElementOf(first);
  if (name == "sorted" || name == "list" || name == "reversed") return ListOf(element);
  if (name == "tuple") {
    if (first.kind == TypeKind::kTuple) return first;
    Type tuple = ListOf(element);
    return tuple;
  }
  if (name == "set" || name == "frozenset") {
    Type set = ListOf(element);
    set.kind = TypeKind::kSet;
    return set;
  }
  if (name == "enumerate") return ListOf(PairOf(MakeType(TypeKind::kInt), element));
  if (name == "zip" && arguments.size() == 2)
    return ListOf(PairOf(element, ElementOf(arguments[1])));
  if (name == "range") return ListOf(MakeType(TypeKind::kInt));
  if (name == "min" || name == "max") {
    if (arguments.size() == 1) return element;
    Type best = first;
    for (const Type& argument : arguments) best = Union(best, argument);
    return best;
  }
  if (name == "sum") {
    Type sum = element;
    if (sum.kind == TypeKind::kBool) sum = MakeType(TypeKind::kInt);
    // Of nothing it is 0, whatever the elements are.
    if (sum.kind != TypeKind::kInt && sum.kind != TypeKind::kFloat) sum = Type();
    sum.nullable = false;
    return sum;
  }
  if (name == "abs") return first;
  if (name == "round") return arguments.size() == 1 ? MakeType(TypeKind::kInt) : first;
  if (name == "dict") {
    if (first.kind == TypeKind::kDict) return first;
    Type dict = MakeType(TypeKind::kDict);
    if (element.kind == TypeKind::kTuple && element.items.size() == 2) {
      dict.key = std::make_shared<const Type>(element.items[0]);
      dict.element = std::make_shared<const Type>(element.items[1]);
    }
    return dict;
  }
  return Type();
}

Type MethodType(const Type& receiver, std::string_view name, const std::vector<Type>& arguments) {
  if (receiver.kind == TypeKind::kDict) {
    const Type value = receiver.element ? *receiver.element : Type();
    const Type key = receiver.key ? *receiver.key : Type();
    if (name == "items") return ListOf(PairOf(key, value));
    if (name == "keys") return ListOf(key);
    if (name == "values") return ListOf(value);
    if (name == "get") {
      Type type = value;
      if (arguments.size() == 2) return Union(type, arguments[1]);
      type.nullable = true;
      return type;
    }
    if (name == "copy") return receiver;
    return Type();
  }
  if (name == "split" || name == "splitlines" || name == "rsplit") {
    return ListOf(MakeType(TypeKind::kStr));
  }
  if (name == "replace" || name == "copy") {
    Type same = receiver;
    same.nullable = false;
    return same;
  }
  if (auto fixed = ResultOf(kMethodResults, name)) return *fixed;
  return Type();
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

Arguments Binder::EvalArguments(const ast::Call& node, Span span) {
  Arguments arguments;
  arguments.span = span;
  const auto add_keyword = [&](const std::string& name, Span where, BoundPtr value) {
    if (name.starts_with("_")) Reject(Kind::UnderscoreName, where, name);
    for (const auto& [known, other] : arguments.keywords) {
      if (known == name) Reject(Kind::BadArgument, where, "`" + name + "` is given twice");
    }
    arguments.keywords.emplace_back(name, std::move(value));
  };
  for (const ast::Argument& argument : node.arguments) {
    BoundPtr value = Eval(*argument.value);
    switch (argument.kind) {
      case ast::Argument::Kind::kPositional:
        arguments.positional.push_back(std::move(value));
        break;
      case ast::Argument::Kind::kKeyword:
        add_keyword(argument.name, argument.name_span, std::move(value));
        break;
      case ast::Argument::Kind::kStar: {
        auto items = KnownElements(value);
        if (!items) {
          Reject(Kind::NotSupported, argument.value->span,
                 std::string("`*` over what is not known here"), std::string("write the values"));
        }
        for (BoundPtr& item : *items) arguments.positional.push_back(std::move(item));
        break;
      }
      case ast::Argument::Kind::kDoubleStar: {
        std::vector<std::pair<BoundPtr, BoundPtr>> items;
        if (const auto* mapping = value->As<Mapping>()) items = mapping->items;
        const Value* constant = ConstantIn(value);
        const auto* dict = constant != nullptr ? constant->As<std::shared_ptr<Dict>>() : nullptr;
        if (dict != nullptr) {
          for (const Dict::Entry& entry : (*dict)->entries()) {
            items.emplace_back(ConstantOf(value->span, entry.key),
                               ConstantOf(value->span, entry.value));
          }
        } else if (value->As<Mapping>() == nullptr) {
          Reject(Kind::NotSupported, argument.value->span,
                 std::string("`**` over what is not known here"),
                 std::string("write the keywords, or a dict with constant keys"));
        }
        for (auto& [key, item] : items) {
          const auto name = ConstantText(key);
          if (!name) {
            Reject(Kind::NotSupported, key->span,
                   std::string("`**` with a key that is not known here"),
                   std::string("write constant keys"));
          }
          add_keyword(*name, argument.value->span, std::move(item));
        }
        break;
      }
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
    if (arguments.positional.size() == 1) {
      if (const Value* value = ConstantIn(arguments.positional[0])) {
        for (const manifest::ChoicesClass::Member& member : choices->choices->members) {
          if (plan::IdenticalConstants(member.value, *value)) {
            return MakeBound(span, ChoicesMember{choices->choices, &member});
          }
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

// len(qs) and bool(qs) fetch in Django; what they give is the same counted by the database, as the
// rows' own number.
BoundPtr Binder::QuerySetBuiltin(const std::string& name, const BoundPtr& value, Span span) {
  const auto* queryset = value->As<QuerySet>();
  if (queryset == nullptr) return nullptr;
  if (name == "len") {
    const catalog::Method* count = catalog::FindMethod("count");
    return End(*queryset, *count, Arguments{}, span);
  }
  if (name == "bool") return Fetch(*queryset, program::FetchKind::kExists, span);
  if (name == "list") return Fetch(*queryset, program::FetchKind::kRows, span);
  return nullptr;
}

BoundPtr Binder::CallBuiltin(const std::string& name, Arguments arguments, Span span) {
  if (arguments.positional.size() == 1 && arguments.keywords.empty()) {
    if (BoundPtr known = QuerySetBuiltin(name, arguments.positional[0], span)) return known;
  }
  if (name == "str" && arguments.positional.size() == 1) {
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
  if ((name == "list" || name == "tuple") && arguments.positional.size() == 1) {
    if (const auto* sequence = arguments.positional[0]->As<Sequence>()) {
      Sequence copy = *sequence;
      copy.kind = name == "list" ? ast::DisplayKind::kList : ast::DisplayKind::kTuple;
      return MakeBound(span, std::move(copy));
    }
  }
  program::CallBuiltin call;
  call.name = name;
  bool constant = !IsClock(name);
  std::vector<Type> types;
  for (const BoundPtr& argument : arguments.positional) {
    constant = constant && ConstantIn(argument) != nullptr;
    const PythonValue python = ToPython(argument);
    types.push_back(python.type);
    call.arguments.push_back(python.expr);
  }
  for (const auto& [keyword, argument] : arguments.keywords) {
    if (const auto* lambda = argument->As<LambdaValue>()) {
      const bool takes_key =
          keyword == "key" && (name == "sorted" || name == "min" || name == "max");
      if (!takes_key || types.empty()) {
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
      // key=len, key=str.lower
      const uint32_t slot = NewSlot();
      program::CallBuiltin inner{function->name, {program::Make(span, program::Local{slot})}, {}};
      call.keywords.push_back(
          {keyword,
           program::Make(span, program::Lambda{slot, program::Make(span, std::move(inner))})});
      constant = false;
      continue;
    }
    constant = constant && ConstantIn(argument) != nullptr;
    const PythonValue python = ToPython(argument);
    if (keyword == "default" || keyword == "start") types.push_back(python.type);
    call.keywords.push_back({keyword, python.expr});
  }
  Type type = BuiltinType(name, types);
  if ((name == "min" || name == "max") && arguments.positional.size() == 1 && types.size() == 2) {
    type = Union(ElementOf(types[0]), types[1]);
  }
  return Computed(span, program::Make(span, std::move(call)), std::move(type), constant);
}

BoundPtr Binder::CallMethod(const BoundPtr& receiver, const std::string& name, Arguments arguments,
                            Span span) {
  const auto as_queryset = AsQuerySet(receiver);
  if (as_queryset) {
    if (const catalog::Method* method = catalog::FindMethod(name)) {
      return method->group == "queryset"
                 ? QuerySetMethod(*as_queryset, *method, std::move(arguments), span)
                 : End(*as_queryset, *method, std::move(arguments), span);
    }
    if (as_queryset->manager != nullptr) {
      const bool on_manager = receiver->As<QuerySet>() == nullptr;
      for (const manifest::Method& method : as_queryset->manager->methods) {
        if (method.name != name || (method.manager_only && !on_manager)) continue;
        const BoundPtr self = method.manager_only ? receiver : MakeBound(span, *as_queryset);
        return Inlined(method, self, std::move(arguments), span);
      }
    }
    if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name)) {
      if (!refused->verb.empty()) {
        Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
      }
      Reject(Kind::MethodRefused, span, name, std::string(refused->reason));
    }
    if (name.starts_with("_")) Reject(Kind::UnderscoreName, span, name);
    Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownMethod, span, name);
    diagnostic.suggestion = DidYouMean(name, catalog::MethodNames());
    throw Rejection(std::move(diagnostic));
  }
  if (const auto* expression = receiver->As<Expression>()) {
    const bool ascending = name == "asc";
    if (ascending || name == "desc") {
      plan::Expr order;
      order.op = plan::Op::kOrderBy;
      order.span = span;
      order.descending = !ascending;
      order.args = {expression->expr};
      for (const char* keyword : {"nulls_first", "nulls_last"}) {
        const BoundPtr flag = arguments.Take(keyword);
        const Value* known = flag ? ConstantIn(flag) : nullptr;
        const bool* set = known != nullptr ? known->As<bool>() : nullptr;
        if (set == nullptr) continue;
        if (std::string_view(keyword) == "nulls_first") order.nulls_first = *set;
        if (std::string_view(keyword) == "nulls_last") order.nulls_last = *set;
      }
      if (order.nulls_first && order.nulls_last) {
        Reject(Kind::BadValue, span,
               std::string("nulls_first and nulls_last are mutually exclusive"));
      }
      return MakeBound(span, Expression{plan::Finish(std::move(order)), {}});
    }
    static const std::map<std::string, std::string, std::less<>> bit_operators = {
        {"bitand", "&"},
        {"bitor", "|"},
        {"bitxor", "#"},
        {"bitleftshift", "<<"},
        {"bitrightshift", ">>"}};
    if (const auto bits = bit_operators.find(name);
        bits != bit_operators.end() && arguments.positional.size() == 1) {
      plan::Expr arithmetic;
      arithmetic.op = plan::Op::kArithmetic;
      arithmetic.span = span;
      arithmetic.name = bits->second;
      arithmetic.args = {expression->expr, ToExpression(arguments.positional[0], false)};
      return MakeBound(span, Expression{plan::Finish(std::move(arithmetic)), {}});
    }
    Reject(Kind::UnknownAttribute, span, std::string("this expression"), name);
  }
  if (const auto* mapping = receiver->As<Mapping>()) {
    // A dict of known keys whose items are no plain values.
    if (name == "items" || name == "keys" || name == "values") {
      Sequence sequence{ast::DisplayKind::kList, {}};
      for (const auto& [key, item] : mapping->items) {
        if (name == "keys") sequence.items.push_back(key);
        if (name == "values") sequence.items.push_back(item);
        if (name == "items") {
          sequence.items.push_back(
              MakeBound(span, Sequence{ast::DisplayKind::kTuple, {key, item}}));
        }
      }
      return MakeBound(span, std::move(sequence));
    }
  }
  return CallValueMethod(ToPython(receiver), name, std::move(arguments), span);
}

BoundPtr Binder::CallValueMethod(const PythonValue& value, const std::string& name,
                                 Arguments arguments, Span span) {
  if (value.type.kind == TypeKind::kInstance) {
    const manifest::Model& model = *value.type.model;
    if (name.starts_with("get_") && name.ends_with("_display") && name.size() > 12) {
      const std::string field_name = name.substr(4, name.size() - 12);
      const manifest::Field* field = scope_.FindField(model, field_name);
      if (field != nullptr && !field->choices.empty()) {
        const PythonValue stored = ToPython(InstanceAttribute(value, field->attname, span));
        Dict labels;
        for (const auto& [choice, label] : field->choices) labels.Set(choice, Value::Str(label));
        program::CallMethod get{
            program::Make(span, program::Constant{DictValue(std::move(labels))}),
            "get",
            {stored.expr, stored.expr},
            {}};
        return MakeBound(span, PythonValue{program::Make(span, std::move(get)),
                                           MakeType(TypeKind::kStr, field->null),
                                           {}});
      }
    }
    for (const manifest::Method& method : model.methods) {
      if (method.name == name) {
        return Inlined(method, MakeBound(span, value), std::move(arguments), span);
      }
    }
    if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name);
        refused != nullptr && !refused->verb.empty()) {
      Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
    }
    const BoundPtr attribute = InstanceAttribute(value, name, span);
    Reject(Kind::BadArgument, span, "`" + name + "` cannot be called");
  }
  const std::string_view type = NameOf(value.type);
  if (name.starts_with("_")) Reject(Kind::UnderscoreName, span, name);
  if (!eval::HasMethod(type, name)) {
    if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name);
        refused != nullptr && !refused->verb.empty()) {
      Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
    }
    Diagnostic diagnostic =
        MakeDiagnostic(Kind::UnknownAttribute, span,
                       type.empty() ? std::string("this value") : std::string(type), name);
    std::vector<std::string> known;
    for (const eval::CallableInfo& row : eval::Methods()) {
      if (type.empty() || row.type == type) known.emplace_back(row.name);
    }
    diagnostic.suggestion = DidYouMean(name, known);
    throw Rejection(std::move(diagnostic));
  }
  for (const eval::CallableInfo& row : eval::Methods()) {
    if (row.name == name && row.mutates && (type.empty() || row.type == type)) {
      const bool also_pure = std::any_of(
          eval::Methods().begin(), eval::Methods().end(), [&](const eval::CallableInfo& other) {
            return other.name == name && !other.mutates && (type.empty() || other.type == type);
          });
      // `d = out.setdefault(k, {})`, `out.setdefault(k, []).append(e)`
      const bool folded = name == "setdefault" && in_fold_ && !value.constant;
      if (!also_pure && !folded) {
        Reject(Kind::MutationOutsideFold, span, name,
               std::string("write the whole value, or a comprehension"));
      }
    }
  }
  program::CallMethod call{value.expr, name, {}, {}};
  bool constant = value.constant.has_value();
  std::vector<Type> types;
  for (const BoundPtr& argument : arguments.positional) {
    constant = constant && ConstantIn(argument) != nullptr;
    const PythonValue python = ToPython(argument);
    types.push_back(python.type);
    call.arguments.push_back(python.expr);
  }
  for (const auto& [keyword, argument] : arguments.keywords) {
    constant = constant && ConstantIn(argument) != nullptr;
    call.keywords.push_back({keyword, ToProgram(argument)});
  }
  return Computed(span, program::Make(span, std::move(call)), MethodType(value.type, name, types),
                  constant);
}

}  // namespace ormc::bind
