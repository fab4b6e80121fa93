// Calls of aggregates: Count("id", distinct=True, filter=Q(...)).
#include <algorithm>
#include <cctype>

#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/plan/versions.h"

namespace ormc::bind {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;

namespace {

using Names = std::array<std::string_view, 3>;

// The parameters that Django's signature names; the others take expressions by their place.
Names NamesOf(const catalog::Aggregate& row) {
  if (row.name == "Count") return {"expression", "filter"};
  if (row.name == "StdDev" || row.name == "Variance") return {"expression", "sample"};
  if (row.expressions == 1) return {};
  if (row.ordered) return {"expression", "delimiter"};
  if (row.name == "CovarPop") return {"y", "x", "sample"};
  return {"y", "x", "output_field"};
}

}  // namespace

BoundPtr Binder::AggregateCall(const catalog::Aggregate& row, Arguments arguments, Span span) {
  const std::string name(row.name);
  Expr call = NewExpr(Op::kAggregate, span);
  call.aggregate = &row;
  const Names names = NamesOf(row);
  if (!names[0].empty()) NameArguments(name, names, arguments);
  SetOutput(call, OutputField(arguments));
  call.distinct = Flag(arguments.Take("distinct"));
  if (call.distinct && !row.allows_distinct) {
    Reject(Kind::BadArgument, span, name + " does not allow distinct");
  }
  if (name == "StdDev" || name == "Variance" || name == "CovarPop") {
    call.sample = Flag(arguments.Take("sample"));
  }
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
      if (fallback->As<QuerySet>() != nullptr) {
        Reject(Kind::BadArgument, fallback->span,
               std::string("a default is a value or an expression: write `Subquery(...)`"));
      }
      const ExprPtr value = ToExpression(fallback, false);
      const bool plain = fallback->As<Expression>() == nullptr && value->op == Op::kValue;
      call.fallback = plain ? plan::MakeDirect(value->span, value->operand) : value;
    }
  }
  if (row.ordered && !call.fallback) {
    plan::RequireDjango(plan_, catalog::Change::kAggregateDefault, span);
  }
  for (const std::string_view parameter : names) {
    if (BoundPtr given = arguments.Take(parameter)) {
      arguments.positional.push_back(std::move(given));
    }
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
      if (!row.ordered) {
        for (const BoundPtr& side : arguments.positional) {
          if (KnownTruth(side).value_or(true)) continue;
          Reject(Kind::BadValue, side->span, std::string("Both y and x must be provided."));
        }
      }
      // The second of StringAgg is text, that of the statistics an expression.
      const bool text_is_name =
          !row.ordered || !plan::IsBefore(plan_, catalog::Change::kTextDelimiter);
      call.args.push_back(ToExpression(arguments.positional[1], text_is_name));
    }
    call.args.insert(call.args.end(), order.begin(), order.end());
    const Expr& source = *call.args[0];
    if (source.op == Op::kName && call.args.size() == 1 && row.named && !call.filter) {
      default_alias = source.name + "__";
      for (const char c : name) {
        default_alias += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
  }
  return MakeExpression(std::move(call), std::move(default_alias));
}

}  // namespace ormc::bind
