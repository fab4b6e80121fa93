// Lists, tuples and dicts that hold querysets, conditions or expressions.  The runtime knows none
// of those, so what is done to such a container is done by the compiler, as long as its elements
// are known.  Where they are not, a queryset among them has become the list of its rows, which is
// the same to whoever reads the rows and different to everybody else.
#pragma once

#include <string_view>

#include "compiler/bind/bound.h"

namespace ormc::bind {

// The rows of what Python still has as a queryset: refuses what a list would answer differently.
void RejectLate(const Type& type, Span span);
// Does the builtin compare or hash the elements of its first argument?
bool ComparesElements(std::string_view builtin);

}  // namespace ormc::bind
