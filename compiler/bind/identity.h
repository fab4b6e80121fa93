// Which lists, sets and dicts a bound value is or holds, by identity: a fold that changes one
// through one name changes it under every name.
#pragma once

#include <set>

#include "compiler/bind/bound.h"

namespace ormc::bind {

using Identities = std::set<const void*>;

void CollectContainers(const Value& value, Identities& into);
void CollectContainers(const BoundPtr& value, Identities& into);
// The list, set or dict that the value itself is, or null.
const void* ContainerOf(const BoundPtr& value);
bool HoldsContainers(const Value& value);
bool HoldsContainers(const BoundPtr& value);
// Is it, or does it hold, a queryset, a condition or the like?
bool HoldsSymbolic(const BoundPtr& value);
// A list, tuple, set or dict that does.
bool HoldsSymbolicParts(const BoundPtr& value);

}  // namespace ormc::bind
