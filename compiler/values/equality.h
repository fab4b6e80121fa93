// ==, hash and < as Python's.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "compiler/values/meter.h"
#include "compiler/values/value.h"

namespace ormc {

bool Equal(const Value& a, const Value& b, Meter* meter = nullptr);
// `is`, for None, bools and values that share their storage.
bool Identical(const Value& a, const Value& b);
// Agrees with Equal.  TypeError "unhashable type: 'list'".
uint64_t Hash(const Value& value, Meter* meter = nullptr);
// For one of "<", "<=", ">", ">=": TypeError where Python has no order.
bool Ordered(const Value& a, const Value& b, std::string_view op, Meter* meter = nullptr);
inline bool Less(const Value& a, const Value& b, Meter* meter = nullptr) {
  return Ordered(a, b, "<", meter);
}
// Numbers of any kinds, exactly; unordered where one is NaN.  Both are numbers.
std::partial_ordering CompareNumbers(const Value& a, const Value& b);
bool IsNumber(const Value& value);  // int, bool, float, Decimal

// An instance's key: one value, or a tuple of those of a composite key.
Value PrimaryKeyOf(const Instance& instance);

}  // namespace ormc
