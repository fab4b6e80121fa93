#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/values/dict.h"
#include "compiler/values/text.h"

namespace ormc::bind {
namespace {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;

Expr NewExpr(Op op, Span span) {
  Expr expr;
  expr.op = op;
  expr.span = span;
  return expr;
}

BoundPtr Bind(Expr expr, std::string default_alias = {}) {
  const Span span = expr.span;
  return MakeBound(span, Expression{plan::Finish(std::move(expr)), std::move(default_alias)});
}

[[noreturn]] void RejectArguments(const std::string& what, const Arguments& arguments) {
  if (!arguments.keywords.empty()) {
    const std::string& name = arguments.keywords[0].first;
    Reject(Kind::UnexpectedArgument, arguments.NameSpan(name, arguments.span), what, name);
  }
  Reject(Kind::BadArgument, arguments.span, "`" + what + "` has too many arguments");
}

// A call whose output field was written.
void SetOutput(Expr& expr, std::optional<plan::FieldType> output) {
  if (!output) return;
  expr.output = std::move(output);
  expr.explicit_output = true;
}

}  // namespace

plan::Operand Binder::ToOperand(const BoundPtr& value) {
  plan::Operand operand;
  if (const Value* constant = ConstantIn(value)) {
    operand.constant = *constant;
    return operand;
  }
  const PythonValue python = ToPython(value);
  operand.runtime = python.expr;
  operand.maybe_none = python.type.nullable;
  operand.model = python.type.model;
  return operand;
}

ExprPtr Binder::ToExpression(const BoundPtr& value, bool text_is_name) {
  const Span span = value->span;
  if (const auto* expression = value->As<Expression>()) return expression->expr;
  if (const auto* queryset = value->As<QuerySet>()) {
    // A queryset among expressions is a sub-query.
    Expr subquery = NewExpr(Op::kSubquery, span);
    auto query = queryset->query->Clone();
    query->subquery = true;
    subquery.query = query;
    return plan::Finish(std::move(subquery));
  }
  if (text_is_name) {
    if (auto text = ConstantText(value)) {
      if (value->As<ChoicesMember>() == nullptr) return plan::MakeName(span, *text);
    }
  }
  const PythonValue python = ToPython(value);
  std::optional<plan::FieldType> output;
  if (!python.constant) {
    using manifest::FieldKind;
    switch (python.type.kind) {
      case TypeKind::kInt:
        output = plan::Plain(FieldKind::kIntegerField);
        break;
      case TypeKind::kFloat:
        output = plan::Plain(FieldKind::kFloatField);
        break;
      case TypeKind::kDecimal:
        output = plan::Plain(FieldKind::kDecimalField);
        break;
      case TypeKind::kStr:
        output = plan::Plain(FieldKind::kCharField);
        break;
      case TypeKind::kBool:
        output = plan::Plain(FieldKind::kBooleanField);
        break;
      case TypeKind::kDate:
        output = plan::Plain(FieldKind::kDateField);
        break;
      case TypeKind::kDateTime:
        output = plan::Plain(FieldKind::kDateTimeField);
        break;
      case TypeKind::kTime:
        output = plan::Plain(FieldKind::kTimeField);
        break;
      case TypeKind::kTimeDelta:
        output = plan::Plain(FieldKind::kDurationField);
        break;
      case TypeKind::kUuid:
        output = plan::Plain(FieldKind::kUUIDField);
        break;
      case TypeKind::kUnknown:
      case TypeKind::kNone:
      case TypeKind::kBytes:
      case TypeKind::kZone:
      case TypeKind::kList:
      case TypeKind::kTuple:
      case TypeKind::kSet:
      case TypeKind::kDict:
      case TypeKind::kInstance:
        Reject(Kind::NotSupported, span,
               std::string("a computed value of unknown type in an expression"),
               std::string("say what it is: `int(x)`, `float(x)`, `Decimal(x)`, `str(x)`"));
    }
  }
  ExprPtr made = plan::MakeValue(span, ToOperand(value));
  if (!output) return made;
  Expr typed = *made;
  typed.output = output;
  return plan::Finish(std::move(typed));
}

// The right side of `field__lookup=value`.
ExprPtr Binder::ToLookupValue(const BoundPtr& value) {
  const Span span = value->span;
  if (const auto* expression = value->As<Expression>()) return expression->expr;
  if (const auto* queryset = value->As<QuerySet>()) {
    Expr subquery = NewExpr(Op::kSubquery, span);
    auto query = queryset->query->Clone();
    query->subquery = true;
    subquery.query = query;
    subquery.from_queryset = true;
    return plan::Finish(std::move(subquery));
  }
  if (value->As<ManagerRef>() != nullptr || value->As<RelatedRows>() != nullptr) {
    Reject(Kind::BadArgument, span, std::string("a manager is no value: write `.all()`"));
  }
  if (const auto* sequence = value->As<Sequence>()) {
    Expr list = NewExpr(Op::kDirectList, span);
    for (const BoundPtr& item : sequence->items) list.args.push_back(ToLookupValue(item));
    if (sequence->kind == ast::DisplayKind::kList) list.name = "list";
    return plan::Finish(std::move(list));
  }
  const auto* python = value->As<PythonValue>();
  if (python != nullptr && !python->constant && python->type.kind == TypeKind::kTuple &&
      python->type.items.size() == 2) {
    // A pair that is known only at run time: its two parts.
    Expr list = NewExpr(Op::kDirectList, span);
    for (int64_t i = 0; i < 2; ++i) {
      plan::Operand part;
      part.runtime = program::Make(
          span,
          program::Subscript{python->expr, program::Make(span, program::Constant{Value::Int(i)})});
      part.maybe_none = python->type.items[static_cast<size_t>(i)].nullable;
      list.args.push_back(plan::MakeDirect(span, std::move(part)));
    }
    return plan::Finish(std::move(list));
  }
  return plan::MakeDirect(span, ToOperand(value));
}

ExprPtr Binder::ConditionItem(const std::string& path, const BoundPtr& value, Span span) {
  for (size_t begin = 0; begin <= path.size();) {
    // R2: no part of a path begins with an underscore.
    const size_t end = path.find("__", begin);
    const std::string part = path.substr(begin, end == std::string::npos ? end : end - begin);
    if (part.starts_with("_") || part.empty()) Reject(Kind::UnderscoreName, span, path);
    if (end == std::string::npos) break;
    begin = end + 2;
  }
  Expr item = NewExpr(Op::kItem, span);
  item.name = path;
  item.args = {ToLookupValue(value)};
  return plan::Finish(std::move(item));
}

// Q(*args, **kwargs): expressions first, then the conditions in the order of their names.
ExprPtr Binder::Condition(const Arguments& arguments, Span span, bool negated) {
  Expr condition = NewExpr(Op::kCondition, span);
  condition.negated = negated;
  for (const BoundPtr& positional : arguments.positional) {
    const auto* expression = positional->As<Expression>();
    if (expression == nullptr) {
      const Value* constant = ConstantIn(positional);
      if (positional->As<Mapping>() != nullptr ||
          (constant != nullptr && constant->As<std::shared_ptr<Dict>>() != nullptr)) {
        Reject(Kind::BadCondition, positional->span);
      }
      // Q(("path", value))
      const auto pair = KnownElements(positional);
      const auto path = pair && pair->size() == 2 ? ConstantText((*pair)[0]) : std::nullopt;
      if (!path && ConstantText(positional)) {
        Reject(Kind::BadValue, positional->span, std::string("a text is no condition"));
      }
      if (!path) Reject(Kind::NotConditional, positional->span);
      condition.args.push_back(ConditionItem(*path, (*pair)[1], positional->span));
      continue;
    }
    condition.args.push_back(expression->expr);
  }
  std::vector<std::pair<std::string, BoundPtr>> keywords = arguments.keywords;
  std::sort(keywords.begin(), keywords.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [path, value] : keywords) {
    condition.args.push_back(ConditionItem(path, value, arguments.NameSpan(path, value->span)));
  }
  return plan::Finish(std::move(condition));
}

std::optional<plan::FieldType> Binder::OutputField(Arguments& arguments) {
  const BoundPtr given = arguments.Take("output_field");
  if (!given) return std::nullopt;
  if (const auto* field = given->As<FieldInstance>()) return field->type;
  if (const auto* named = given->As<Named>();
      named != nullptr && named->kind == Named::Kind::kField) {
    return plan::Plain(*plan::FieldClass(named->name));
  }
  const Value* none = ConstantIn(given);
  if (none != nullptr && none->is_none()) return std::nullopt;
  Reject(Kind::BadArgument, given->span, std::string("output_field must be a field"));
}

std::string Binder::ZoneArgument(Arguments& arguments) {
  const BoundPtr given = arguments.Take("tzinfo");
  if (!given) return "";
  const Value* constant = ConstantIn(given);
  if (constant != nullptr && constant->is_none()) return "";
  const auto* zone = constant != nullptr ? constant->As<TimeZonePtr>() : nullptr;
  if (zone == nullptr || *zone == nullptr || (*zone)->offset_seconds) {
    Reject(Kind::NotSupported, given->span, std::string("this tzinfo"),
           std::string("write `ZoneInfo(\"Europe/Berlin\")`"));
  }
  return (*zone)->name;
}

BoundPtr Binder::FieldConstructor(const std::string& name, Arguments arguments, Span span) {
  plan::FieldType type = plan::Plain(*plan::FieldClass(name));
  const auto integer = [&](const char* keyword) -> std::optional<int32_t> {
    const BoundPtr value = arguments.Take(keyword);
    const Value* constant = value ? ConstantIn(value) : nullptr;
    const auto* number = constant != nullptr ? constant->As<int64_t>() : nullptr;
    if (number == nullptr || *number < 0 || *number > 1000) return std::nullopt;
    return static_cast<int32_t>(*number);
  };
  type.max_length = integer("max_length");
  type.max_digits = integer("max_digits");
  type.decimal_places = integer("decimal_places");
  if (type.kind == manifest::FieldKind::kArrayField) {
    const BoundPtr base =
        arguments.positional.empty() ? arguments.Take("base_field") : arguments.positional[0];
    const auto* field = base ? base->As<FieldInstance>() : nullptr;
    if (field == nullptr) Reject(Kind::MissingArgument, span, name, std::string("a base field"));
    type.base = std::make_shared<const plan::FieldType>(field->type);
  }
  return MakeBound(span, FieldInstance{std::move(type)});
}

BoundPtr Binder::CaseConstructor(Arguments arguments, Span span) {
  Expr node = NewExpr(Op::kCase, span);
  const BoundPtr otherwise = arguments.Take("default");
  SetOutput(node, OutputField(arguments));
  if (!arguments.keywords.empty()) RejectArguments("Case", arguments);
  for (const BoundPtr& when : arguments.positional) {
    const auto* expression = when->As<Expression>();
    if (expression == nullptr || expression->expr->op != Op::kWhen) {
      Reject(Kind::BadArgument, when->span,
             std::string("positional arguments of Case must be When"));
    }
    node.args.push_back(expression->expr);
  }
  node.args.push_back(otherwise ? ToExpression(otherwise, true)
                                : plan::MakeValue(span, plan::Constant(Value::None())));
  return Bind(std::move(node));
}

BoundPtr Binder::Construct(const std::string& name, Arguments arguments, Span span) {
  const auto one = [&]() -> BoundPtr {
    if (arguments.positional.size() != 1) {
      Reject(Kind::MissingArgument, span, name, std::string("one argument"));
    }
    return arguments.positional[0];
  };
  if (name == "F") {
    return MakeBound(span, Expression{plan::MakeName(span, RequireText(one(), "F")), {}});
  }
  if (name == "OuterRef") {
    Expr outer = NewExpr(Op::kOuterName, span);
    const BoundPtr inner = one();
    const auto* expression = inner->As<Expression>();
    if (expression != nullptr && expression->expr->op == Op::kOuterName) {
      outer.args = {expression->expr};
    } else {
      outer.name = RequireText(inner, "OuterRef");
    }
    return Bind(std::move(outer));
  }
  if (name == "Q") {
    const BoundPtr connector = arguments.Take("_connector");
    Expr condition = *Condition(arguments, span, false);
    return Bind(std::move(condition));
  }
  if (name == "Value") {
    if (arguments.positional.size() == 2) {
      arguments.keywords.emplace_back("output_field", arguments.positional[1]);
      arguments.positional.pop_back();
    }
    const std::optional<plan::FieldType> output = OutputField(arguments);
    const BoundPtr value = arguments.positional.empty() ? arguments.Take("value") : one();
    if (!value) Reject(Kind::MissingArgument, span, name, std::string("a value"));
    if (value->As<Expression>() != nullptr) {
      Reject(Kind::BadArgument, span, std::string("Value takes a value, not an expression"));
    }
    ExprPtr made = ToExpression(value, false);
    if (output) {
      Expr typed = *made;
      SetOutput(typed, output);
      made = plan::Finish(std::move(typed));
    }
    return MakeBound(span, Expression{made, {}});
  }
  if (name == "ExpressionWrapper") {
    Expr wrapper = NewExpr(Op::kWrapper, span);
    if (arguments.positional.size() == 2) {
      arguments.keywords.emplace_back("output_field", arguments.positional[1]);
      arguments.positional.pop_back();
    }
    const std::optional<plan::FieldType> output = OutputField(arguments);
    if (!output) Reject(Kind::MissingArgument, span, name, std::string("`output_field`"));
    SetOutput(wrapper, output);
    const BoundPtr inner = arguments.positional.empty() ? arguments.Take("expression") : one();
    if (!inner) Reject(Kind::MissingArgument, span, name, std::string("an expression"));
    wrapper.args = {ToExpression(inner, true)};
    return Bind(std::move(wrapper));
  }
  if (name == "Case") return CaseConstructor(std::move(arguments), span);
  if (name == "When") {
    Expr when = NewExpr(Op::kWhen, span);
    const BoundPtr then = arguments.Take("then");
    if (!then && arguments.positional.size() < 2) {
      Reject(Kind::MissingArgument, span, name, std::string("`then=`"));
    }
    BoundPtr result = then;
    if (!result) {
      result = arguments.positional.back();
      arguments.positional.pop_back();
    }
    const BoundPtr named_condition = arguments.Take("condition");
    if (named_condition) arguments.positional.insert(arguments.positional.begin(), named_condition);
    ExprPtr condition;
    if (arguments.positional.size() == 1 && arguments.keywords.empty()) {
      const auto* expression = arguments.positional[0]->As<Expression>();
      if (expression == nullptr) Reject(Kind::NotConditional, span);
      condition = expression->expr;
      if (!plan::IsConditional(*condition) && condition->op != Op::kName) {
        Reject(Kind::NotConditional, span);
      }
    } else {
      condition = Condition(arguments, span, false);
    }
    if (condition->op == Op::kCondition && condition->args.empty()) {
      Reject(Kind::BadValue, span, std::string("an empty Q() cannot be the condition of When"));
    }
    when.args = {condition, ToExpression(result, true)};
    return Bind(std::move(when));
  }
  if (name == "KT") return KeyText(arguments, span);
  if (name == "Subquery" || name == "Exists" || name == "ArraySubquery") {
    Expr subquery = NewExpr(name == "Exists" ? Op::kExists : Op::kSubquery, span);
    SetOutput(subquery, OutputField(arguments));
    if (name == "ArraySubquery") subquery.name = "ARRAY";
    const BoundPtr given = arguments.positional.empty() ? arguments.Take("queryset") : one();
    const auto* queryset = given ? given->As<QuerySet>() : nullptr;
    if (queryset == nullptr) {
      Reject(Kind::BadArgument, span, "`" + name + "` takes a queryset: write `.all()`");
    }
    auto query = queryset->query->Clone();
    query->subquery = true;
    subquery.query = query;
    return Bind(std::move(subquery));
  }
  if (name == "FilteredRelation") {
    FilteredRelationValue relation;
    const BoundPtr path =
        arguments.positional.empty() ? arguments.Take("relation_name") : arguments.positional[0];
    if (!path) Reject(Kind::MissingArgument, span, name, std::string("a relation's name"));
    relation.relation.path = RequireText(path, "the relation's name");
    const BoundPtr condition = arguments.Take("condition");
    const auto* expression = condition ? condition->As<Expression>() : nullptr;
    if (condition && (expression == nullptr || expression->expr->op != Op::kCondition)) {
      Reject(Kind::BadValue, span, std::string("condition argument must be a Q() instance"));
    }
    relation.relation.condition =
        expression != nullptr ? expression->expr : Condition(Arguments{}, span, false);
    return MakeBound(span, std::move(relation));
  }
  if (name == "Window") return WindowConstructor(std::move(arguments), span);
  if (name == "RowRange" || name == "ValueRange") {
    return FrameConstructor(name, std::move(arguments), span);
  }
  if (name == "Prefetch") {
    Reject(Kind::NotSupported, span, std::string("Prefetch"),
           std::string("write its path alone, `prefetch_related(\"lines\")`: related rows are "
                       "fetched where they are used"));
  }
  if (name == "get_user_model") {
    const manifest::Model* user = scope_.FindModel(scope_.manifest().auth_user_model);
    if (user == nullptr) Reject(Kind::UnknownModel, span, scope_.manifest().auth_user_model);
    return MakeBound(span, ModelClass{user});
  }
  if (name == "get_model") {
    std::string label;
    for (const BoundPtr& part : arguments.positional) {
      label += (label.empty() ? "" : ".") + RequireText(part, "get_model");
    }
    const manifest::Model* model = scope_.FindModel(label);
    if (model == nullptr) Reject(Kind::UnknownModel, span, label);
    return MakeBound(span, ModelClass{model});
  }
  throw InternalError("an unknown constructor");
}

BoundPtr Binder::DatabaseFunction(const catalog::Function& row, Arguments arguments, Span span) {
  using catalog::FunctionShape;
  if (row.shape == FunctionShape::kWindow) return WindowFunction(row, std::move(arguments), span);
  if (row.shape == FunctionShape::kJsonKey || row.shape == FunctionShape::kJsonObject) {
    return JsonFunction(row, arguments, span);
  }
  const std::string name(row.name);
  Expr call = NewExpr(Op::kFunction, span);
  call.function = &row;
  call.name = std::string(row.sql);
  const std::optional<plan::FieldType> output = [&]() -> std::optional<plan::FieldType> {
    if (row.shape == FunctionShape::kCast && arguments.positional.size() == 2) {
      arguments.keywords.emplace_back("output_field", arguments.positional[1]);
      arguments.positional.pop_back();
    }
    return OutputField(arguments);
  }();
  SetOutput(call, output);
  const bool dated = row.shape == FunctionShape::kExtract || row.shape == FunctionShape::kTrunc ||
                     row.shape == FunctionShape::kTruncDate ||
                     row.shape == FunctionShape::kTruncTime;
  if (dated) call.zone = ZoneArgument(arguments);
  (void)arguments.Take("is_dst");
  const auto unit = [&](const char* keyword) {
    BoundPtr given = arguments.Take(keyword);
    if (!given && arguments.positional.size() == 2) {
      given = arguments.positional[1];
      arguments.positional.pop_back();
    }
    if (!given) Reject(Kind::MissingArgument, span, name, std::string(keyword));
    return RequireText(given, keyword);
  };
  if (row.name == "Extract") call.name = unit("lookup_name");
  if (row.name == "Trunc") call.name = unit("kind");
  // What PostgreSQL's EXTRACT knows beyond Django's own units.
  static const std::vector<std::string> extract_units = {
      "century", "decade", "dow",          "doy",        "epoch",       "isodow",
      "isoyear", "julian", "microseconds", "millennium", "milliseconds"};
  if (row.shape == FunctionShape::kExtract && catalog::FindTransform(call.name) == nullptr &&
      std::find(extract_units.begin(), extract_units.end(), call.name) == extract_units.end()) {
    Reject(Kind::UnknownUnit, span, call.name);
  }
  static const std::vector<std::string> trunc_units = {"year", "quarter", "month",  "week", "day",
                                                       "hour", "minute",  "second", "date", "time"};
  if (row.shape == FunctionShape::kTrunc &&
      std::find(trunc_units.begin(), trunc_units.end(), call.name) == trunc_units.end()) {
    Reject(Kind::UnknownUnit, span, call.name);
  }
  if (row.shape == FunctionShape::kCollate) {
    if (arguments.positional.size() == 2) {
      arguments.keywords.emplace_back("collation", arguments.positional[1]);
      arguments.positional.pop_back();
    }
    const BoundPtr collation = arguments.Take("collation");
    if (!collation) Reject(Kind::MissingArgument, span, name, std::string("a collation"));
    call.name = RequireText(collation, "the collation");
  }
  // Names of arguments that Django gives them.
  for (const char* keyword :
       {"expression", "text", "replacement", "pos", "length", "precision", "fill_text", "string",
        "substring", "number", "expression1", "expression2"}) {
    if (BoundPtr given = arguments.Take(keyword)) arguments.positional.push_back(std::move(given));
  }
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  // Defaults of Django's signatures.
  if (row.name == "Round" && arguments.positional.size() == 1) {
    arguments.positional.push_back(ConstantOf(span, Value::Int(0)));
  }
  if ((row.name == "LPad" || row.name == "RPad") && arguments.positional.size() == 2) {
    arguments.positional.push_back(ConstantOf(span, Value::Str(" ")));
    arguments.positional[2] =
        MakeBound(span, Expression{plan::MakeValue(span, plan::Constant(Value::Str(" "))), {}});
  }
  if (row.name == "Replace" && arguments.positional.size() == 2) {
    arguments.positional.push_back(
        MakeBound(span, Expression{plan::MakeValue(span, plan::Constant(Value::Str(""))), {}}));
  }
  // Constants that Django refuses.
  struct LeastValue {
    std::string_view function;
    size_t argument;
    int64_t least;
    std::string_view message;
  };
  static constexpr LeastValue kBounds[] = {
      {"Substr", 1, 1, "'pos' must be greater than 0"},
      {"Left", 1, 1, "'length' must be greater than 0."},
      {"Right", 1, 1, "'length' must be greater than 0."},
      {"LPad", 1, 0, "'length' must be greater or equal to 0."},
      {"RPad", 1, 0, "'length' must be greater or equal to 0."},
      {"Repeat", 1, 0, "'number' must be greater or equal to 0."},
  };
  for (const LeastValue& bound : kBounds) {
    if (bound.function != row.name || bound.argument >= arguments.positional.size()) continue;
    const Value* constant = ConstantIn(arguments.positional[bound.argument]);
    const auto* number = constant != nullptr ? constant->As<int64_t>() : nullptr;
    if (number != nullptr && *number < bound.least) {
      Reject(Kind::BadValue, span, std::string(bound.message));
    }
  }
  const size_t count = arguments.positional.size();
  if (count < row.least && row.most == catalog::kMany) {
    Reject(Kind::BadValue, span, name + " must take at least two expressions");
  }
  if (count < row.least || (row.most != catalog::kMany && count > row.most)) {
    Reject(Kind::MissingArgument, span, name,
           row.least == row.most ? std::to_string(row.least) + " expression(s)"
                                 : "at least " + std::to_string(row.least) + " expressions");
  }
  for (const BoundPtr& argument : arguments.positional) {
    call.args.push_back(ToExpression(argument, true));
  }
  return Bind(std::move(call));
}

BoundPtr Binder::AggregateCall(const catalog::Aggregate& row, Arguments arguments, Span span) {
  const std::string name(row.name);
  Expr call = NewExpr(Op::kAggregate, span);
  call.aggregate = &row;
  SetOutput(call, OutputField(arguments));
  const auto flag = [&](const char* keyword) {
    const BoundPtr given = arguments.Take(keyword);
    const Value* constant = given ? ConstantIn(given) : nullptr;
    const bool* value = constant != nullptr ? constant->As<bool>() : nullptr;
    return value != nullptr && *value;
  };
  call.distinct = flag("distinct");
  if (call.distinct && !row.allows_distinct) {
    Reject(Kind::BadArgument, span, name + " does not allow distinct");
  }
  if (name == "StdDev" || name == "Variance" || name == "CovarPop") call.sample = flag("sample");
  if (const BoundPtr filter = arguments.Take("filter")) {
    const auto* expression = filter->As<Expression>();
    if (expression != nullptr) {
      call.filter = expression->expr;
    } else {
      const Value* none = ConstantIn(filter);
      if (none == nullptr || !none->is_none()) Reject(Kind::NotConditional, filter->span);
    }
  }
  if (const BoundPtr fallback = arguments.Take("default")) {
    const Value* none = ConstantIn(fallback);
    if (none == nullptr || !none->is_none()) {
      if (!row.allows_default) {
        Reject(Kind::BadArgument, span, name + " does not allow default");
      }
      call.fallback = ToExpression(fallback, false);
    }
  }
  for (const char* keyword : {"expression", "y", "x", "delimiter"}) {
    if (BoundPtr given = arguments.Take(keyword)) arguments.positional.push_back(std::move(given));
  }
  const std::vector<ExprPtr> order =
      row.ordered ? AggregateOrder(arguments) : std::vector<ExprPtr>();
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  if (arguments.positional.size() != row.expressions) {
    Reject(Kind::MissingArgument, span, name,
           row.expressions == 1 ? std::string("one expression") : std::string("two expressions"));
  }
  const BoundPtr& argument = arguments.positional[0];
  const std::optional<std::string> text = ConstantText(argument);
  std::string default_alias;
  if (name == "Count" && text == "*") {
    if (call.filter) {
      Reject(Kind::BadValue, span,
             std::string("Star cannot be used with filter. Please specify a field."));
    }
    if (call.distinct) {
      Reject(Kind::DatabaseRefuses, span, std::string("COUNT(DISTINCT *)"));
    }
    call.args = {plan::Finish(NewExpr(Op::kStar, span))};
  } else {
    call.args = {ToExpression(argument, true)};
    if (row.expressions == 2) {
      // The second of StringAgg is text, that of the statistics an expression.
      call.args.push_back(ToExpression(arguments.positional[1], !row.ordered));
    }
    call.args.insert(call.args.end(), order.begin(), order.end());
    const Expr& source = *call.args[0];
    if (source.op == Op::kName && call.args.size() == 1 && !row.ordered && !call.filter &&
        !call.fallback) {
      default_alias = source.name + "__";
      for (const char c : name) {
        default_alias += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
  }
  return Bind(std::move(call), std::move(default_alias));
}

// GreaterThan(F("a"), F("b")) as a condition.
BoundPtr Binder::LookupExpression(const catalog::Lookup& row, Arguments arguments, Span span) {
  if (arguments.positional.size() != 2 || !arguments.keywords.empty()) {
    Reject(Kind::MissingArgument, span, std::string(row.class_name), std::string("two sides"));
  }
  Expr test = NewExpr(Op::kLookup, span);
  test.lookup = &row;
  const bool compares = row.kind == catalog::LookupKind::kCompare;
  const ExprPtr right = compares ? ToExpression(arguments.positional[1], false)
                                 : ToLookupValue(arguments.positional[1]);
  // Its right side is prepared when the left side's type is known.
  if (!compares && row.kind != catalog::LookupKind::kNullTest) test.name = row.name;
  test.args = {ToExpression(arguments.positional[0], false), right};
  return Bind(std::move(test));
}

}  // namespace ormc::bind
