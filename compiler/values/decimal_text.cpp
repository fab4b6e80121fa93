// Decimals from and to text, from and to floats.
#include <cmath>
#include <cstdlib>

#include "compiler/values/decimal.h"
#include "compiler/values/error.h"
#include "compiler/values/meter.h"

namespace ormc {

namespace {

[[noreturn]] void NotANumber() {
  Raise("InvalidOperation", "[<class 'decimal.ConversionSyntax'>]");
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

Decimal Decimal::FromText(std::string_view given) {
  // Underscores are allowed anywhere, as Decimal allows them.
  std::string clean;
  for (char c : Trimmed(given)) {
    if (c != '_') clean += c;
  }
  std::string_view text = clean;
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::string lower = Lowered(text);
  if (lower == "inf" || lower == "infinity") return Infinity(negative);
  if (lower == "nan") return NaN();
  std::string digits;
  int64_t exponent = 0;
  size_t at = 0;
  while (at < text.size() && IsDigit(text[at])) digits += text[at++];
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && IsDigit(text[at])) {
      digits += text[at++];
      --exponent;
    }
  }
  if (digits.empty()) NotANumber();
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::string power(text.substr(at + 1));
    const size_t sign = !power.empty() && (power[0] == '-' || power[0] == '+') ? 1 : 0;
    if (power.size() == sign || power.find_first_not_of("0123456789", sign) != std::string::npos) {
      NotANumber();
    }
    if (power.size() > 15) throw LimitError("decimal_exponent");
    exponent += std::strtoll(power.c_str(), nullptr, 10);
    at = text.size();
  }
  if (at != text.size()) NotANumber();
  return Decimal(negative, BigInt::FromDigits(digits), exponent);
}

Decimal Decimal::FromDouble(double value) {
  if (std::isnan(value)) return NaN();
  if (std::isinf(value)) return Infinity(value < 0);
  // value = mantissa * 2^power exactly; 2^-n = 5^n / 10^n.
  int power = 0;
  const double fraction = std::frexp(std::fabs(value), &power);
  auto mantissa = static_cast<int64_t>(std::ldexp(fraction, 53));
  power -= 53;
  while (mantissa != 0 && mantissa % 2 == 0 && power < 0) {
    mantissa /= 2;
    ++power;
  }
  const bool negative = std::signbit(value);
  if (mantissa == 0) return Decimal(negative, BigInt(0), 0);
  if (power >= 0) {
    return Decimal(negative, BigInt(mantissa).ShiftLeft(static_cast<uint64_t>(power)), 0);
  }
  return Decimal(negative, BigInt(mantissa) * BigInt(5).Power(static_cast<uint64_t>(-power)),
                 power);
}

double Decimal::ToDouble() const {
  switch (kind_) {
    case Kind::kNaN:
      return std::nan("");
    case Kind::kInfinite:
      return negative_ ? -HUGE_VAL : HUGE_VAL;
    case Kind::kFinite:
      break;
  }
  return std::strtod(Text().c_str(), nullptr);
}

std::string Decimal::Text() const {
  const std::string sign = negative_ ? "-" : "";
  if (kind_ == Kind::kInfinite) return sign + "Infinity";
  if (kind_ == Kind::kNaN) return sign + "NaN";
  const std::string digits = coefficient_.Digits();
  const auto count = static_cast<int64_t>(digits.size());
  const int64_t left = exponent_ + count;
  const int64_t point = exponent_ <= 0 && left > -6 ? left : 1;
  std::string text = sign;
  if (point <= 0) {
    text += "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  } else if (point >= count) {
    text += digits + std::string(static_cast<size_t>(point - count), '0');
  } else {
    text += digits.substr(0, static_cast<size_t>(point)) + "." +
            digits.substr(static_cast<size_t>(point));
  }
  if (left != point) text += (left > point ? "E+" : "E") + std::to_string(left - point);
  return text;
}

}  // namespace ormc
