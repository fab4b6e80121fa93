#pragma once

#include "compiler/plan/expr.h"

namespace ormc::plan {

class Query;

// What Django checks of a resolved expression, beyond its arguments' types; each rejects.

// Extract and Trunc, of what they are given (functions/datetime.py).
void CheckCall(const Expr& call);
// The same where the type is known only once the query stands in another.
void CheckExtract(const Expr& call);
// No aggregate of an aggregate; `summarize`: within aggregate().
void CheckAggregate(const Query& query, const Expr& aggregate, bool summarize);

}  // namespace ormc::plan
