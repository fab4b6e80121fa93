#include <algorithm>
#include <cctype>
#include <map>

#include "compiler/bind/making.h"
#include "compiler/bind/queryset_checks.h"
#include "compiler/plan/versions.h"

namespace ormc::bind {
namespace {

using plan::Expr;
using plan::Op;

// Aggregate.default_alias: of one name, and of a class that has one, too.
bool NamesItself(const Expr& expr) {
  if (expr.op != Op::kAggregate) return false;
  const bool simple = expr.args.size() == 1 && expr.args[0]->op == Op::kName && !expr.filter;
  return expr.aggregate->named || !simple;
}

std::string Small(std::string_view text) {
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

// The name of the expression's class in small letters, as values_list names what has no alias.
std::string ClassName(const Expr& expr) {
  switch (expr.op) {
    case Op::kName:
      return "f";
    case Op::kOuterName:
      return "outerref";
    case Op::kValue:
      return "value";
    case Op::kArithmetic:
      return "combinedexpression";
    case Op::kCase:
      return "case";
    case Op::kSubquery:
      return "subquery";
    case Op::kExists:
      return "exists";
    case Op::kWindow:
      return "window";
    case Op::kCondition:
      return "q";
    case Op::kFunction:
      return Small(expr.function->name);
    case Op::kAggregate:
      return Small(expr.aggregate->name);
    case Op::kColumn:
    case Op::kDirect:
    case Op::kDirectList:
    case Op::kItem:
    case Op::kLookup:
    case Op::kNot:
    case Op::kNothing:
    case Op::kOrderBy:
    case Op::kOuterColumn:
    case Op::kReference:
    case Op::kStar:
    case Op::kWhen:
    case Op::kWhere:
    case Op::kWrapper:
      break;
  }
  return "expressionwrapper";
}

}  // namespace

BoundPtr Binder::Values(QuerySet queryset, Arguments arguments, bool as_list, Span span) {
  const bool flat = as_list && Flag(arguments.Take("flat"));
  const bool named = as_list && Flag(arguments.Take("named"));
  if (flat && named)
    Reject(Kind::BadArgument, span, std::string("'flat' and 'named' can't be used together"));
  std::vector<std::string> fields;
  std::vector<std::pair<std::string, BoundPtr>> expressions;
  std::map<std::string, bool> names;  // of values_list: has it been given already?
  for (const BoundPtr& argument : arguments.positional) {
    if (auto text = ConstantText(argument)) names.emplace(*text, false);
  }
  size_t counter = 1;
  bool repeated = false;
  for (const BoundPtr& argument : arguments.positional) {
    const auto text = ConstantText(argument);
    if (text && !(as_list && names.at(*text))) {
      names[*text] = true;
      fields.push_back(*text);
      continue;
    }
    // In a list a name that is given twice is a column of its own.
    repeated = repeated || text;
    const BoundPtr value =
        text ? MakeBound(argument->span, Expression{plan::MakeName(argument->span, *text), *text})
             : argument;
    const auto* expression = value->As<Expression>();
    if (expression == nullptr) {
      Reject(Kind::BadArgument, argument->span, std::string("values takes names and expressions"));
    }
    const std::string& default_alias = expression->default_alias;
    if (!as_list) {  // values() itself names nothing
      const std::string alias = default_alias.empty() ? "..." : default_alias;
      Reject(Kind::NeedsAlias, argument->span, alias);
    }
    // values_list names an expression after its class, except an aggregate, which names itself.
    if (NamesItself(*expression->expr) && default_alias.empty()) {
      Reject(Kind::NeedsAlias, argument->span, std::string("..."));
    }
    // Django numbers the expressions of values_list until the name is free.
    const std::string prefix = default_alias.empty() ? ClassName(*expression->expr) : default_alias;
    std::string id;
    while (names.contains(id = prefix + std::to_string(counter))) ++counter;
    names[id] = true;
    expressions.emplace_back(id, value);
    fields.push_back(id);
  }
  if (named && (expressions.size() > 1 || repeated)) {
    plan::RequireDjango(plan_, catalog::Change::kNamesOfNamedRows, span);
  }
  if (flat && fields.size() > 1) {
    Reject(Kind::BadArgument, span,
           std::string("'flat' is not valid when values_list is called with more than one field"));
  }
  for (auto& [name, value] : arguments.keywords) {
    expressions.emplace_back(name, value);
    fields.push_back(name);
  }
  if (!expressions.empty()) {
    Arguments annotations;
    annotations.span = span;
    annotations.keywords = expressions;
    // Annotated as Django does before the values are set: with the rows of this moment.
    const BoundPtr annotated = Annotate(queryset, std::move(annotations), true, span);
    queryset = *annotated->As<QuerySet>();
  }
  auto query = queryset.query->Clone();
  query->SetValues(fields, span);
  queryset.query = query;
  queryset.related = {};
  queryset.names = fields;
  queryset.written = fields.size();
  queryset.rows = !as_list ? Rows::kDicts
                  : flat   ? Rows::kFlat
                  : named  ? Rows::kNamed
                           : Rows::kTuples;
  return MakeBound(span, std::move(queryset));
}

// dates(field, kind, order), datetimes(field, kind, order, tzinfo)
BoundPtr Binder::Dates(QuerySet queryset, Arguments arguments, bool with_time, Span span) {
  RejectCombined(queryset, with_time ? "datetimes" : "dates", span);
  const char* method = with_time ? "datetimes" : "dates";
  const auto part = [&](size_t index, const char* keyword) -> std::optional<std::string> {
    if (const BoundPtr given = arguments.Take(keyword)) return RequireText(given, keyword);
    if (index < arguments.positional.size()) {
      return RequireText(arguments.positional[index], keyword);
    }
    return std::nullopt;
  };
  if (arguments.positional.size() > 3) {
    arguments.keywords.emplace_back("tzinfo", arguments.positional[3]);
  }
  const std::string zone = ZoneArgument(arguments);
  const auto field = part(0, "field_name");
  const auto unit = part(1, "kind");
  const std::string order = part(2, "order").value_or("ASC");
  if (!field || !unit)
    Reject(Kind::MissingArgument, span, std::string(method), std::string("a field and a unit"));
  const std::vector<std::string> units =
      with_time
          ? std::vector<std::string>{"year", "month", "week", "day", "hour", "minute", "second"}
          : std::vector<std::string>{"year", "month", "week", "day"};
  if (std::find(units.begin(), units.end(), *unit) == units.end()) {
    Reject(Kind::BadValue, span, "there is no unit `" + *unit + "` for " + method);
  }
  if (order != "ASC" && order != "DESC") {
    Reject(Kind::BadValue, span, std::string("'order' must be either 'ASC' or 'DESC'."));
  }
  // annotate(datefield=Trunc(...), plain_field=F(...)).values_list("datefield", flat=True)
  //   .distinct().filter(plain_field__isnull=False).order_by("datefield")
  Expr trunc =
      *plan::MakeCall(span, *catalog::FindFunction("Trunc"), {plan::MakeName(span, *field)});
  trunc.name = *unit;
  trunc.zone = zone;
  trunc.output = plan::Plain(with_time ? manifest::FieldKind::kDateTimeField
                                       : manifest::FieldKind::kDateField);
  trunc.explicit_output = true;
  auto query = queryset.query->Clone();
  const char* name = with_time ? "datetimefield" : "datefield";
  query->AddAnnotation(name, plan::Finish(std::move(trunc)), true);
  query->AddAnnotation("plain_field", plan::MakeName(span, *field), true);
  query->SetValues({name}, span);
  query->distinct = true;
  query->distinct_fields.clear();
  Expr item = NewExpr(Op::kItem, span);
  item.name = "plain_field__isnull";
  item.args = {plan::MakeDirect(span, plan::Constant(Value::Bool(false)))};
  Expr condition = NewExpr(Op::kCondition, span);
  condition.args = {plan::Finish(std::move(item))};
  query->AddCondition(plan::Finish(std::move(condition)));
  query->ClearOrdering(true, false);
  Expr ordering = NewExpr(Op::kName, span);
  ordering.name = name;
  ordering.descending = order == "DESC";
  query->AddOrdering({plan::Finish(std::move(ordering))});
  queryset.query = query;
  queryset.rows = Rows::kFlat;
  queryset.names = {name};
  queryset.written = 1;
  queryset.related = {};
  return MakeBound(span, std::move(queryset));
}

}  // namespace ormc::bind
