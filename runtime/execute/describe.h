#pragma once

#include "runtime/execute/execute.h"
#include "runtime/execute/source.h"

namespace ormc::execute {

// The answer: its kind, and its table where it is a list of rows of one shape.
ResultSet Describe(Value value, Source& source);

}  // namespace ormc::execute
