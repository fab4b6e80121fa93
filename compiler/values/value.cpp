#include "compiler/values/value.h"

#include <charconv>

#include "compiler/base/check.h"
#include "compiler/values/big_int.h"
#include "compiler/values/dict.h"
#include "compiler/values/instance.h"
#include "compiler/values/nesting.h"

namespace ormc {

Value Value::ListOf(std::vector<Value> items) {
  return Value(Storage(std::make_shared<List>(List{std::move(items)})));
}

Value Value::TupleOf(std::vector<Value> items) {
  return Value(Storage(std::make_shared<Tuple>(Tuple{std::move(items), nullptr})));
}

Value Value::IntFromDigits(std::string_view digits) {
  int64_t small = 0;
  const char* end = digits.data() + digits.size();
  const auto [read, error] = std::from_chars(digits.data(), end, small);
  if (error == std::errc() && read == end) return Int(small);
  return IntValue(BigInt::FromDigits(digits));
}

std::string_view TypeName(const Value& value) {
  return std::visit(
      Overloaded{
          [](const NoneValue&) -> std::string_view { return "NoneType"; },
          [](bool) -> std::string_view { return "bool"; },
          [](int64_t) -> std::string_view { return "int"; },
          [](const std::shared_ptr<const BigInt>&) -> std::string_view { return "int"; },
          [](double) -> std::string_view { return "float"; },
          [](const std::shared_ptr<const Decimal>&) -> std::string_view { return "Decimal"; },
          [](const std::shared_ptr<const std::string>&) -> std::string_view { return "str"; },
          [](const std::shared_ptr<const Bytes>&) -> std::string_view { return "bytes"; },
          [](const Date&) -> std::string_view { return "date"; },
          [](const Time&) -> std::string_view { return "time"; },
          [](const DateTime&) -> std::string_view { return "datetime"; },
          [](const TimeDelta&) -> std::string_view { return "timedelta"; },
          [](const Uuid&) -> std::string_view { return "UUID"; },
          [](const TimeZonePtr& zone) -> std::string_view {
            return zone->offset_seconds || zone->name == "UTC" ? "timezone" : "ZoneInfo";
          },
          [](const std::shared_ptr<List>&) -> std::string_view { return "list"; },
          [](const std::shared_ptr<Tuple>& tuple) -> std::string_view {
            return tuple->names ? "Row" : "tuple";
          },
          [](const std::shared_ptr<Set>& set) -> std::string_view {
            return set->frozen ? "frozenset" : "set";
          },
          [](const std::shared_ptr<Dict>&) -> std::string_view { return "dict"; },
          [](const std::shared_ptr<const RangeValue>&) -> std::string_view { return "Range"; },
          [](const std::shared_ptr<const Instance>& instance) -> std::string_view {
            return instance->shape->name;
          },
      },
      value.storage());
}

std::string FullTypeName(const Value& value) {
  std::string type(TypeName(value));
  for (const char* dated : {"date", "datetime", "time", "timedelta", "timezone"}) {
    if (type == dated) return "datetime." + type;
  }
  if (type == "ZoneInfo") return "zoneinfo.ZoneInfo";
  return type == "Decimal" ? "decimal.Decimal" : type;
}

void HoldAt(uint32_t container_level, const Value& value, Meter& meter) {
  const uint32_t level = container_level + 1;
  const auto enter = [&](uint32_t& known) {
    if (known >= level) return false;
    if (level > kMaxNesting) throw LimitError("nesting_depth");
    known = level;
    return true;
  };
  if (const auto* list = value.As<std::shared_ptr<List>>()) {
    if (!enter((*list)->level)) return;
    meter.Step((*list)->items.size());
    for (const Value& item : (*list)->items) HoldAt(level, item, meter);
  } else if (const auto* tuple = value.As<std::shared_ptr<Tuple>>()) {
    if (!enter((*tuple)->level)) return;
    meter.Step((*tuple)->items.size());
    for (const Value& item : (*tuple)->items) HoldAt(level, item, meter);
  } else if (const auto* set = value.As<std::shared_ptr<Set>>()) {
    if (!enter((*set)->level)) return;
    meter.Step((*set)->size());
    for (const Value& item : (*set)->items()) HoldAt(level, item, meter);
  } else if (const auto* dict = value.As<std::shared_ptr<Dict>>()) {
    if (!enter((*dict)->level)) return;
    meter.Step((*dict)->size());
    for (const auto& [key, held] : (*dict)->entries()) {
      HoldAt(level, key, meter);
      HoldAt(level, held, meter);
    }
  }
}

void HoldIn(const uint32_t& container_level, const Value& value, Meter& meter) {
  const uint32_t before = container_level;
  HoldAt(before, value, meter);
  // Pushed down while we went through the value: the container is inside it.
  if (container_level != before) throw LimitError("nesting_depth");
}

}  // namespace ormc
