#include "compiler/values/decimal.h"

#include <algorithm>
#include <cmath>

#include "compiler/values/error.h"
#include "compiler/values/meter.h"

namespace ormc {

namespace {

constexpr int64_t kEmax = 999'999;
constexpr int64_t kEmin = -999'999;

[[noreturn]] void Signal(const std::string& name, const std::string& condition) {
  Raise(name, "[<class 'decimal." + condition + "'>]");
}

int64_t DigitCount(const BigInt& coefficient) {
  return coefficient.Sign() == 0 ? 1 : static_cast<int64_t>(coefficient.Digits().size());
}

BigInt Scaled(const BigInt& coefficient, int64_t places) {
  if (places == 0 || coefficient.Sign() == 0) return coefficient;
  return coefficient * BigInt::PowerOfTen(static_cast<uint64_t>(places));
}

// Does the quotient of a rounding division go one up?
bool RoundsUp(Rounding rounding, bool negative, const BigInt& quotient, const BigInt& remainder,
              const BigInt& divisor) {
  if (remainder.Sign() == 0) return false;
  const auto half = (remainder + remainder) <=> divisor;
  const auto last = quotient.DivideTruncate(BigInt(10)).second.Int64().value_or(0);
  switch (rounding) {
    case Rounding::kHalfEven:
      return half > 0 || (half == 0 && last % 2 == 1);
    case Rounding::kHalfUp:
      return half >= 0;
    case Rounding::kHalfDown:
      return half > 0;
    case Rounding::kUp:
      return true;
    case Rounding::kDown:
      return false;
    case Rounding::kCeiling:
      return !negative;
    case Rounding::kFloor:
      return negative;
    case Rounding::k05Up:
      return last == 0 || last == 5;
  }
  return false;
}

}  // namespace

std::optional<Rounding> RoundingByName(std::string_view name) {
  static constexpr std::pair<std::string_view, Rounding> kNames[] = {
      {"ROUND_HALF_EVEN", Rounding::kHalfEven}, {"ROUND_HALF_UP", Rounding::kHalfUp},
      {"ROUND_HALF_DOWN", Rounding::kHalfDown}, {"ROUND_UP", Rounding::kUp},
      {"ROUND_DOWN", Rounding::kDown},          {"ROUND_CEILING", Rounding::kCeiling},
      {"ROUND_FLOOR", Rounding::kFloor},        {"ROUND_05UP", Rounding::k05Up}};
  for (const auto& [known, rounding] : kNames) {
    if (known == name) return rounding;
  }
  return std::nullopt;
}

Decimal Decimal::Infinity(bool negative) {
  Decimal result(negative, BigInt(0), 0);
  result.kind_ = Kind::kInfinite;
  return result;
}

Decimal Decimal::NaN() {
  Decimal result;
  result.kind_ = Kind::kNaN;
  return result;
}

int64_t Decimal::Adjusted() const { return exponent_ + DigitCount(coefficient_) - 1; }

bool Decimal::IsIntegral() const {
  if (!is_finite()) return false;
  if (exponent_ >= 0 || is_zero()) return true;
  return Normalized().exponent_ >= 0;
}

Decimal Decimal::Negated() const {
  Decimal result = *this;
  result.negative_ = !negative_;
  return result;
}

Decimal Decimal::Abs() const {
  Decimal result = *this;
  result.negative_ = false;
  return result;
}

BigInt Decimal::ToInteger() const {
  if (is_nan()) RaiseValue("cannot convert NaN to integer");
  if (!is_finite()) Raise("OverflowError", "cannot convert Infinity to integer");
  if (is_zero()) return BigInt(0);
  if (Adjusted() < 0) return BigInt(0);
  if (exponent_ > static_cast<int64_t>(BigInt::kMaxBits)) throw LimitError("int_bits");
  const BigInt magnitude = Rescaled(0, Rounding::kDown).coefficient_;
  return negative_ ? -magnitude : magnitude;
}

Decimal Decimal::Rescaled(int64_t exponent, Rounding rounding) const {
  if (!is_finite()) return *this;
  if (is_zero()) return Decimal(negative_, BigInt(0), exponent);
  if (exponent <= exponent_) {
    return Decimal(negative_, Scaled(coefficient_, exponent_ - exponent), exponent);
  }
  // All digits go: any divisor that is larger than twice the coefficient rounds alike.
  const int64_t places = std::min(exponent - exponent_, DigitCount(coefficient_) + 1);
  const BigInt divisor = BigInt::PowerOfTen(static_cast<uint64_t>(places));
  auto [quotient, remainder] = coefficient_.DivideTruncate(divisor);
  if (RoundsUp(rounding, negative_, quotient, remainder, divisor)) quotient = quotient + BigInt(1);
  return Decimal(negative_, quotient, exponent);
}

Decimal Decimal::Rounded(int64_t precision, Rounding rounding) const {
  if (!is_finite()) return *this;
  const int64_t digits = DigitCount(coefficient_);
  if (digits <= precision) return *this;
  Decimal result = Rescaled(exponent_ + digits - precision, rounding);
  // 9.99 became 10.0: one digit too many.
  if (DigitCount(result.coefficient_) > precision) {
    result = result.Rescaled(result.exponent_ + 1, rounding);
  }
  return result;
}

Decimal Decimal::Finished(int64_t precision) const {
  if (!is_finite()) return *this;
  const int64_t tiny = kEmin - precision + 1;
  if (is_zero()) return Decimal(negative_, BigInt(0), std::clamp(exponent_, tiny, kEmax));
  Decimal result = Rounded(precision);
  if (result.Adjusted() > kEmax) Signal("Overflow", "Overflow");
  if (result.Adjusted() < kEmin && exponent_ < tiny) return Rescaled(tiny, Rounding::kHalfEven);
  return result;
}

Decimal Decimal::Quantized(const Decimal& pattern, Rounding rounding) const {
  if (is_nan() || pattern.is_nan()) return NaN();
  if (!is_finite() || !pattern.is_finite()) {
    if (!is_finite() && !pattern.is_finite()) return *this;
    Signal("InvalidOperation", "InvalidOperation");
  }
  const int64_t exponent = pattern.exponent_;
  if (exponent > kEmax || exponent < kEmin - kPrecision + 1) {
    Signal("InvalidOperation", "InvalidOperation");
  }
  if (!is_zero() && (Adjusted() > kEmax || Adjusted() - exponent + 1 > kPrecision)) {
    Signal("InvalidOperation", "InvalidOperation");
  }
  Decimal result = Rescaled(exponent, rounding);
  if (DigitCount(result.coefficient_) > kPrecision || result.Adjusted() > kEmax) {
    Signal("InvalidOperation", "InvalidOperation");
  }
  return result;
}

Decimal Decimal::Normalized() const {
  if (!is_finite()) return *this;
  if (is_zero()) return Decimal(negative_, BigInt(0), 0);
  const std::string digits = coefficient_.Digits();
  const auto zeros = static_cast<int64_t>(digits.size() - 1 - digits.find_last_not_of('0'));
  return Rescaled(exponent_ + zeros, Rounding::kDown);
}

Decimal Decimal::SquareRoot() const {
  if (is_nan()) return *this;
  if (is_zero()) {
    return Decimal(negative_, BigInt(0), exponent_ >= 0 ? exponent_ / 2 : (exponent_ - 1) / 2)
        .Finished();
  }
  if (negative_) Signal("InvalidOperation", "InvalidOperation");
  if (!is_finite()) return *this;
  // As the General Decimal Arithmetic specification: one digit more than wanted, a sticky last one.
  const int64_t precision = kPrecision + 1;
  int64_t exponent = exponent_ >= 0 ? exponent_ / 2 : (exponent_ - 1) / 2;
  const bool odd = (exponent_ & 1) != 0;
  BigInt radicand = odd ? Scaled(coefficient_, 1) : coefficient_;
  const int64_t digits = DigitCount(coefficient_);
  const int64_t pairs = odd ? digits / 2 + 1 : (digits + 1) / 2;
  int64_t shift = precision - pairs;
  bool exact = true;
  if (shift >= 0) {
    radicand = Scaled(radicand, 2 * shift);
  } else {
    auto [quotient, remainder] =
        radicand.DivideTruncate(BigInt::PowerOfTen(static_cast<uint64_t>(-2 * shift)));
    radicand = quotient;
    exact = remainder.Sign() == 0;
  }
  exponent -= shift;
  BigInt root = radicand.SquareRoot();
  exact = exact && root * root == radicand;
  if (exact) {
    root = shift >= 0 ? root.DivideTruncate(BigInt::PowerOfTen(static_cast<uint64_t>(shift))).first
                      : Scaled(root, -shift);
    exponent += shift;
  } else if (root.DivideTruncate(BigInt(5)).second.Sign() == 0) {
    root = root + BigInt(1);
  }
  return Decimal(false, root, exponent).Finished();
}

Decimal Add(const Decimal& a, const Decimal& b, int64_t precision) {
  if (a.is_nan()) return a;
  if (b.is_nan()) return b;
  if (!a.is_finite() || !b.is_finite()) {
    if (!a.is_finite() && !b.is_finite() && a.negative() != b.negative()) {
      Signal("InvalidOperation", "InvalidOperation");
    }
    return a.is_finite() ? b : a;
  }
  const int64_t exponent = std::min(a.exponent(), b.exponent());
  if (a.is_zero() && b.is_zero()) {
    return Decimal(a.negative() && b.negative(), BigInt(0), exponent).Finished(precision);
  }
  if (a.is_zero() || b.is_zero()) {
    const Decimal& other = a.is_zero() ? b : a;
    const int64_t wanted = std::max(exponent, other.exponent() - precision - 1);
    return other.Rescaled(wanted, Rounding::kHalfEven).Finished(precision);
  }
  // Far below the other's last digit a number is only a sticky digit.
  Decimal high = a.exponent() >= b.exponent() ? a : b;
  Decimal low = a.exponent() >= b.exponent() ? b : a;
  const int64_t edge =
      high.exponent() + std::min<int64_t>(-1, DigitCount(high.coefficient()) - precision - 2);
  if (low.Adjusted() < edge) low = Decimal(low.negative(), BigInt(1), edge);
  const BigInt x = Scaled(high.coefficient(), high.exponent() - low.exponent());
  const BigInt sum =
      (high.negative() ? -x : x) + (low.negative() ? -low.coefficient() : low.coefficient());
  return Decimal(sum.Sign() < 0, sum.Abs(), low.exponent()).Finished(precision);
}

Decimal Subtract(const Decimal& a, const Decimal& b) {
  return b.is_nan() ? Add(a, b) : Add(a, b.Negated());
}

Decimal Multiply(const Decimal& a, const Decimal& b, int64_t precision) {
  if (a.is_nan()) return a;
  if (b.is_nan()) return b;
  const bool negative = a.negative() != b.negative();
  if (!a.is_finite() || !b.is_finite()) {
    if (a.is_zero() || b.is_zero()) Signal("InvalidOperation", "InvalidOperation");
    return Decimal::Infinity(negative);
  }
  return Decimal(negative, a.coefficient() * b.coefficient(), a.exponent() + b.exponent())
      .Finished(precision);
}

Decimal Divide(const Decimal& a, const Decimal& b, int64_t precision) {
  if (a.is_nan()) return a;
  if (b.is_nan()) return b;
  const bool negative = a.negative() != b.negative();
  if (!a.is_finite()) {
    if (!b.is_finite()) Signal("InvalidOperation", "InvalidOperation");
    return Decimal::Infinity(negative);
  }
  if (!b.is_finite()) return Decimal(negative, BigInt(0), kEmin - precision + 1);
  if (b.is_zero()) {
    if (a.is_zero()) Signal("InvalidOperation", "DivisionUndefined");
    Signal("DivisionByZero", "DivisionByZero");
  }
  if (a.is_zero()) return Decimal(negative, BigInt(0), a.exponent() - b.exponent()).Finished();
  const int64_t shift = DigitCount(b.coefficient()) - DigitCount(a.coefficient()) + precision + 1;
  int64_t exponent = a.exponent() - b.exponent() - shift;
  auto [quotient, remainder] =
      shift >= 0 ? Scaled(a.coefficient(), shift).DivideTruncate(b.coefficient())
                 : a.coefficient().DivideTruncate(Scaled(b.coefficient(), -shift));
  if (remainder.Sign() != 0) {
    if (quotient.DivideTruncate(BigInt(5)).second.Sign() == 0) quotient = quotient + BigInt(1);
  } else {
    // An exact quotient keeps the ideal exponent where it can.
    const int64_t ideal = a.exponent() - b.exponent();
    while (exponent < ideal) {
      auto [shorter, digit] = quotient.DivideTruncate(BigInt(10));
      if (digit.Sign() != 0) break;
      quotient = shorter;
      ++exponent;
    }
  }
  return Decimal(negative, quotient, exponent).Finished(precision);
}

namespace {

// Truncated quotient and remainder of two finite numbers, b not zero.
std::pair<Decimal, Decimal> DivideModulo(const Decimal& a, const Decimal& b) {
  const bool negative = a.negative() != b.negative();
  const int64_t ideal = b.is_finite() ? std::min(a.exponent(), b.exponent()) : a.exponent();
  const int64_t difference = b.is_finite() ? a.Adjusted() - b.Adjusted() : -1;
  if (a.is_zero() || !b.is_finite() || difference <= -2) {
    return {Decimal(negative, BigInt(0), 0), a.Rescaled(ideal, Rounding::kHalfEven)};
  }
  if (difference <= Decimal::kPrecision) {
    const auto [quotient, remainder] =
        Scaled(a.coefficient(), a.exponent() - ideal)
            .DivideTruncate(Scaled(b.coefficient(), b.exponent() - ideal));
    if (DigitCount(quotient) <= Decimal::kPrecision) {
      return {Decimal(negative, quotient, 0), Decimal(a.negative(), remainder, ideal)};
    }
  }
  Signal("InvalidOperation", "DivisionImpossible");
}

}  // namespace

Decimal FloorDivide(const Decimal& a, const Decimal& b) {
  if (a.is_nan()) return a;
  if (b.is_nan()) return b;
  if (!a.is_finite()) {
    if (!b.is_finite()) Signal("InvalidOperation", "InvalidOperation");
    return Decimal::Infinity(a.negative() != b.negative());
  }
  if (b.is_zero()) {
    if (a.is_zero()) Signal("InvalidOperation", "DivisionUndefined");
    Signal("DivisionByZero", "DivisionByZero");
  }
  return DivideModulo(a, b).first;
}

Decimal Remainder(const Decimal& a, const Decimal& b) {
  if (a.is_nan()) return a;
  if (b.is_nan()) return b;
  if (!a.is_finite()) Signal("InvalidOperation", "InvalidOperation");
  if (b.is_zero())
    Signal("InvalidOperation", a.is_zero() ? "DivisionUndefined" : "InvalidOperation");
  return DivideModulo(a, b).second.Finished();
}

Decimal Power(const Decimal& a, const Decimal& b) {
  if (a.is_nan()) return a;
  if (b.is_nan()) return b;
  if (b.is_zero()) {
    if (a.is_zero()) Signal("InvalidOperation", "InvalidOperation");
    return Decimal(false, BigInt(1), 0);
  }
  if (!a.is_finite() || !b.is_finite() || !b.IsIntegral()) throw LimitError("decimal_power");
  const BigInt count = b.ToInteger();
  const bool negative = a.negative() && (count.DivideFloor(BigInt(2)).second.Sign() != 0);
  if (a.is_zero()) {
    if (b.negative()) return Decimal::Infinity(negative);
    return Decimal(negative, BigInt(0), 0);
  }
  const auto exponent = count.Abs().Int64();
  if (!exponent) throw LimitError("decimal_power");
  // Square and multiply with a few digits more, as libmpdec does.
  int64_t precision = Decimal::kPrecision + DigitCount(count.Abs()) + 2;
  Decimal base = a.Abs();
  if (b.negative()) base = Divide(Decimal(false, BigInt(1), 0), base, ++precision);
  Decimal result = base;
  int bit = 62;
  while ((*exponent >> bit & 1) == 0) --bit;
  while (--bit >= 0) {
    result = Multiply(result, result, precision);
    if ((*exponent >> bit & 1) != 0) result = Multiply(result, base, precision);
    if (result.is_zero()) break;
  }
  return Decimal(negative, result.coefficient(), result.exponent()).Finished();
}

std::partial_ordering Compare(const Decimal& a, const Decimal& b) {
  if (a.is_nan() || b.is_nan()) return std::partial_ordering::unordered;
  const auto sign = [](const Decimal& d) { return d.is_zero() ? 0 : d.negative() ? -1 : 1; };
  if (sign(a) != sign(b)) return sign(a) <=> sign(b);
  if (sign(a) == 0) return std::partial_ordering::equivalent;
  const auto order = [&](auto left, auto right) -> std::partial_ordering {
    return sign(a) > 0 ? left <=> right : right <=> left;
  };
  if (!a.is_finite() || !b.is_finite()) return order(!a.is_finite(), !b.is_finite());
  if (a.Adjusted() != b.Adjusted()) return order(a.Adjusted(), b.Adjusted());
  const int64_t exponent = std::min(a.exponent(), b.exponent());
  return order(Scaled(a.coefficient(), a.exponent() - exponent),
               Scaled(b.coefficient(), b.exponent() - exponent));
}

Value DecimalValue(Decimal decimal) {
  return Value(Value::Storage(std::make_shared<const Decimal>(std::move(decimal))));
}

}  // namespace ormc
