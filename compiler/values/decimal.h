// Python's decimal.Decimal under its default context: 28 digits, half even, exponents within
// +-999999; InvalidOperation, DivisionByZero and Overflow are raised.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/values/big_int.h"

namespace ormc {

enum class Rounding : uint8_t {
  kHalfEven,
  kHalfUp,
  kHalfDown,
  kUp,
  kDown,
  kCeiling,
  kFloor,
  k05Up
};
// "ROUND_HALF_UP" -> kHalfUp
std::optional<Rounding> RoundingByName(std::string_view name);

class Decimal {
 public:
  enum class Kind : uint8_t { kFinite, kInfinite, kNaN };
  static constexpr int64_t kPrecision = 28;

  Decimal() = default;  // 0
  Decimal(bool negative, BigInt coefficient, int64_t exponent)
      : negative_(negative), coefficient_(std::move(coefficient)), exponent_(exponent) {}
  static Decimal FromInt(const BigInt& integer) {
    return Decimal(integer.Sign() < 0, integer.Abs(), 0);
  }
  // Exact, as Decimal(text) and Decimal(0.1) are.  InvalidOperation where it is not a number.
  static Decimal FromText(std::string_view text);
  static Decimal FromDouble(double value);
  static Decimal Infinity(bool negative);
  static Decimal NaN();

  Kind kind() const { return kind_; }
  bool is_finite() const { return kind_ == Kind::kFinite; }
  bool is_nan() const { return kind_ == Kind::kNaN; }
  bool is_zero() const { return is_finite() && coefficient_.Sign() == 0; }
  bool negative() const { return negative_; }
  const BigInt& coefficient() const { return coefficient_; }
  int64_t exponent() const { return exponent_; }
  // The exponent of the first digit.
  int64_t Adjusted() const;

  std::string Text() const;  // str()
  double ToDouble() const;
  // Towards zero.  ValueError for NaN, OverflowError for infinity.
  BigInt ToInteger() const;
  // Exact; LimitError where the integer would be too large.
  bool IsIntegral() const;
  Decimal Negated() const;  // exact
  Decimal Abs() const;      // exact
  // The same number with this exponent; not limited to the precision.
  Decimal Rescaled(int64_t exponent, Rounding rounding) const;
  // Rounded to so many digits where it has more.
  Decimal Rounded(int64_t precision, Rounding rounding = Rounding::kHalfEven) const;
  // What the context makes of an exact result: precision, overflow, underflow.
  Decimal Finished(int64_t precision = kPrecision) const;
  Decimal Quantized(const Decimal& pattern, Rounding rounding) const;
  Decimal Normalized() const;
  Decimal SquareRoot() const;

 private:
  bool negative_ = false;
  Kind kind_ = Kind::kFinite;
  BigInt coefficient_;
  int64_t exponent_ = 0;
};

Decimal Add(const Decimal& a, const Decimal& b, int64_t precision = Decimal::kPrecision);
Decimal Subtract(const Decimal& a, const Decimal& b);
Decimal Multiply(const Decimal& a, const Decimal& b, int64_t precision = Decimal::kPrecision);
Decimal Divide(const Decimal& a, const Decimal& b, int64_t precision = Decimal::kPrecision);
Decimal FloorDivide(const Decimal& a, const Decimal& b);  // truncates, as Python's Decimal does
Decimal Remainder(const Decimal& a, const Decimal& b);    // with the sign of a
// An integral exponent; a fractional one is refused by LimitError("decimal_power").
Decimal Power(const Decimal& a, const Decimal& b);
// Exact; unordered where one is NaN.
std::partial_ordering Compare(const Decimal& a, const Decimal& b);

Value DecimalValue(Decimal decimal);

}  // namespace ormc
