#pragma once

#include "compiler/plan/expr.h"

namespace ormc::plan {

// Sets `output` and `mixed_types` from the node's arguments, which are finished, unless
// `output_field=` was written (Django's _resolve_output_field).
void InferOutput(Expr& expr);

}  // namespace ormc::plan
