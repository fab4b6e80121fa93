// How much is known at compile time: a list may stand in a list many times, so that a short snippet
// can write an endless value.
#pragma once

#include "compiler/bind/bound.h"

namespace ormc::bind {

// Does it have more than `most` parts, each counted wherever it stands?  Looks at no more of them.
bool HasMoreThan(size_t most, const Value& value);
bool HasMoreThan(size_t most, const BoundPtr& value);

}  // namespace ormc::bind
