// Containers in containers: each knows a bound of its depth below the outermost one, so that depth
// is bounded and cycles cannot arise.  Whoever puts a value into a container says so here.
#pragma once

#include "compiler/values/meter.h"
#include "compiler/values/value.h"

namespace ormc {

inline constexpr uint32_t kMaxNesting = 100;

// `value` is about to be held by a new container of this level.  LimitError("nesting_depth").
void HoldAt(uint32_t container_level, const Value& value, Meter& meter);
// The same for a container that others may hold: one that `value` holds is refused.
void HoldIn(const uint32_t& container_level, const Value& value, Meter& meter);

}  // namespace ormc
