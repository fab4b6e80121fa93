#include <cmath>
#include <cstdio>

#include "compiler/eval/format.h"
#include "compiler/eval/operators.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/text.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

[[noreturn]] void UnknownCode(char type, std::string_view type_name) {
  RaiseValue(std::string("Unknown format code '") + type + "' for object of type '" +
             std::string(type_name) + "'");
}

std::string SignOf(bool negative, char wanted) {
  if (negative) return "-";
  return wanted == '-' ? "" : std::string(1, wanted);
}

void ToUpper(std::string& text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
}

// With a precision but no type: as 'g', but never without a digit after the point.
std::string GeneralDigits(double magnitude, int64_t precision) {
  const int64_t digits = std::max<int64_t>(precision, 1);
  const std::string scientific = FloatDigits(magnitude, 'e', digits - 1, false);
  const size_t mark = scientific.find('e');
  const int exponent = std::atoi(scientific.c_str() + mark + 1);
  if (exponent < -4 || exponent + 1 > digits - 1) {
    std::string mantissa = scientific.substr(0, mark);
    if (mantissa.find('.') != std::string::npos) {
      mantissa.resize(mantissa.find_last_not_of('0') + 1);
      if (mantissa.back() == '.') mantissa.pop_back();
    }
    return mantissa + scientific.substr(mark);
  }
  std::string text = FloatDigits(magnitude, 'g', digits, false);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string FloatDigits(double magnitude, char type, int64_t precision, bool alternate) {
  const std::string format = std::string(alternate ? "%#.*" : "%.*") + type;
  const int places = static_cast<int>(precision);
  const int length = std::snprintf(nullptr, 0, format.c_str(), places, magnitude);
  std::string text(static_cast<size_t>(length) + 1, '\0');
  std::snprintf(text.data(), text.size(), format.c_str(), places, magnitude);
  text.pop_back();
  return text;
}

std::string FormatInteger(Machine& machine, const Value& integer, Spec spec) {
  static constexpr std::string_view kFloatTypes = "eEfFgG%";
  if (spec.type != 0 && kFloatTypes.find(spec.type) != std::string_view::npos) {
    return FormatFloat(machine, ToFloat(integer), spec);
  }
  if (spec.precision >= 0) RaiseValue("Precision not allowed in integer format specifier");
  if (spec.no_negative_zero) {
    RaiseValue(
        "Negative zero coercion (z) not allowed in format specifier with integer format "
        "code '" +
        std::string(1, spec.type == 0 ? 'd' : spec.type) + "'");
  }
  const BigInt number = *IntegerOf(integer);
  if (spec.type == 'c') {
    const auto point = number.Int64();
    if (!point || *point < 0 || *point > 0x10FFFF) {
      Raise("OverflowError", "%c arg not in range(0x110000)");
    }
    std::string text;
    AppendUtf8(text, static_cast<char32_t>(*point));
    return PadText(machine, text, spec, '>');
  }
  int base = 10;
  std::string prefix;
  switch (spec.type) {
    case 0:
    case 'd':
    case 'n':
      break;
    case 'b':
      base = 2;
      prefix = "0b";
      break;
    case 'o':
      base = 8;
      prefix = "0o";
      break;
    case 'x':
    case 'X':
      base = 16;
      prefix = spec.type == 'x' ? "0x" : "0X";
      break;
    default:
      UnknownCode(spec.type, TypeName(integer));
  }
  if (base != 10 && spec.grouping == ',') {
    RaiseValue(std::string("Cannot specify ',' with '") + spec.type + "'.");
  }
  std::string digits = base == 10 ? IntText(IntValue(number.Abs())) : number.Abs().Digits(base);
  if (spec.type == 'X') ToUpper(digits);
  return PadNumber(machine, SignOf(number.Sign() < 0, spec.sign), spec.alternate ? prefix : "",
                   digits, "", spec, base == 10 ? 3 : 4);
}

std::string FormatFloat(Machine& machine, double value, const Spec& spec) {
  static constexpr std::string_view kTypes = "eEfFgGn%";
  if (spec.type != 0 && kTypes.find(spec.type) == std::string_view::npos) {
    UnknownCode(spec.type, "float");
  }
  machine.meter().Bytes(static_cast<uint64_t>(std::max<int64_t>(spec.precision, 0)) + 400);
  const bool percent = spec.type == '%';
  const double magnitude = std::fabs(percent ? value * 100 : value);
  const auto lower =
      static_cast<char>(spec.type >= 'A' && spec.type <= 'Z' ? spec.type + 32 : spec.type);
  std::string digits;
  if (!std::isfinite(magnitude)) {
    digits = std::isnan(magnitude) ? "nan" : "inf";
  } else if (spec.type == 0) {
    digits = spec.precision < 0 ? FloatRepr(magnitude) : GeneralDigits(magnitude, spec.precision);
  } else {
    const int64_t precision = spec.precision < 0 ? 6 : spec.precision;
    const char style = percent ? 'f' : lower == 'n' ? 'g' : lower;
    digits = FloatDigits(magnitude, style, precision, spec.alternate);
  }
  if (spec.type >= 'A' && spec.type <= 'Z') ToUpper(digits);
  bool negative = std::signbit(value) && !std::isnan(value);
  if (spec.no_negative_zero && digits.find_first_of("123456789in") == std::string::npos) {
    negative = false;
  }
  const size_t end = std::min(digits.find_first_of(".eE"), digits.size());
  Spec padded = spec;
  if (!std::isfinite(magnitude)) padded.grouping = 0;
  return PadNumber(machine, SignOf(negative, spec.sign), "", digits.substr(0, end),
                   digits.substr(end) + (percent ? "%" : ""), padded);
}

std::string FormatDecimal(Machine& machine, const Decimal& given, const Spec& spec) {
  const char type = spec.type == 0 ? 'G' : spec.type;
  static constexpr std::string_view kTypes = "eEfFgGn%";
  if (kTypes.find(type) == std::string_view::npos) RaiseValue("invalid format string");
  const std::string sign = SignOf(given.negative(), spec.sign);
  if (!given.is_finite()) {
    Spec padded = spec;
    padded.grouping = 0;
    return PadNumber(machine, sign, "", given.is_nan() ? "NaN" : "Infinity", type == '%' ? "%" : "",
                     padded);
  }
  const bool fixed = type == 'f' || type == 'F' || type == '%';
  const bool scientific = type == 'e' || type == 'E';
  Decimal d =
      type == '%' ? Decimal(given.negative(), given.coefficient(), given.exponent() + 2) : given;
  machine.meter().Bytes(static_cast<uint64_t>(std::abs(d.exponent())) +
                        static_cast<uint64_t>(std::max<int64_t>(spec.precision, 0)));
  int64_t precision = spec.precision;
  if (precision == 0 && !fixed && !scientific) precision = 1;
  if (precision >= 0) {
    if (fixed) {
      d = d.Rescaled(-precision, Rounding::kHalfEven);
    } else if (scientific) {
      d = d.Rounded(precision + 1);
    } else {
      d = d.Rounded(precision);
    }
  }
  if (d.is_zero() && d.exponent() > 0 && fixed) d = d.Rescaled(0, Rounding::kHalfEven);
  std::string digits = d.coefficient().Digits();
  const auto count = static_cast<int64_t>(digits.size());
  const int64_t left = d.exponent() + count;
  int64_t point = left;
  if (scientific) {
    if (precision >= 0) {  // padded with zeros to the precision
      if (!d.is_zero() && count < precision + 1) {
        digits += std::string(static_cast<size_t>(precision + 1 - count), '0');
      }
      point = d.is_zero() ? 1 - precision : 1;
    } else {
      point = 1;
    }
  } else if (!fixed) {
    point = d.exponent() <= 0 && left > -6 ? left : 1;
  }
  std::string whole;
  std::string rest;
  const auto length = static_cast<int64_t>(digits.size());
  if (point < 0) {
    whole = "0";
    rest = std::string(static_cast<size_t>(-point), '0') + digits;
  } else if (point > length) {
    whole = digits + std::string(static_cast<size_t>(point - length), '0');
  } else {
    whole = point == 0 ? "0" : digits.substr(0, static_cast<size_t>(point));
    rest = digits.substr(static_cast<size_t>(point));
  }
  if (!rest.empty() || spec.alternate) rest.insert(0, ".");
  const int64_t exponent = left - point;
  if (exponent != 0 || scientific) {
    const char mark = type == 'e' || type == 'g' || type == 'n' ? 'e' : 'E';
    rest += mark + std::string(exponent < 0 ? "" : "+") + std::to_string(exponent);
  }
  if (type == '%') rest += "%";
  return PadNumber(machine, sign, "", whole, rest, spec);
}

}  // namespace ormc::eval
