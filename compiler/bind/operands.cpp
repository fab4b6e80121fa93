// Bound values as what the plan takes: operands, expressions, right sides of lookups, conditions.
#include <algorithm>

#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/values/dict.h"
#include "compiler/values/text.h"

namespace ormc::bind {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;

namespace {

// The field that Django's Value() finds for a Python value of this type; none where it finds none.
std::optional<manifest::FieldKind> FieldOf(TypeKind kind) {
  using manifest::FieldKind;
  switch (kind) {
    case TypeKind::kInt:
      return FieldKind::kIntegerField;
    case TypeKind::kFloat:
      return FieldKind::kFloatField;
    case TypeKind::kDecimal:
      return FieldKind::kDecimalField;
    case TypeKind::kStr:
      return FieldKind::kCharField;
    case TypeKind::kBool:
      return FieldKind::kBooleanField;
    case TypeKind::kDate:
      return FieldKind::kDateField;
    case TypeKind::kDateTime:
      return FieldKind::kDateTimeField;
    case TypeKind::kTime:
      return FieldKind::kTimeField;
    case TypeKind::kTimeDelta:
      return FieldKind::kDurationField;
    case TypeKind::kUuid:
      return FieldKind::kUUIDField;
    case TypeKind::kUnknown:
    case TypeKind::kNone:
    case TypeKind::kBytes:
    case TypeKind::kZone:
    case TypeKind::kList:
    case TypeKind::kTuple:
    case TypeKind::kSet:
    case TypeKind::kDict:
    case TypeKind::kInstance:
    case TypeKind::kRow:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

plan::Operand Binder::ToOperand(const BoundPtr& value) {
  plan::Operand operand;
  if (const Value* constant = ConstantIn(value)) {
    operand.constant = *constant;
    return operand;
  }
  const PythonValue python = ToPython(value);
  if (python.type.kind == TypeKind::kRow || ElementOf(python.type).kind == TypeKind::kRow) {
    Reject(Kind::NotSupported, value->span,
           std::string("a row of a model that is not known here, in a query"),
           std::string("compare its key: `.pk`"));
  }
  operand.runtime = python.expr;
  operand.maybe_none = python.type.nullable;
  operand.model = python.type.model;
  operand.items_of = ElementOf(python.type).model;
  return operand;
}

ExprPtr Binder::ToExpression(const BoundPtr& value, bool text_is_name) {
  const Span span = value->span;
  if (const auto* expression = value->As<Expression>()) return expression->expr;
  if (const auto* queryset = value->As<QuerySet>()) {
    return plan::Finish(NewSubquery(Op::kSubquery, *queryset, span));
  }
  if (text_is_name) {
    if (auto text = ConstantText(value)) {
      if (value->As<ChoicesMember>() == nullptr) return plan::MakeName(span, *text);
    }
  }
  const PythonValue python = ToPython(value);
  std::optional<plan::FieldType> output;
  if (!python.constant) {
    const std::optional<manifest::FieldKind> kind = FieldOf(python.type.kind);
    if (!kind) {
      Reject(Kind::NotSupported, span,
             std::string("a computed value of unknown type in an expression"),
             std::string("say what it is: `int(x)`, `float(x)`, `Decimal(x)`, `str(x)`"));
    }
    output = plan::Plain(*kind);
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
    Expr subquery = NewSubquery(Op::kSubquery, *queryset, span);
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
  ExprPtr direct = plan::MakeDirect(span, ToOperand(value));
  const std::optional<manifest::FieldKind> kind =
      python != nullptr && !python->constant ? FieldOf(python->type.kind) : std::nullopt;
  if (!kind) return direct;
  Expr typed = *direct;
  typed.output = plan::Plain(*kind);
  return plan::Finish(std::move(typed));
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
      named != nullptr && named->kind == Named::Kind::kField && named->name != "ArrayField") {
    // Django calls the class's methods without an instance.
    Diagnostic diagnostic =
        MakeDiagnostic(Kind::TypeMismatch, given->span,
                       "`output_field` takes an instance: write `" + named->name + "()`");
    diagnostic.fixes.push_back(Fix{given->span, named->name + "()"});
    throw Rejection(std::move(diagnostic));
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

}  // namespace ormc::bind
