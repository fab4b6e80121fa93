// Arithmetic of dates, datetimes and timedeltas.
#include <cmath>

#include "compiler/eval/operators.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/temporal.h"

namespace ormc::eval {

using program::BinaryOp;

namespace {

Value Of(TimeDelta delta) { return Value(Value::Storage(delta)); }

TimeDelta Negated(const TimeDelta& delta) { return DeltaFromMicros(-MicrosOf(delta)); }

BigInt Big(Int128 micros) {
  const auto high = static_cast<int64_t>(micros / kMicrosPerDay);
  return BigInt(high) * BigInt(kMicrosPerDay) +
         BigInt(static_cast<int64_t>(micros % kMicrosPerDay));
}

TimeDelta FromBig(const BigInt& micros) {
  const auto [days, rest] = micros.DivideFloor(BigInt(kMicrosPerDay));
  const auto count = days.Int64();
  if (!count) Raise("OverflowError", "Python int too large to convert to C int");
  return DeltaFromMicros(static_cast<Int128>(*count) * kMicrosPerDay + *rest.Int64());
}

// a / b to the nearest integer, ties to even.
BigInt DivideNearest(const BigInt& a, const BigInt& b) {
  auto [quotient, remainder] = a.DivideFloor(b);
  const BigInt twice = (remainder + remainder).Abs();
  const auto half = twice <=> b.Abs();
  const bool odd = quotient.DivideFloor(BigInt(2)).second.Sign() != 0;
  return half > 0 || (half == 0 && odd) ? quotient + BigInt(1) : quotient;
}

// A float as the fraction that it is.
std::pair<BigInt, BigInt> RatioOf(double value) {
  if (std::isnan(value)) RaiseValue("cannot convert NaN to integer ratio");
  if (std::isinf(value)) Raise("OverflowError", "cannot convert Infinity to integer ratio");
  int power = 0;
  const double fraction = std::frexp(value, &power);
  const BigInt mantissa(static_cast<int64_t>(std::ldexp(fraction, 53)));
  power -= 53;
  if (power >= 0) return {mantissa.ShiftLeft(static_cast<uint64_t>(power)), BigInt(1)};
  return {mantissa, BigInt(1).ShiftLeft(static_cast<uint64_t>(-power))};
}

void NotZero(const BigInt& divisor, const char* message) {
  if (divisor.Sign() == 0) Raise("ZeroDivisionError", message);
}

constexpr char kIntegerDivision[] = "integer division or modulo by zero";

std::optional<Value> DeltaByDelta(BinaryOp op, const TimeDelta& a, const TimeDelta& b) {
  const BigInt x = Big(MicrosOf(a));
  const BigInt y = Big(MicrosOf(b));
  switch (op) {
    case BinaryOp::kAdd:
      return Of(DeltaFromMicros(MicrosOf(a) + MicrosOf(b)));
    case BinaryOp::kSubtract:
      return Of(DeltaFromMicros(MicrosOf(a) - MicrosOf(b)));
    case BinaryOp::kDivide:
      NotZero(y, "division by zero");
      return Value::Float(TrueDivide(x, y));
    case BinaryOp::kFloorDivide:
      NotZero(y, kIntegerDivision);
      return IntValue(x.DivideFloor(y).first);
    case BinaryOp::kModulo:
      NotZero(y, "integer modulo by zero");
      return Of(FromBig(x.DivideFloor(y).second));
    case BinaryOp::kMultiply:
    case BinaryOp::kPower:
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor:
    case BinaryOp::kBitAnd:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> DeltaByNumber(BinaryOp op, const TimeDelta& a, const Value& number) {
  const BigInt micros = Big(MicrosOf(a));
  if (const auto factor = IntegerOf(number)) {
    if (op == BinaryOp::kMultiply) return Of(FromBig(micros * *factor));
    if (op != BinaryOp::kDivide && op != BinaryOp::kFloorDivide) return std::nullopt;
    NotZero(*factor, kIntegerDivision);
    return Of(FromBig(op == BinaryOp::kDivide ? DivideNearest(micros, *factor)
                                              : micros.DivideFloor(*factor).first));
  }
  const auto* factor = number.As<double>();
  if (!factor || (op != BinaryOp::kMultiply && op != BinaryOp::kDivide)) return std::nullopt;
  const auto [over, under] = RatioOf(*factor);
  if (op == BinaryOp::kMultiply) return Of(FromBig(DivideNearest(micros * over, under)));
  NotZero(over, "division by zero");
  return Of(FromBig(DivideNearest(micros * under, over)));
}

}  // namespace

std::optional<Value> OperateDates(BinaryOp op, const Value& a, const Value& b) {
  const bool add = op == BinaryOp::kAdd;
  const bool subtract = op == BinaryOp::kSubtract;
  const auto* x = a.As<TimeDelta>();
  const auto* y = b.As<TimeDelta>();
  if (x && y) return DeltaByDelta(op, *x, *y);
  if (x && (IntegerOf(b) || b.As<double>())) return DeltaByNumber(op, *x, b);
  if (y && op == BinaryOp::kMultiply && (IntegerOf(a) || a.As<double>())) {
    return DeltaByNumber(op, *y, a);
  }
  if (!add && !subtract) return std::nullopt;
  if (const auto* date = a.As<Date>()) {
    if (y) {
      const TimeDelta delta = subtract ? TimeDelta{-y->days, 0, 0} : *y;
      return Value(Value::Storage(AddDays(*date, delta.days)));
    }
    if (const auto* other = b.As<Date>(); other && subtract) {
      return Of(TimeDelta{OrdinalOf(*date) - OrdinalOf(*other), 0, 0});
    }
    return std::nullopt;
  }
  if (const auto* moment = a.As<DateTime>()) {
    if (y) return Value(Value::Storage(Add(*moment, subtract ? Negated(*y) : *y)));
    if (const auto* other = b.As<DateTime>(); other && subtract) {
      return Of(Subtract(*moment, *other));
    }
    return std::nullopt;
  }
  if (x && add) return OperateDates(op, b, a);
  return std::nullopt;
}

}  // namespace ormc::eval
