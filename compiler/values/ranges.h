// What psycopg's Range answers of itself.
#pragma once

#include <string>

#include "compiler/values/meter.h"
#include "compiler/values/value.h"

namespace ormc {

std::string BoundsOf(const RangeValue& range);  // "[)" and kin, "" of an empty range
bool IsInRange(const RangeValue& range, const Value& item, Meter* meter);
// `a < b`: by lower bound, upper bound and bounds, an open end first.
bool IsBefore(const RangeValue& a, const RangeValue& b, Meter* meter);

}  // namespace ormc
