// int, float, Decimal, UUID and functions of numbers.
#include <charconv>
#include <cmath>

#include "compiler/eval/convert.h"
#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/equality.h"
#include "compiler/values/temporal.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

// Blanks cut off, decimal digits of other scripts made ASCII.
std::string Plain(std::string_view text) {
  std::u32string points = ToCodePoints(text);
  size_t begin = 0;
  size_t end = points.size();
  while (begin < end && IsSpace(points[begin])) ++begin;
  while (end > begin && IsSpace(points[end - 1])) --end;
  std::string plain;
  for (size_t i = begin; i < end; ++i) {
    const int digit = points[i] >= 0x80 ? DigitValue(points[i]) : -1;
    AppendUtf8(plain, digit >= 0 ? static_cast<char32_t>('0' + digit) : points[i]);
  }
  return plain;
}

int DigitIn(char c, int base) {
  int digit = 99;
  if (c >= '0' && c <= '9') digit = c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') digit = (c | 0x20) - 'a' + 10;
  return digit < base ? digit : -1;
}

// The digits of an integer literal without its underscores; none where it is not one.
std::optional<std::string> IntegerDigits(std::string_view text, int& base) {
  std::string digits;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    if (text[0] == '-') digits = "-";
    text.remove_prefix(1);
  }
  bool separated = false;  // an underscore may follow
  if (text.size() > 1 && text[0] == '0') {
    const char mark = static_cast<char>(text[1] | 0x20);
    const int prefixed = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
    if (prefixed != 0 && (base == 0 || base == prefixed)) {
      base = prefixed;
      text.remove_prefix(2);
      separated = true;
    }
  }
  if (base == 0) {
    base = 10;
    // A leading zero needs base 8's "0o".
    if (text.size() > 1 && text[0] == '0' &&
        text.find_first_not_of("0_") != std::string_view::npos) {
      return std::nullopt;
    }
  }
  const size_t sign = digits.size();
  for (char c : text) {
    if (c == '_') {
      if (!separated) return std::nullopt;
      separated = false;
      continue;
    }
    if (DigitIn(c, base) < 0) return std::nullopt;
    digits += c;
    separated = true;
  }
  if (digits.size() == sign || !separated) return std::nullopt;
  return digits;
}

Value IntFromText(const std::string& given, int base) {
  const int named = base;
  const auto digits = IntegerDigits(Plain(given), base);
  if (!digits) {
    RaiseValue("invalid literal for int() with base " + std::to_string(named) + ": " +
               StrRepr(given));
  }
  const size_t count = digits->size() - ((*digits)[0] == '-' ? 1 : 0);
  if (count > 4300 && (base & (base - 1)) != 0) {
    RaiseValue("Exceeds the limit (4300 digits) for integer string conversion: value has " +
               std::to_string(count) +
               " digits; use sys.set_int_max_str_digits() to increase "
               "the limit");
  }
  return IntValue(BigInt::FromDigits(*digits, base));
}

Value MakeInt(Call& call) {
  if (!call.Has(0)) return Value::Int(0);
  const Value& value = call[0];
  if (!call.Has(1)) return ToIntValue(value);
  const int64_t base = NeedIndex(call[1]);
  if (!value.text()) RaiseType("int() can't convert non-string with explicit base");
  if (base != 0 && (base < 2 || base > 36)) RaiseValue("int() base must be >= 2 and <= 36, or 0");
  return IntFromText(*value.text(), static_cast<int>(base));
}

std::optional<double> FloatFromText(std::string_view given) {
  std::string text = Plain(given);
  // Underscores only between digits.
  std::string clean;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      clean += text[i];
      continue;
    }
    const auto digit = [&](size_t k) { return k < text.size() && DigitIn(text[k], 10) >= 0; };
    if (i == 0 || !digit(i - 1) || !digit(i + 1)) return std::nullopt;
  }
  std::string_view body = clean;
  const bool negative = !body.empty() && body[0] == '-';
  if (!body.empty() && (body[0] == '-' || body[0] == '+')) body.remove_prefix(1);
  if (body.empty() || body[0] == '-' || body[0] == '+') return std::nullopt;
  std::string lower(body);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  if (lower.find('(') != std::string::npos) return std::nullopt;  // from_chars takes nan(...)
  double value = 0;
  const auto [end, error] = std::from_chars(lower.data(), lower.data() + lower.size(), value);
  if (end != lower.data() + lower.size() || error == std::errc::invalid_argument) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) value = std::strtod(lower.c_str(), nullptr);
  return negative ? -value : value;
}

Value MakeFloat(Call& call) { return Value::Float(call.Has(0) ? ToFloatValue(call[0]) : 0); }

Value MakeDecimal(Call& call) {
  if (call.Has(0) && call[0].As<std::shared_ptr<const Decimal>>()) return call[0];
  return DecimalValue(ToDecimalValue(call.Or(0, Value::Int(0))));
}

Value MakeUuid(Call& call) {
  const Value& value = call[0];
  if (!value.text()) {
    Raise("AttributeError", "'" + FullTypeName(value) + "' object has no attribute 'replace'");
  }
  const auto uuid = ParseUuid(*value.text());
  if (!uuid) RaiseValue("badly formed hexadecimal UUID string");
  return Value(Value::Storage(*uuid));
}

Value Abs(Call& call) {
  const Value& value = call[0];
  if (const auto integer = IntegerOf(value)) return IntValue(integer->Abs());
  if (const auto* f = value.As<double>()) return Value::Float(std::fabs(*f));
  if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) {
    return DecimalValue((*d)->Abs().Finished());
  }
  if (const auto* delta = value.As<TimeDelta>()) {
    const Int128 micros = MicrosOf(*delta);
    return Value(Value::Storage(DeltaFromMicros(micros < 0 ? -micros : micros)));
  }
  RaiseType("bad operand type for abs(): '" + FullTypeName(value) + "'");
}

Value Round(Call& call) { return RoundNumber(call[0], call.Get(1)); }

// A divisor of zero has words of its own here.
void CheckDivMod(Call& call, const Value& a, const Value& b) {
  if (!IsNumber(a) || !IsNumber(b)) return;
  const bool decimals =
      a.As<std::shared_ptr<const Decimal>>() || b.As<std::shared_ptr<const Decimal>>();
  const bool floats = a.As<double>() || b.As<double>();
  if (decimals && floats) {
    RaiseType("unsupported operand type(s) for divmod(): '" + FullTypeName(a) + "' and '" +
              FullTypeName(b) + "'");
  }
  if (call.machine.Truth(b)) return;
  if (floats) Raise("ZeroDivisionError", "float divmod()");
  if (!decimals) Raise("ZeroDivisionError", "integer division or modulo by zero");
  if (call.machine.Truth(a)) {
    Raise("InvalidOperation",
          "[<class 'decimal.InvalidOperation'>, <class 'decimal.DivisionByZero'>]");
  }
}

Value DivMod(Call& call) {
  const Value& a = call[0];
  const Value& b = call[1];
  CheckDivMod(call, a, b);
  Value quotient = Operate(call.machine, program::BinaryOp::kFloorDivide, a, b);
  Value remainder = Operate(call.machine, program::BinaryOp::kModulo, a, b);
  return call.machine.NewTuple({std::move(quotient), std::move(remainder)});
}

Value Pow(Call& call) {
  if (!call.Has(2) || call[2].is_none()) {
    return Operate(call.machine, program::BinaryOp::kPower, call[0], call[1]);
  }
  const auto base = IntegerOf(call[0]);
  const auto exponent = IntegerOf(call[1]);
  const auto modulus = IntegerOf(call[2]);
  if (!base || !exponent || !modulus) {
    RaiseType("pow() 3rd argument not allowed unless all arguments are integers");
  }
  if (modulus->Sign() == 0) RaiseValue("pow() 3rd argument cannot be 0");
  if (exponent->Sign() < 0) throw LimitError("modular_inverse");
  const uint64_t limbs = modulus->Bits() / 64 + 1;
  call.machine.meter().Step(exponent->Bits() * limbs * limbs / 4 + 1);
  return IntValue(base->PowerModulo(*exponent, *modulus));
}

template <int base>
Value InBase(Call& call) {
  NeedIndex(call[0]);
  const BigInt number = *IntegerOf(call[0]);
  const char* prefix = base == 2 ? "0b" : base == 8 ? "0o" : "0x";
  return Value::Str((number.Sign() < 0 ? "-" : "") + std::string(prefix) +
                    number.Abs().Digits(base));
}

}  // namespace

Value ToIntValue(const Value& value) {
  if (const auto integer = IntegerOf(value)) return IntValue(*integer);
  if (const auto* f = value.As<double>()) {
    if (std::isnan(*f)) RaiseValue("cannot convert float NaN to integer");
    if (std::isinf(*f)) Raise("OverflowError", "cannot convert float infinity to integer");
    return IntValue(BigInt::FromDouble(std::trunc(*f)));
  }
  if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) {
    return IntValue((*d)->ToInteger());
  }
  if (value.text()) return IntFromText(*value.text(), 10);
  RaiseType("int() argument must be a string, a bytes-like object or a real number, not '" +
            FullTypeName(value) + "'");
}

double ToFloatValue(const Value& value) {
  if (IsNumber(value)) return ToFloat(value);
  if (!value.text()) {
    RaiseType("float() argument must be a string or a real number, not '" + FullTypeName(value) +
              "'");
  }
  const auto number = FloatFromText(*value.text());
  if (!number) RaiseValue("could not convert string to float: " + StrRepr(*value.text()));
  return *number;
}

Decimal ToDecimalValue(const Value& value) {
  if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) return **d;
  if (const auto integer = IntegerOf(value)) return Decimal::FromInt(*integer);
  if (const auto* f = value.As<double>()) return Decimal::FromDouble(*f);
  if (value.text()) return Decimal::FromText(Plain(*value.text()));
  RaiseType("conversion from " + FullTypeName(value) + " to Decimal is not supported");
}

const Rows& NumberBuiltins() {
  static const Rows rows = {
      {"", "int", "number=, /, base=", MakeInt, "an integer; floats are cut off"},
      {"", "float", "number=, /", MakeFloat, "a float"},
      {"", "decimal.Decimal", "value=", MakeDecimal, "an exact decimal number"},
      {"", "uuid.UUID", "hex", MakeUuid, "a UUID of 32 hexadecimal digits"},
      {"", "abs", "number, /", Abs, "the absolute value"},
      {"", "round", "number, ndigits=", Round, "rounded half to even"},
      {"", "divmod", "a, b, /", DivMod, "quotient and remainder"},
      {"", "pow", "base, exp, mod=", Pow, "base ** exp, modulo mod"},
      {"", "bin", "number, /", InBase<2>, "in binary digits"},
      {"", "oct", "number, /", InBase<8>, "in octal digits"},
      {"", "hex", "number, /", InBase<16>, "in hexadecimal digits"},
  };
  return rows;
}

}  // namespace ormc::eval
