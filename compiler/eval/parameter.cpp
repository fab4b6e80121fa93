#include "compiler/eval/parameter.h"

#include <cmath>

#include "compiler/base/check.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/error.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"

namespace ormc::eval {

namespace {

// pg_type.oid of what a literal would be.
enum Oid : uint32_t {
  kUnknown = 0,
  kBool = 16,
  kBytea = 17,
  kInt8 = 20,
  kInt4 = 23,
  kText = 25,
  kFloat8 = 701,
  kDate = 1082,
  kTime = 1083,
  kTimestamp = 1114,
  kTimestampTz = 1184,
  kInterval = 1186,
  kTimeTz = 1266,
  kNumeric = 1700,
  kUuid = 2950,
  kJsonb = 3802,
};

std::string Hex(const std::string& data) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "\\x";
  for (char c : data) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

[[noreturn]] void NoForm(const Value& value) {
  Raise("ProgrammingError", "cannot adapt type '" + std::string(TypeName(value)) +
                                "' using placeholder '%s' (format: AUTO)");
}

WireParameter Of(const Value& value);

// Elements are quoted where they are not numbers: {1,2}, {"a b",NULL}, {{1},{2}}.
std::string ArrayText(const std::vector<Value>& items) {
  std::string out = "{";
  for (const Value& item : items) {
    if (out.size() > 1) out += ',';
    if (item.list()) {
      out += ArrayText(item.list()->items);
      continue;
    }
    const WireParameter element = Of(item);
    const bool number = element.oid == kInt4 || element.oid == kInt8 || element.oid == kNumeric;
    out += !element.text ? "NULL" : number ? *element.text : Quoted(*element.text);
  }
  return out + "}";
}

std::string RangeText(const RangeValue& range) {
  if (range.empty) return "empty";
  const auto bound = [](const std::optional<Value>& value) {
    if (!value || value->is_none()) return std::string();
    const WireParameter wire = Of(*value);
    return wire.text ? Quoted(*wire.text) : "";
  };
  return (range.lower_inclusive ? "[" : "(") + bound(range.lower) + "," + bound(range.upper) +
         (range.upper_inclusive ? "]" : ")");
}

std::string IntervalText(const TimeDelta& delta) {
  return std::to_string(delta.days) + " days " + std::to_string(delta.seconds) + " seconds " +
         std::to_string(delta.microseconds) + " microseconds";
}

WireParameter OfFloat(double value) {
  if (std::isnan(value)) return {"NaN", kFloat8};
  if (std::isinf(value)) return {value < 0 ? "-Infinity" : "Infinity", kFloat8};
  return {FloatRepr(value), kNumeric};
}

WireParameter Of(const Value& value) {
  return std::visit(
      Overloaded{
          [](const NoneValue&) -> WireParameter {
            return {std::nullopt, kUnknown};
          },
          [](bool b) -> WireParameter {
            return {b ? "t" : "f", kBool};
          },
          [](int64_t i) -> WireParameter {
            const bool small = i >= INT32_MIN && i <= INT32_MAX;
            return {std::to_string(i), small ? kInt4 : kInt8};
          },
          [](const std::shared_ptr<const BigInt>& i) -> WireParameter {
            return {i->Digits(), kNumeric};
          },
          [](double f) { return OfFloat(f); },
          [](const std::shared_ptr<const Decimal>& d) -> WireParameter {
            return {d->Text(), kNumeric};
          },
          [](const std::shared_ptr<const std::string>& s) -> WireParameter {
            return {*s, kUnknown};
          },
          [](const std::shared_ptr<const Bytes>& b) -> WireParameter {
            return {Hex(b->data), kBytea};
          },
          [](const Date& d) -> WireParameter {
            return {IsoFormat(d), kDate};
          },
          [](const Time& t) -> WireParameter {
            return {IsoFormat(t), UtcOffset(t) ? kTimeTz : kTime};
          },
          [](const DateTime& t) -> WireParameter {
            return {IsoFormat(t, ' '), t.time.zone ? kTimestampTz : kTimestamp};
          },
          [](const TimeDelta& d) -> WireParameter {
            return {IntervalText(d), kInterval};
          },
          [](const Uuid& u) -> WireParameter {
            return {UuidText(u), kUuid};
          },
          [&](const TimeZonePtr&) -> WireParameter { NoForm(value); },
          [](const std::shared_ptr<List>& list) -> WireParameter {
            return {ArrayText(list->items), kUnknown};
          },
          [&](const std::shared_ptr<Tuple>&) -> WireParameter { NoForm(value); },
          [&](const std::shared_ptr<Set>&) -> WireParameter { NoForm(value); },
          [&](const std::shared_ptr<Dict>&) -> WireParameter { NoForm(value); },
          [](const std::shared_ptr<const RangeValue>& range) -> WireParameter {
            return {RangeText(*range), kUnknown};
          },
          [&](const std::shared_ptr<const Instance>&) -> WireParameter { NoForm(value); },
      },
      value.storage());
}

}  // namespace

WireParameter ToWire(const Value& value, program::ParameterType type) {
  WireParameter wire = Of(value);
  switch (type) {
    case program::ParameterType::kByValue:
      break;
    case program::ParameterType::kUnknown:
      wire.oid = kUnknown;
      break;
    case program::ParameterType::kText:
      wire.oid = kText;
      break;
    case program::ParameterType::kJsonb:
      wire.oid = kJsonb;
      break;
    case program::ParameterType::kInt8:
      wire.oid = kInt8;
      break;
  }
  return wire;
}

}  // namespace ormc::eval
