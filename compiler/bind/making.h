#pragma once

#include <optional>
#include <string>
#include <utility>

#include "compiler/bind/binder.h"

// What every file that makes plan expressions out of calls needs.
namespace ormc::bind {

inline plan::Expr NewExpr(plan::Op op, Span span) {
  plan::Expr expr;
  expr.op = op;
  expr.span = span;
  return expr;
}

inline BoundPtr MakeExpression(plan::Expr expr, std::string default_alias = {}) {
  const Span span = expr.span;
  return MakeBound(span, Expression{plan::Finish(std::move(expr)), std::move(default_alias)});
}

// A call whose output field was written.
inline void SetOutput(plan::Expr& expr, std::optional<plan::FieldType> output) {
  if (!output) return;
  expr.output = std::move(output);
  expr.explicit_output = true;
}

// A queryset among expressions is a sub-query; `op` is kSubquery or kExists.
inline plan::Expr NewSubquery(plan::Op op, const QuerySet& queryset, Span span) {
  plan::Expr subquery = NewExpr(op, span);
  auto query = queryset.query->Clone();
  query->subquery = true;
  subquery.query = std::move(query);
  return subquery;
}

// A parameter that may be written with its name or last: `Cast(x, output_field=y)`, `Cast(x, y)`.
// Moves the argument at `position` among the keywords where it is the last of the positional ones.
inline void NameArgument(Arguments& arguments, size_t position, const char* keyword) {
  if (arguments.positional.size() != position + 1) return;
  arguments.keywords.emplace_back(keyword, std::move(arguments.positional[position]));
  arguments.positional.pop_back();
}

// For what is left when all that a call knows has been taken.
[[noreturn]] void RejectArguments(const std::string& what, const Arguments& arguments);

}  // namespace ormc::bind
