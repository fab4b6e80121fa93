// int(), float() and Decimal() of a value, with Python's errors.
#pragma once

#include "compiler/values/decimal.h"
#include "compiler/values/value.h"

namespace ormc::eval {

Value ToIntValue(const Value& value);
double ToFloatValue(const Value& value);
Decimal ToDecimalValue(const Value& value);

}  // namespace ormc::eval
