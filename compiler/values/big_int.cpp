#include "compiler/values/big_int.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>

#include "compiler/values/meter.h"

namespace ormc {

namespace mp = boost::multiprecision;

struct BigInt::Number {
  mp::cpp_int value;
};

namespace {

uint64_t BitsOf(const mp::cpp_int& value) { return value == 0 ? 0 : mp::msb(mp::abs(value)) + 1; }

void Admit(uint64_t bits) {
  if (bits > BigInt::kMaxBits) throw LimitError("int_bits");
}

}  // namespace

BigInt::BigInt(Number number) : number_(std::make_shared<const Number>(std::move(number))) {}
BigInt::BigInt(int64_t value) : BigInt(Number{value}) {}

BigInt BigInt::FromDigits(std::string_view digits, int base) {
  const bool negative = !digits.empty() && digits.front() == '-';
  if (negative || (!digits.empty() && digits.front() == '+')) digits.remove_prefix(1);
  Admit(digits.size() * (base <= 2 ? 1 : base <= 10 ? 3 : 5));
  mp::cpp_int value = 0;
  for (char c : digits) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * base + digit;
  }
  return BigInt(Number{negative ? mp::cpp_int(-value) : value});
}

BigInt BigInt::FromDouble(double integral) { return BigInt(Number{mp::cpp_int(integral)}); }

BigInt BigInt::PowerOfTen(uint64_t exponent) { return BigInt(10).Power(exponent); }

std::string BigInt::Digits(int base) const {
  if (base == 10) return number_->value.str();
  const mp::cpp_int magnitude = mp::abs(number_->value);
  std::string text = number_->value < 0 ? "-" : "";
  const unsigned bits = base == 2 ? 1 : base == 8 ? 3 : 4;
  const uint64_t places = std::max<uint64_t>(1, (BitsOf(magnitude) + bits - 1) / bits);
  for (uint64_t i = places; i-- > 0;) {
    const auto digit = static_cast<unsigned>((magnitude >> (i * bits)) & ((1U << bits) - 1U));
    text += "0123456789abcdef"[digit];
  }
  return text;
}

double BigInt::ToDouble() const {
  mp::cpp_int magnitude = mp::abs(number_->value);
  const uint64_t bits = BitsOf(magnitude);
  int shift = 0;
  uint64_t top = 0;
  if (bits > 64) {
    // 64 leading bits, the last one sticky, round to 53 as the whole number would.
    shift = static_cast<int>(bits - 64);
    const mp::cpp_int head = magnitude >> static_cast<unsigned>(shift);
    const bool rest = (head << static_cast<unsigned>(shift)) != magnitude;
    top = static_cast<uint64_t>(head) | (rest ? 1U : 0U);
  } else {
    top = static_cast<uint64_t>(magnitude);
  }
  const double value = std::ldexp(static_cast<double>(top), shift);
  return number_->value < 0 ? -value : value;
}

std::optional<int64_t> BigInt::Int64() const {
  if (number_->value < INT64_MIN || number_->value > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(number_->value);
}

uint64_t BigInt::Bits() const { return BitsOf(number_->value); }
int BigInt::Sign() const { return number_->value.sign(); }
uint64_t BigInt::ModuloMersenne61() const {
  return static_cast<uint64_t>(mp::abs(number_->value) % ((uint64_t{1} << 61U) - 1U));
}

BigInt BigInt::operator-() const { return BigInt(Number{-number_->value}); }
BigInt BigInt::Abs() const { return BigInt(Number{mp::abs(number_->value)}); }
BigInt operator+(const BigInt& a, const BigInt& b) {
  return BigInt(BigInt::Number{a.number_->value + b.number_->value});
}
BigInt operator-(const BigInt& a, const BigInt& b) {
  return BigInt(BigInt::Number{a.number_->value - b.number_->value});
}
BigInt operator*(const BigInt& a, const BigInt& b) {
  Admit(a.Bits() + b.Bits());
  return BigInt(BigInt::Number{a.number_->value * b.number_->value});
}
BigInt operator&(const BigInt& a, const BigInt& b) {
  return BigInt(BigInt::Number{a.number_->value & b.number_->value});
}
BigInt operator|(const BigInt& a, const BigInt& b) {
  return BigInt(BigInt::Number{a.number_->value | b.number_->value});
}
BigInt operator^(const BigInt& a, const BigInt& b) {
  return BigInt(BigInt::Number{a.number_->value ^ b.number_->value});
}

BigInt BigInt::ShiftLeft(uint64_t bits) const {
  if (Sign() == 0) return *this;
  Admit(bits);
  Admit(Bits() + bits);
  return BigInt(Number{number_->value << bits});
}

BigInt BigInt::ShiftRight(uint64_t bits) const {
  if (bits >= Bits()) return BigInt(Sign() < 0 ? -1 : 0);
  return DivideFloor(BigInt(1).ShiftLeft(bits)).first;
}

std::pair<BigInt, BigInt> BigInt::DivideTruncate(const BigInt& divisor) const {
  mp::cpp_int quotient;
  mp::cpp_int remainder;
  mp::divide_qr(number_->value, divisor.number_->value, quotient, remainder);
  return {BigInt(Number{std::move(quotient)}), BigInt(Number{std::move(remainder)})};
}

std::pair<BigInt, BigInt> BigInt::DivideFloor(const BigInt& divisor) const {
  auto [quotient, remainder] = DivideTruncate(divisor);
  if (remainder.Sign() != 0 && remainder.Sign() != divisor.Sign()) {
    return {quotient - BigInt(1), remainder + divisor};
  }
  return {quotient, remainder};
}

BigInt BigInt::Power(uint64_t exponent) const {
  const uint64_t bits = Bits();
  if (bits > 1) {
    Admit(exponent);
    Admit((bits - 1) * exponent);
  }
  if (bits <= 1) {  // 0, 1, -1
    if (exponent == 0) return BigInt(1);
    return Sign() < 0 && exponent % 2 == 0 ? BigInt(1) : *this;
  }
  return BigInt(Number{mp::pow(number_->value, static_cast<unsigned>(exponent))});
}

BigInt BigInt::PowerModulo(const BigInt& exponent, const BigInt& modulus) const {
  const mp::cpp_int magnitude = mp::abs(modulus.number_->value);
  const mp::cpp_int base = (number_->value % magnitude + magnitude) % magnitude;
  const BigInt result(Number{mp::powm(base, exponent.number_->value, magnitude)});
  return result.DivideFloor(modulus).second;
}

BigInt BigInt::SquareRoot() const { return BigInt(Number{mp::sqrt(number_->value)}); }

bool BigInt::operator==(const BigInt& other) const {
  return number_->value == other.number_->value;
}
std::strong_ordering BigInt::operator<=>(const BigInt& other) const {
  return number_->value.compare(other.number_->value) <=> 0;
}

double TrueDivide(const BigInt& a, const BigInt& b) {
  // A quotient of 65 bits or more with a sticky last bit rounds as the exact one would.
  const BigInt x = a.Abs();
  const BigInt y = b.Abs();
  const auto wanted = static_cast<int64_t>(y.Bits()) - static_cast<int64_t>(x.Bits()) + 66;
  const int64_t shift = wanted > 0 ? wanted : 0;
  auto [quotient, remainder] = x.ShiftLeft(static_cast<uint64_t>(shift)).DivideTruncate(y);
  if (remainder.Sign() != 0) quotient = quotient | BigInt(1);
  const double value = std::ldexp(quotient.ToDouble(), static_cast<int>(-shift));
  return (a.Sign() < 0) != (b.Sign() < 0) ? -value : value;
}

Value IntValue(const BigInt& integer) {
  if (auto small = integer.Int64()) return Value::Int(*small);
  return Value(Value::Storage(std::make_shared<const BigInt>(integer)));
}

std::optional<BigInt> IntegerOf(const Value& value) {
  if (const auto* i = value.As<int64_t>()) return BigInt(*i);
  if (const auto* b = value.As<bool>()) return BigInt(*b ? 1 : 0);
  if (const auto* big = value.As<std::shared_ptr<const BigInt>>()) return **big;
  return std::nullopt;
}

}  // namespace ormc
