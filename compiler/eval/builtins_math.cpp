// The math module.
#include <cmath>

#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"

namespace ormc::eval {

namespace {

[[noreturn]] void DomainError() { RaiseValue("math domain error"); }
[[noreturn]] void RangeError() { Raise("OverflowError", "math range error"); }

// CPython's rule: NaN out of no NaN is a domain error, infinity out of the finite a range error.
Value Checked(double result, bool finite_in, bool nan_in, bool domain_on_infinity = false) {
  if (std::isnan(result) && !nan_in) DomainError();
  if (std::isinf(result) && finite_in) {
    if (domain_on_infinity) DomainError();
    RangeError();
  }
  return Value::Float(result);
}

template <double (*function)(double), bool domain_on_infinity = false>
Value OfOne(Call& call) {
  const double x = ToFloat(call[0]);
  return Checked(function(x), std::isfinite(x), std::isnan(x), domain_on_infinity);
}

template <double (*function)(double, double)>
Value OfTwo(Call& call) {
  const double x = ToFloat(call[0]);
  const double y = ToFloat(call[1]);
  return Checked(function(x, y), std::isfinite(x) && std::isfinite(y),
                 std::isnan(x) || std::isnan(y));
}

// floor, ceil and trunc give integers; of a Decimal exactly.
Value Whole(Call& call, double (*of_float)(double), Rounding of_decimal) {
  const Value& value = call[0];
  if (const auto integer = IntegerOf(value)) return IntValue(*integer);
  if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) {
    return IntValue((*d)->Rescaled(std::max<int64_t>((*d)->exponent(), 0), of_decimal).ToInteger());
  }
  const double x = ToFloat(value);
  if (std::isnan(x)) RaiseValue("cannot convert float NaN to integer");
  if (std::isinf(x)) Raise("OverflowError", "cannot convert float infinity to integer");
  return IntValue(BigInt::FromDouble(of_float(x)));
}

Value Floor(Call& call) { return Whole(call, std::floor, Rounding::kFloor); }
Value Ceil(Call& call) { return Whole(call, std::ceil, Rounding::kCeiling); }
Value Trunc(Call& call) { return Whole(call, std::trunc, Rounding::kDown); }

// The logarithm of an integer beyond the floats goes by its leading bits.
double NaturalLog(const Value& value) {
  if (const auto integer = IntegerOf(value)) {
    if (integer->Sign() <= 0) DomainError();
    const uint64_t bits = integer->Bits();
    if (bits > 1000) {
      const uint64_t shift = bits - 64;
      return std::log(integer->ShiftRight(shift).ToDouble()) +
             static_cast<double>(shift) * std::log(2.0);
    }
  }
  const double x = ToFloat(value);
  if (x <= 0) DomainError();
  return std::log(x);
}

Value Log(Call& call) {
  const double value = NaturalLog(call[0]);
  if (!call.Has(1)) return Value::Float(value);
  const double base = NaturalLog(call[1]);
  if (base == 0) Raise("ZeroDivisionError", "float division by zero");
  return Value::Float(value / base);
}

template <double (*function)(double)>
Value LogOf(Call& call) {
  const double x = ToFloat(call[0]);
  if (x <= 0) DomainError();
  return Value::Float(function(x));
}

Value Pow(Call& call) {
  const double x = ToFloat(call[0]);
  const double y = ToFloat(call[1]);
  const double result = std::pow(x, y);
  if (std::isnan(result) && !std::isnan(x) && !std::isnan(y)) DomainError();
  if (std::isinf(result) && std::isfinite(x) && std::isfinite(y)) {
    if (x == 0) DomainError();
    RangeError();
  }
  return Value::Float(result);
}

// Exact partial sums, rounded once: as math.fsum.
Value FSum(Call& call) {
  BigInt total(0);  // in units of 2^-1074
  double special = 0;
  call.ForEach(0, [&](const Value& item) {
    const double x = ToFloat(item);
    if (!std::isfinite(x)) {
      special += x;
      return true;
    }
    int power = 0;
    const double fraction = std::frexp(x, &power);
    if (x == 0) return true;
    // A subnormal has fewer bits than 53: its place must not fall below the unit.
    const int bits = std::min(53, power + 1074);
    const BigInt mantissa(static_cast<int64_t>(std::ldexp(fraction, bits)));
    total = total + mantissa.ShiftLeft(static_cast<uint64_t>(power - bits + 1074));
    call.machine.meter().Step(8);
    return true;
  });
  if (special != 0 || std::isnan(special)) return Value::Float(special);
  const double result = TrueDivide(total, BigInt(1).ShiftLeft(1074));
  if (std::isinf(result)) Raise("OverflowError", "intermediate overflow in fsum");
  return Value::Float(result);
}

Value Prod(Call& call) {
  Value product = call.Or(1, Value::Int(1));
  call.ForEach(0, [&](const Value& item) {
    product = Operate(call.machine, program::BinaryOp::kMultiply, product, item);
    return true;
  });
  return product;
}

BigInt Divisor(Call& call, BigInt a, BigInt b) {
  a = a.Abs();
  b = b.Abs();
  while (b.Sign() != 0) {
    call.machine.meter().Step(a.Bits() / 64 + 1);
    BigInt rest = a.DivideTruncate(b).second;
    a = std::exchange(b, std::move(rest));
  }
  return a;
}

Value Gcd(Call& call) {
  BigInt result(0);
  for (const Value& value : call.rest) {
    NeedIndex(value);
    result = Divisor(call, result, *IntegerOf(value));
  }
  return IntValue(result);
}

Value Lcm(Call& call) {
  BigInt result(1);
  for (const Value& value : call.rest) {
    NeedIndex(value);
    const BigInt next = IntegerOf(value)->Abs();
    if (next.Sign() == 0) return Value::Int(0);
    result = result.DivideTruncate(Divisor(call, result, next)).first * next;
  }
  return IntValue(result);
}

Value ISqrt(Call& call) {
  NeedIndex(call[0]);
  const BigInt number = *IntegerOf(call[0]);
  if (number.Sign() < 0) RaiseValue("isqrt() argument must be nonnegative");
  return IntValue(number.SquareRoot());
}

Value Factorial(Call& call) {
  const int64_t n = NeedIndex(call[0]);
  if (n < 0) RaiseValue("factorial() not defined for negative values");
  if (n > 20'000) throw LimitError("int_bits");
  BigInt result(1);
  for (int64_t i = 2; i <= n; ++i) {
    call.machine.meter().Step(result.Bits() / 64 + 1);
    result = result * BigInt(i);
  }
  return IntValue(result);
}

Value Comb(Call& call) {
  const int64_t n = NeedIndex(call[0]);
  int64_t k = NeedIndex(call[1]);
  if (n < 0) RaiseValue("n must be a non-negative integer");
  if (k < 0) RaiseValue("k must be a non-negative integer");
  if (k > n) return Value::Int(0);
  k = std::min(k, n - k);
  BigInt result(1);
  for (int64_t i = 0; i < k; ++i) {
    call.machine.meter().Step(result.Bits() / 64 + 1);
    result = (result * BigInt(n - i)).DivideTruncate(BigInt(i + 1)).first;
  }
  return IntValue(result);
}

Value IsNan(Call& call) { return Value::Bool(std::isnan(ToFloat(call[0]))); }
Value IsInf(Call& call) { return Value::Bool(std::isinf(ToFloat(call[0]))); }
Value IsFinite(Call& call) { return Value::Bool(std::isfinite(ToFloat(call[0]))); }
Value Fabs(Call& call) { return Value::Float(std::fabs(ToFloat(call[0]))); }
Value Degrees(Call& call) { return Value::Float(ToFloat(call[0]) * (180.0 / M_PI)); }
Value Radians(Call& call) { return Value::Float(ToFloat(call[0]) * (M_PI / 180.0)); }

}  // namespace

const Rows& MathBuiltins() {
  static const Rows rows = {
      {"", "math.floor", "x, /", Floor, "the integer at or below x"},
      {"", "math.ceil", "x, /", Ceil, "the integer at or above x"},
      {"", "math.trunc", "x, /", Trunc, "x without its fraction"},
      {"", "math.sqrt", "x, /", OfOne<std::sqrt>, "the square root"},
      {"", "math.exp", "x, /", OfOne<std::exp>, "e to the power x"},
      {"", "math.log", "x, base=, /", Log, "the logarithm, natural by default"},
      {"", "math.log2", "x, /", LogOf<std::log2>, "the logarithm to base 2"},
      {"", "math.log10", "x, /", LogOf<std::log10>, "the logarithm to base 10"},
      {"", "math.log1p", "x, /", OfOne<std::log1p, true>, "the natural logarithm of 1 + x"},
      {"", "math.sin", "x, /", OfOne<std::sin>, "the sine of x radians"},
      {"", "math.cos", "x, /", OfOne<std::cos>, "the cosine of x radians"},
      {"", "math.tan", "x, /", OfOne<std::tan>, "the tangent of x radians"},
      {"", "math.asin", "x, /", OfOne<std::asin>, "the arc sine, in radians"},
      {"", "math.acos", "x, /", OfOne<std::acos>, "the arc cosine, in radians"},
      {"", "math.atan", "x, /", OfOne<std::atan>, "the arc tangent, in radians"},
      {"", "math.atan2", "y, x, /", OfTwo<std::atan2>, "the angle of the point (x, y)"},
      {"", "math.hypot", "x, y, /", OfTwo<std::hypot>, "the length of the vector (x, y)"},
      {"", "math.fmod", "x, y, /", OfTwo<std::fmod>, "the remainder with the sign of x"},
      {"", "math.copysign", "x, y, /", OfTwo<std::copysign>, "x with the sign of y"},
      {"", "math.pow", "x, y, /", Pow, "x to the power y, as floats"},
      {"", "math.fabs", "x, /", Fabs, "the absolute value, as a float"},
      {"", "math.degrees", "x, /", Degrees, "radians as degrees"},
      {"", "math.radians", "x, /", Radians, "degrees as radians"},
      {"", "math.fsum", "iterable, /", FSum, "the exact sum of floats, rounded once"},
      {"", "math.prod", "iterable, /, *, start=", Prod, "the elements multiplied"},
      {"", "math.gcd", "*integers", Gcd, "the greatest common divisor"},
      {"", "math.lcm", "*integers", Lcm, "the least common multiple"},
      {"", "math.isqrt", "n, /", ISqrt, "the integer at or below the square root"},
      {"", "math.factorial", "n, /", Factorial, "1 * 2 * ... * n"},
      {"", "math.comb", "n, k, /", Comb, "ways to choose k of n"},
      {"", "math.isnan", "x, /", IsNan, "whether x is not a number"},
      {"", "math.isinf", "x, /", IsInf, "whether x is infinite"},
      {"", "math.isfinite", "x, /", IsFinite, "whether x is neither infinite nor NaN"},
      {"", "math.pi", "", [](Call&) { return Value::Float(M_PI); }, "3.14159..."},
      {"", "math.e", "", [](Call&) { return Value::Float(M_E); }, "2.71828..."},
      {"", "math.tau", "", [](Call&) { return Value::Float(2 * M_PI); }, "6.28318..."},
      {"", "math.inf", "", [](Call&) { return Value::Float(HUGE_VAL); }, "infinity"},
      {"", "math.nan", "", [](Call&) { return Value::Float(std::nan("")); }, "not a number"},
  };
  return rows;
}

}  // namespace ormc::eval
