#include "runtime/postgres/decode.h"

#include <charconv>
#include <limits>
#include <string>

#include "compiler/values/decimal.h"
#include "compiler/values/error.h"
#include "runtime/postgres/decode_parts.h"
#include "runtime/postgres/failure.h"
#include "runtime/postgres/types.h"

namespace ormc::postgres {
namespace {

Value DecodeFloat(std::string_view text) {
  if (text == "NaN") return Value::Float(std::numeric_limits<double>::quiet_NaN());
  if (text == "Infinity") return Value::Float(std::numeric_limits<double>::infinity());
  if (text == "-Infinity") return Value::Float(-std::numeric_limits<double>::infinity());
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return Value::Float(value);
}

int HexDigit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

// "\x0aff"
Value DecodeBytes(std::string_view text) {
  auto bytes = std::make_shared<Bytes>();
  for (size_t i = 2; i + 1 < text.size(); i += 2) {
    bytes->data += static_cast<char>(HexDigit(text[i]) * 16 + HexDigit(text[i + 1]));
  }
  return Value(Value::Storage(std::shared_ptr<const Bytes>(std::move(bytes))));
}

Value DecodeUuid(std::string_view text) {
  Uuid uuid;
  size_t digit = 0;
  for (const char c : text) {
    if (c == '-' || digit == 32) continue;
    const int half = HexDigit(c) << (digit % 2 == 0 ? 4 : 0);
    uuid.bytes[digit / 2] = static_cast<uint8_t>(uuid.bytes[digit / 2] | half);
    ++digit;
  }
  return Value(Value::Storage(uuid));
}

Value DecodeScalar(uint32_t type, std::string_view text, const DecodeOptions& options) {
  switch (type) {
    case kBoolOid:
      return Value::Bool(text == "t");
    case kInt2Oid:
    case kInt4Oid:
    case kInt8Oid:
    case kOidOid:
      return Value::IntFromDigits(text);
    case kFloat4Oid:
    case kFloat8Oid:
      return DecodeFloat(text);
    case kNumericOid:
      return Value(Value::Storage(std::make_shared<const Decimal>(Decimal::FromText(text))));
    case kByteaOid:
      return DecodeBytes(text);
    case kUuidOid:
      return DecodeUuid(text);
    case kDateOid:
      return DecodeDate(text);
    case kTimeOid:
    case kTimetzOid:
      return DecodeTime(text);
    case kTimestampOid:
      return DecodeTimestamp(text, ClockKind::kNaive);
    case kTimestamptzOid:
      return DecodeTimestamp(text, options.use_tz ? ClockKind::kUtc : ClockKind::kDropZone);
    case kIntervalOid:
      return DecodeInterval(text);
    default:
      return Value::Str(std::string(text));
  }
}

}  // namespace

Value Decode(uint32_t type, std::string_view text, const DecodeOptions& options) {
  try {
    const ComposedType* composed = FindComposed(type);
    if (composed == nullptr) return DecodeScalar(type, text, options);
    switch (composed->composition) {
      case Composition::kArray:
        return DecodeArray(composed->element, text, options);
      case Composition::kRange:
        return DecodeRange(composed->element, text, options);
      case Composition::kMultirange:
        return DecodeMultirange(composed->element, text, options);
    }
  } catch (const PythonError& error) {
    throw DatabaseFailure(Kind::DataRefused, {}, "no Python value: " + error.django_name);
  }
  return Value::None();
}

}  // namespace ormc::postgres
