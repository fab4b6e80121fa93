#pragma once

#include "compiler/plan/query.h"

namespace ormc::plan {

// What holds of every query that is about to become SQL, its sub-queries included:
//
//   joins       each alias is there once; a join's parent stands before it and is joined itself; the
//               columns of both sides belong to their tables; no inner join hangs on an outer one
//   columns     each belongs to an alias of this query or of one around it, and to that alias's table
//   names       nothing is left unresolved; a reference names an annotation
//   values      each has a constant or an expression of the program, and as many operands as its kind
//   grouping    no aggregate is grouped by; what is selected exists; a slice does not end before it begins
//
// Throws InternalError with what does not hold.
void Verify(const Query& query);

}  // namespace ormc::plan
