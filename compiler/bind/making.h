#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// Names the positional arguments as a signature of Django's does; an empty name ends the signature.
// Rejects what Python would: too many arguments, or one that is given twice.
void NameArguments(const std::string& what, std::span<const std::string_view> names,
                   Arguments& arguments);

// The arguments of a signature in its order, null where one is absent; there are no others.
std::vector<BoundPtr> InOrder(const std::string& what, std::span<const std::string_view> names,
                              Arguments& arguments);

// Rejects what Python would of a call of a method with these parameters: "field_name, order=",
// where `*` ends the positional ones, `*name` takes any more of these and `**name` any keyword.
void CheckArguments(const std::string& what, std::string_view parameters,
                    const Arguments& arguments);

// `None` alone takes back what was asked for; among names it is one that Django cannot split.
[[noreturn]] void RejectNoneAmongNames(const std::string& what, Span span);

// For what is left when all that a call knows has been taken.
[[noreturn]] void RejectArguments(const std::string& what, const Arguments& arguments);

}  // namespace ormc::bind
