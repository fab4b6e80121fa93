#pragma once

#include "compiler/plan/query.h"

namespace ormc::plan {

// May it fail for a value that a column can have: a division, a cast, a number out of range, a
// pattern that is none?  A statement that fails for one row tells that the row is there, also where
// it may not be shown.  What is not known here may fail.
bool MayFail(const Expr& expr);
bool MayFail(const Query& query);

}  // namespace ormc::plan
