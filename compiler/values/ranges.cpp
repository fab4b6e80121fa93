#include "compiler/values/ranges.h"

#include "compiler/values/equality.h"

namespace ormc {

std::string BoundsOf(const RangeValue& range) {
  if (range.empty) return "";
  return {range.lower && range.lower_inclusive ? '[' : '(',
          range.upper && range.upper_inclusive ? ']' : ')'};
}

bool IsInRange(const RangeValue& range, const Value& item, Meter* meter) {
  if (range.empty) return false;
  if (range.lower && Ordered(item, *range.lower, range.lower_inclusive ? "<" : "<=", meter)) {
    return false;
  }
  return !range.upper || !Ordered(item, *range.upper, range.upper_inclusive ? ">" : ">=", meter);
}

bool IsBefore(const RangeValue& a, const RangeValue& b, Meter* meter) {
  const std::optional<Value> RangeValue::*const ends[] = {&RangeValue::lower, &RangeValue::upper};
  for (const auto end : ends) {
    const std::optional<Value>& left = a.*end;
    const std::optional<Value>& right = b.*end;
    if (!left && !right) continue;
    if (!left || !right) return !left;
    if (!Equal(*left, *right, meter)) return Ordered(*left, *right, "<", meter);
  }
  return BoundsOf(a) < BoundsOf(b);
}

}  // namespace ormc
