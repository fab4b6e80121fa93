#include "runtime/postgres/encode.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "compiler/base/check.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"
#include "runtime/postgres/types.h"

namespace ormc::postgres {
namespace {

std::string Hex(std::string_view data) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\\x";
  for (const char c : data) {
    const auto byte = static_cast<uint8_t>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

// PostgreSQL reads `-2147483648` as the negation of an int8: so does the type here.
uint32_t IntegerType(int64_t value) {
  if (value > std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max()) {
    return kInt4Oid;
  }
  return value == std::numeric_limits<int64_t>::min() ? kNumericOid : kInt8Oid;
}

std::string IntervalText(const TimeDelta& delta) {
  return std::to_string(delta.days) + " days " + std::to_string(delta.seconds) + " seconds " +
         std::to_string(delta.microseconds) + " microseconds";
}

TypedText Plain(const Value& value);

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

const std::vector<Value>* ItemsOf(const Value& value) {
  if (const List* list = value.list()) return &list->items;
  if (const Tuple* tuple = value.tuple()) return &tuple->items;
  if (const auto* set = value.As<std::shared_ptr<Set>>()) return &(*set)->items();
  return nullptr;
}

std::string ArrayText(const std::vector<Value>& items) {
  std::string out = "{";
  for (const Value& item : items) {
    if (out.size() > 1) out += ',';
    if (const std::vector<Value>* inner = ItemsOf(item)) {
      out += ArrayText(*inner);
    } else if (const TypedText text = Plain(item); text.text) {
      out += Quoted(*text.text);
    } else {
      out += "NULL";
    }
  }
  return out + '}';
}

std::string RangeText(const RangeValue& range) {
  if (range.empty) return "empty";
  const auto bound = [](const std::optional<Value>& value) {
    return value && !value->is_none() ? Quoted(Plain(*value).text.value_or("")) : std::string();
  };
  return (range.lower_inclusive ? '[' : '(') + bound(range.lower) + ',' + bound(range.upper) +
         (range.upper_inclusive ? ']' : ')');
}

TypedText FloatText(double value) {
  // psycopg writes these two with a cast, all others as a bare number, which is a numeric.
  if (std::isnan(value)) return {kFloat8Oid, "NaN"};
  if (std::isinf(value)) return {kFloat8Oid, value > 0 ? "Infinity" : "-Infinity"};
  return {kNumericOid, FloatRepr(value)};
}

[[noreturn]] TypedText NoParameter() {
  throw InternalError("a value that cannot be a parameter reached the database");
}

TypedText Plain(const Value& value) {
  return std::visit(
      Overloaded{
          [](NoneValue) {
            return TypedText{kUnknownOid, std::nullopt};
          },
          [](bool b) {
            return TypedText{kBoolOid, b ? "true" : "false"};
          },
          [](int64_t i) {
            return TypedText{IntegerType(i), std::to_string(i)};
          },
          [](const std::shared_ptr<const BigInt>& i) {
            return TypedText{kNumericOid, i->Digits()};
          },
          [](double d) { return FloatText(d); },
          [](const std::shared_ptr<const Decimal>& d) {
            return TypedText{kNumericOid, d->Text()};
          },
          [](const std::shared_ptr<const std::string>& s) {
            return TypedText{kUnknownOid, *s};
          },
          [](const std::shared_ptr<const Bytes>& b) {
            return TypedText{kByteaOid, Hex(b->data)};
          },
          [](const Date& d) {
            return TypedText{kDateOid, IsoFormat(d)};
          },
          [](const Time& t) {
            return TypedText{t.zone ? kTimetzOid : kTimeOid, IsoFormat(t)};
          },
          [](const DateTime& d) {
            return TypedText{d.time.zone ? kTimestamptzOid : kTimestampOid, IsoFormat(d, ' ')};
          },
          [](const TimeDelta& d) {
            return TypedText{kIntervalOid, IntervalText(d)};
          },
          [](const Uuid& u) {
            return TypedText{kUuidOid, UuidText(u)};
          },
          [](const TimeZonePtr&) { return NoParameter(); },
          [](const std::shared_ptr<List>& list) {
            return TypedText{kUnknownOid, ArrayText(list->items)};
          },
          [](const std::shared_ptr<Tuple>& tuple) {
            return TypedText{kUnknownOid, ArrayText(tuple->items)};
          },
          [](const std::shared_ptr<Set>& set) {
            return TypedText{kUnknownOid, ArrayText(set->items())};
          },
          [](const std::shared_ptr<Dict>&) { return NoParameter(); },
          [](const std::shared_ptr<const RangeValue>& range) {
            return TypedText{kUnknownOid, RangeText(*range)};
          },
          [](const std::shared_ptr<const Instance>&) { return NoParameter(); },
      },
      value.storage());
}

}  // namespace

TypedText Encode(const Value& value, program::ParameterType type) {
  TypedText encoded = Plain(value);
  switch (type) {
    case program::ParameterType::kByValue:
      break;
    case program::ParameterType::kUnknown:
      encoded.type = kUnknownOid;
      break;
    case program::ParameterType::kText:
      encoded.type = kTextOid;
      break;
    case program::ParameterType::kJsonb:
      encoded.type = kJsonbOid;
      break;
    case program::ParameterType::kInt8:
      encoded.type = kInt8Oid;
      break;
  }
  if (encoded.text && encoded.text->find('\0') != std::string::npos) {
    throw DatabaseFailure(Kind::DataRefused, {}, "NUL in a text parameter");
  }
  return encoded;
}

}  // namespace ormc::postgres
