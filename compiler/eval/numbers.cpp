// Python's arithmetic of int, float and Decimal.
#include <cmath>

#include "compiler/base/check.h"
#include "compiler/eval/operators.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/equality.h"
#include "compiler/values/temporal.h"

namespace ormc::eval {

using program::BinaryOp;
using program::UnaryOp;

namespace {

const Decimal* DecimalIn(const Value& value) {
  const auto* d = value.As<std::shared_ptr<const Decimal>>();
  return d ? d->get() : nullptr;
}

bool IsInteger(const Value& value) {
  return value.As<int64_t>() || value.As<bool>() || value.As<std::shared_ptr<const BigInt>>();
}

[[noreturn]] void DividedByZero(const char* message) { Raise("ZeroDivisionError", message); }

// ---- int --------------------------------------------------------------------------------------

// The common case: both fit, and so does the result.
std::optional<Value> SmallIntegers(BinaryOp op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
    case BinaryOp::kAdd:
      if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
      return Value::Int(result);
    case BinaryOp::kSubtract:
      if (__builtin_sub_overflow(a, b, &result)) return std::nullopt;
      return Value::Int(result);
    case BinaryOp::kMultiply:
      if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
      return Value::Int(result);
    case BinaryOp::kFloorDivide:
      if (b == 0 || (a == INT64_MIN && b == -1)) return std::nullopt;
      return Value::Int(a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0));
    case BinaryOp::kModulo:
      if (b == 0 || b == -1) return std::nullopt;
      return Value::Int(a % b + (a % b != 0 && (a % b < 0) != (b < 0) ? b : 0));
    case BinaryOp::kBitOr:
      return Value::Int(a | b);
    case BinaryOp::kBitXor:
      return Value::Int(a ^ b);
    case BinaryOp::kBitAnd:
      return Value::Int(a & b);
    case BinaryOp::kDivide:
    case BinaryOp::kPower:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
      return std::nullopt;
  }
  return std::nullopt;
}

uint64_t ShiftCount(const BigInt& b) {
  if (b.Sign() < 0) RaiseValue("negative shift count");
  return static_cast<uint64_t>(b.Int64().value_or(INT64_MAX));
}

Value FloatPower(double a, double b);

Value IntegerPower(const BigInt& a, const BigInt& b) {
  if (b.Sign() < 0) return FloatPower(ToFloat(IntValue(a)), ToFloat(IntValue(b)));
  const auto exponent = b.Int64();
  if (!exponent && a.Bits() > 1) throw LimitError("int_bits");
  if (!exponent) return IntValue(a.Power(b.DivideFloor(BigInt(2)).second.Sign() == 0 ? 2 : 1));
  return IntValue(a.Power(static_cast<uint64_t>(*exponent)));
}

double DivideIntegers(const BigInt& a, const BigInt& b) {
  if (b.Sign() == 0) DividedByZero("division by zero");
  const double result = TrueDivide(a, b);
  if (std::isinf(result)) {
    Raise("OverflowError", "integer division result too large for a float");
  }
  return result;
}

Value Integers(Machine& machine, BinaryOp op, const Value& x, const Value& y) {
  if (x.As<bool>() && y.As<bool>()) {
    const bool a = *x.As<bool>();
    const bool b = *y.As<bool>();
    if (op == BinaryOp::kBitOr) return Value::Bool(a || b);
    if (op == BinaryOp::kBitAnd) return Value::Bool(a && b);
    if (op == BinaryOp::kBitXor) return Value::Bool(a != b);
  }
  const bool small =
      !x.As<std::shared_ptr<const BigInt>>() && !y.As<std::shared_ptr<const BigInt>>();
  if (small) {
    if (auto result = SmallIntegers(op, *IndexOf(x), *IndexOf(y))) return *result;
  }
  const BigInt a = *IntegerOf(x);
  const BigInt b = *IntegerOf(y);
  // Schoolbook cost, and the bytes of what can be made.
  machine.meter().Step(a.Bits() / 64 * (b.Bits() / 64) / 16 + 1);
  machine.meter().Bytes((a.Bits() + b.Bits()) / 8);
  switch (op) {
    case BinaryOp::kAdd:
      return IntValue(a + b);
    case BinaryOp::kSubtract:
      return IntValue(a - b);
    case BinaryOp::kMultiply:
      return IntValue(a * b);
    case BinaryOp::kDivide:
      return Value::Float(DivideIntegers(a, b));
    case BinaryOp::kFloorDivide:
      if (b.Sign() == 0) DividedByZero("integer division or modulo by zero");
      return IntValue(a.DivideFloor(b).first);
    case BinaryOp::kModulo:
      if (b.Sign() == 0) DividedByZero("integer modulo by zero");
      return IntValue(a.DivideFloor(b).second);
    case BinaryOp::kPower: {
      machine.meter().Bytes(BigInt::kMaxBits / 64);
      const Value result = IntegerPower(a, b);
      if (const auto big = IntegerOf(result)) machine.meter().Bytes(big->Bits() / 8);
      return result;
    }
    case BinaryOp::kBitOr:
      return IntValue(a | b);
    case BinaryOp::kBitXor:
      return IntValue(a ^ b);
    case BinaryOp::kBitAnd:
      return IntValue(a & b);
    case BinaryOp::kShiftLeft:
      return IntValue(a.ShiftLeft(ShiftCount(b)));
    case BinaryOp::kShiftRight:
      return IntValue(a.ShiftRight(ShiftCount(b)));
  }
  throw InternalError("an unknown operator");
}

// ---- float ------------------------------------------------------------------------------------

Value FloatPower(double a, double b) {
  if (a == 0 && b < 0) DividedByZero("0.0 cannot be raised to a negative power");
  // Python answers with a complex number, which no column and no answer holds.
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b)) {
    throw LimitError("complex_number");
  }
  const double result = std::pow(a, b);
  if (std::isinf(result) && std::isfinite(a) && std::isfinite(b)) {
    Raise("OverflowError", "(34, 'Numerical result out of range')");
  }
  return Value::Float(result);
}

struct Divided {
  double floor;
  double modulo;
};

// float.__divmod__ of CPython.
Divided DivideFloats(double a, double b) {
  double modulo = std::fmod(a, b);
  double quotient = (a - modulo) / b;
  if (modulo != 0) {
    if ((b < 0) != (modulo < 0)) {
      modulo += b;
      quotient -= 1.0;
    }
  } else {
    modulo = std::copysign(0.0, b);
  }
  double floor = std::copysign(0.0, a / b);
  if (quotient != 0) {
    floor = std::floor(quotient);
    if (quotient - floor > 0.5) floor += 1.0;
  }
  return {floor, modulo};
}

std::optional<Value> Floats(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::kAdd:
      return Value::Float(a + b);
    case BinaryOp::kSubtract:
      return Value::Float(a - b);
    case BinaryOp::kMultiply:
      return Value::Float(a * b);
    case BinaryOp::kDivide:
      if (b == 0) DividedByZero("float division by zero");
      return Value::Float(a / b);
    case BinaryOp::kFloorDivide:
      if (b == 0) DividedByZero("float floor division by zero");
      return Value::Float(DivideFloats(a, b).floor);
    case BinaryOp::kModulo:
      if (b == 0) DividedByZero("float modulo");
      return Value::Float(DivideFloats(a, b).modulo);
    case BinaryOp::kPower:
      return FloatPower(a, b);
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor:
    case BinaryOp::kBitAnd:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> Decimals(BinaryOp op, const Decimal& a, const Decimal& b) {
  switch (op) {
    case BinaryOp::kAdd:
      return DecimalValue(Add(a, b));
    case BinaryOp::kSubtract:
      return DecimalValue(Subtract(a, b));
    case BinaryOp::kMultiply:
      return DecimalValue(Multiply(a, b));
    case BinaryOp::kDivide:
      return DecimalValue(Divide(a, b));
    case BinaryOp::kFloorDivide:
      return DecimalValue(FloorDivide(a, b));
    case BinaryOp::kModulo:
      return DecimalValue(Remainder(a, b));
    case BinaryOp::kPower:
      return DecimalValue(Power(a, b));
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor:
    case BinaryOp::kBitAnd:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

double ToFloat(const Value& number) {
  if (const auto* f = number.As<double>()) return *f;
  if (const auto* i = number.As<int64_t>()) return static_cast<double>(*i);
  if (const Decimal* d = DecimalIn(number)) return d->ToDouble();
  const auto integer = IntegerOf(number);
  if (!integer) RaiseType("must be real number, not " + FullTypeName(number));
  const double result = integer->ToDouble();
  if (std::isinf(result)) Raise("OverflowError", "int too large to convert to float");
  return result;
}

std::optional<Value> OperateNumbers(Machine& machine, BinaryOp op, const Value& a, const Value& b) {
  if (IsInteger(a) && IsInteger(b)) return Integers(machine, op, a, b);
  if (!IsNumber(a) || !IsNumber(b)) return std::nullopt;
  const Decimal* x = DecimalIn(a);
  const Decimal* y = DecimalIn(b);
  if (x || y) {
    if (a.As<double>() || b.As<double>()) return std::nullopt;
    machine.meter().Step(8);
    return Decimals(op, x ? *x : Decimal::FromInt(*IntegerOf(a)),
                    y ? *y : Decimal::FromInt(*IntegerOf(b)));
  }
  return Floats(op, ToFloat(a), ToFloat(b));
}

Value Operate(Machine& machine, UnaryOp op, const Value& a) {
  if (op == UnaryOp::kNot) return Value::Bool(!machine.Truth(a));
  if (IsInteger(a)) {
    const BigInt i = *IntegerOf(a);
    if (op == UnaryOp::kNegate) return IntValue(-i);
    if (op == UnaryOp::kInvert) return IntValue(-i - BigInt(1));
    return IntValue(i);
  }
  if (op != UnaryOp::kInvert) {
    const bool negate = op == UnaryOp::kNegate;
    if (const auto* f = a.As<double>()) return Value::Float(negate ? -*f : *f);
    if (const Decimal* d = DecimalIn(a)) {
      const Decimal result = (negate ? d->Negated() : *d).Finished();
      return DecimalValue(result.is_zero() ? result.Abs() : result);
    }
    if (const auto* delta = a.As<TimeDelta>()) {
      return Value(Value::Storage(negate ? DeltaFromMicros(-MicrosOf(*delta)) : *delta));
    }
  }
  static constexpr std::string_view kSymbols[] = {"-", "+", "~"};
  RaiseType("bad operand type for unary " + std::string(kSymbols[static_cast<size_t>(op)]) + ": '" +
            FullTypeName(a) + "'");
}

Value RoundNumber(const Value& number, const Value* digits) {
  if (digits && digits->is_none()) digits = nullptr;
  const int64_t places = digits ? NeedIndex(*digits) : 0;
  if (IsInteger(number)) {
    const BigInt i = *IntegerOf(number);
    if (places >= 0) return IntValue(i);
    // Half even, to tens, hundreds, ...; beyond its digits it is 0.
    if (-places > static_cast<int64_t>(i.Bits())) return Value::Int(0);
    const Decimal rounded = Decimal::FromInt(i).Rescaled(-places, Rounding::kHalfEven);
    return IntValue(rounded.ToInteger());
  }
  if (const auto* f = number.As<double>()) {
    if (!std::isfinite(*f)) {
      if (digits) return number;
      if (std::isnan(*f)) RaiseValue("cannot convert float NaN to integer");
      Raise("OverflowError", "cannot convert float infinity to integer");
    }
    if (!digits) return IntValue(BigInt::FromDouble(std::nearbyint(*f)));
    if (places > 323) return number;
    if (places < -308) return Value::Float(std::copysign(0.0, *f));
    const double rounded =
        Decimal::FromDouble(*f).Rescaled(-places, Rounding::kHalfEven).ToDouble();
    if (std::isinf(rounded)) Raise("OverflowError", "rounded value too large to represent");
    return Value::Float(rounded);
  }
  if (const Decimal* d = DecimalIn(number)) {
    if (digits) {
      return DecimalValue(d->Quantized(Decimal(false, BigInt(1), -places), Rounding::kHalfEven));
    }
    if (d->is_nan()) RaiseValue("cannot round a NaN");
    if (!d->is_finite()) Raise("OverflowError", "cannot round an infinity");
    return IntValue(d->Rescaled(0, Rounding::kHalfEven).ToInteger());
  }
  RaiseType("type " + FullTypeName(number) + " doesn't define __round__ method");
}

}  // namespace ormc::eval
