// Arithmetic, comparison and containment.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "compiler/eval/machine.h"

namespace ormc::eval {

Value Operate(Machine& machine, program::BinaryOp op, const Value& a, const Value& b);
// += and its kin: lists, sets and dicts change in place.
Value OperateInPlace(Machine& machine, program::BinaryOp op, const Value& a, const Value& b);
Value Operate(Machine& machine, program::UnaryOp op, const Value& a);
bool CompareValues(Machine& machine, program::CompareOp op, const Value& a, const Value& b);
bool Contains(Machine& machine, const Value& container, const Value& item);

// numbers.cpp: none where the operands are not numbers that mix.
std::optional<Value> OperateNumbers(Machine& machine, program::BinaryOp op, const Value& a,
                                    const Value& b);
// dates.cpp: none where they are not dates, times and timedeltas.
std::optional<Value> OperateDates(program::BinaryOp op, const Value& a, const Value& b);

// As float(x) of a number, with Python's OverflowError.
double ToFloat(const Value& number);
// The value of an index or a count (`__index__`); none where it is not an int.
std::optional<int64_t> IndexOf(const Value& value);  // beyond int64: saturated
// An int argument that must be one: TypeError "'str' object cannot be interpreted as an integer".
int64_t NeedIndex(const Value& value);
Value RoundNumber(const Value& number, const Value* digits);
std::string_view SymbolOf(program::BinaryOp op);

}  // namespace ormc::eval
