// Integers of any size, bounded by kMaxBits: what would be larger is refused before it is made.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "compiler/values/value.h"

namespace ormc {

// Immutable and cheap to copy.  The only place that knows boost::multiprecision is big_int.cpp.
class BigInt {
 public:
  // 39,000 digits: far beyond any key or sum, small enough for quadratic algorithms.
  static constexpr uint64_t kMaxBits = 1U << 17U;

  BigInt() : BigInt(0) {}
  explicit BigInt(int64_t value);
  // Digits only, with an optional sign.
  static BigInt FromDigits(std::string_view digits, int base = 10);
  static BigInt FromDouble(double integral);
  static BigInt PowerOfTen(uint64_t exponent);

  std::string Digits(int base = 10) const;  // with "-" where negative
  double ToDouble() const;                  // correctly rounded; infinite where too large
  std::optional<int64_t> Int64() const;
  uint64_t Bits() const;  // of the magnitude
  int Sign() const;
  uint64_t ModuloMersenne61() const;  // of the magnitude: for Python's hash

  BigInt operator-() const;
  BigInt Abs() const;
  friend BigInt operator+(const BigInt& a, const BigInt& b);
  friend BigInt operator-(const BigInt& a, const BigInt& b);
  friend BigInt operator*(const BigInt& a, const BigInt& b);
  friend BigInt operator&(const BigInt& a, const BigInt& b);
  friend BigInt operator|(const BigInt& a, const BigInt& b);
  friend BigInt operator^(const BigInt& a, const BigInt& b);
  BigInt ShiftLeft(uint64_t bits) const;
  BigInt ShiftRight(uint64_t bits) const;  // floor, as Python's
  // Quotient and remainder; the divisor is not zero.
  std::pair<BigInt, BigInt> DivideFloor(const BigInt& divisor) const;
  std::pair<BigInt, BigInt> DivideTruncate(const BigInt& divisor) const;
  BigInt Power(uint64_t exponent) const;
  BigInt PowerModulo(const BigInt& exponent, const BigInt& modulus) const;
  BigInt SquareRoot() const;  // floor
  bool operator==(const BigInt& other) const;
  std::strong_ordering operator<=>(const BigInt& other) const;

 private:
  struct Number;
  explicit BigInt(Number number);

  std::shared_ptr<const Number> number_;
};

// a / b, correctly rounded; b is not zero.
double TrueDivide(const BigInt& a, const BigInt& b);

// An int value, normalised: int64 where it fits.
Value IntValue(const BigInt& integer);
// The integer of an int or bool, else none.
std::optional<BigInt> IntegerOf(const Value& value);

}  // namespace ormc
