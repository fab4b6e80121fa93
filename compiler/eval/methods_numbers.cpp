// Methods of int, float and Decimal.
#include <cmath>

#include "compiler/eval/table.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"

namespace ormc::eval {

namespace {

const Decimal& Self(const Call& call) { return **call.self.As<std::shared_ptr<const Decimal>>(); }

Rounding RoundingAt(Call& call, size_t place) {
  if (!call.Has(place) || call[place].is_none()) return Rounding::kHalfEven;
  const std::string* name = call[place].text();
  const auto rounding = name ? RoundingByName(*name) : std::nullopt;
  if (!rounding)
    RaiseType(
        "valid values for rounding are: ROUND_UP, ROUND_DOWN, ROUND_CEILING, "
        "ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, "
        "ROUND_05UP");
  return *rounding;
}

Decimal DecimalAt(Call& call, size_t place) {
  if (const auto* d = call[place].As<std::shared_ptr<const Decimal>>()) return **d;
  const auto integer = IntegerOf(call[place]);
  if (!integer) {
    RaiseType("conversion from " + FullTypeName(call[place]) + " to Decimal is not supported");
  }
  return Decimal::FromInt(*integer);
}

Value Quantize(Call& call) {
  return DecimalValue(Self(call).Quantized(DecimalAt(call, 0), RoundingAt(call, 1)));
}
Value ToIntegral(Call& call) {
  const Decimal& d = Self(call);
  if (!d.is_finite() || d.exponent() >= 0) return DecimalValue(d);
  return DecimalValue(d.Rescaled(0, RoundingAt(call, 0)));
}
Value Normalize(Call& call) { return DecimalValue(Self(call).Finished().Normalized()); }
Value SquareRoot(Call& call) { return DecimalValue(Self(call).SquareRoot()); }
Value CopyAbs(Call& call) { return DecimalValue(Self(call).Abs()); }
Value CopyNegate(Call& call) { return DecimalValue(Self(call).Negated()); }
Value IsNan(Call& call) { return Value::Bool(Self(call).is_nan()); }
Value IsInfinite(Call& call) { return Value::Bool(Self(call).kind() == Decimal::Kind::kInfinite); }
Value IsFinite(Call& call) { return Value::Bool(Self(call).is_finite()); }
Value IsZero(Call& call) { return Value::Bool(Self(call).is_zero()); }
Value IsSigned(Call& call) { return Value::Bool(Self(call).negative()); }
Value Adjusted(Call& call) {
  return Value::Int(Self(call).is_finite() ? Self(call).Adjusted() : 0);
}
Value CompareTo(Call& call) {
  const auto order = Compare(Self(call), DecimalAt(call, 0));
  if (order == std::partial_ordering::unordered) return DecimalValue(Decimal::NaN());
  return DecimalValue(Decimal(order < 0, BigInt(order == 0 ? 0 : 1), 0));
}

Value FloatIsInteger(Call& call) {
  const double x = *call.self.As<double>();
  return Value::Bool(std::isfinite(x) && std::floor(x) == x);
}
Value BitLength(Call& call) {
  return Value::Int(static_cast<int64_t>(IntegerOf(call.self)->Bits()));
}
Value BitCount(Call& call) {
  int64_t count = 0;
  for (char digit : IntegerOf(call.self)->Abs().Digits(2)) count += digit == '1' ? 1 : 0;
  return Value::Int(count);
}

}  // namespace

const Rows& NumberMethods() {
  static const Rows rows = {
      {"Decimal", "quantize", "exp, rounding=", Quantize, "with the exponent of another"},
      {"Decimal", "to_integral_value", "rounding=", ToIntegral, "rounded to an integer"},
      {"Decimal", "to_integral", "rounding=", ToIntegral, "rounded to an integer"},
      {"Decimal", "normalize", "", Normalize, "without zeros at its end"},
      {"Decimal", "sqrt", "", SquareRoot, "the square root"},
      {"Decimal", "copy_abs", "", CopyAbs, "the absolute value, exactly"},
      {"Decimal", "copy_negate", "", CopyNegate, "with the other sign, exactly"},
      {"Decimal", "is_nan", "", IsNan, "whether it is not a number"},
      {"Decimal", "is_infinite", "", IsInfinite, "whether it is infinite"},
      {"Decimal", "is_finite", "", IsFinite, "whether it is neither infinite nor NaN"},
      {"Decimal", "is_zero", "", IsZero, "whether it is zero"},
      {"Decimal", "is_signed", "", IsSigned, "whether it has a minus sign"},
      {"Decimal", "adjusted", "", Adjusted, "the exponent of its first digit"},
      {"Decimal", "compare", "other", CompareTo, "-1, 0 or 1"},
      {"float", "is_integer", "", FloatIsInteger, "whether it has no fraction"},
      {"int", "bit_length", "", BitLength, "the number of binary digits"},
      {"int", "bit_count", "", BitCount, "the number of ones in binary"},
  };
  return rows;
}

}  // namespace ormc::eval
