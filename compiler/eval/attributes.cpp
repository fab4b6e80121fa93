#include <algorithm>

#include "compiler/eval/machine.h"
#include "compiler/eval/table.h"
#include "compiler/values/big_int.h"
#include "compiler/values/equality.h"
#include "compiler/values/instance.h"
#include "compiler/values/ranges.h"

namespace ormc::eval {

namespace {

Value ZoneOrNone(const TimeZonePtr& zone) {
  return zone ? Value(Value::Storage(zone)) : Value::None();
}

template <class Part>
Value OfDate(const Value& v, Part part) {
  const auto* moment = v.As<DateTime>();
  return Value::Int((moment ? moment->date : *v.As<Date>()).*part);
}
template <class Part>
Value OfTime(const Value& v, Part part) {
  const auto* moment = v.As<DateTime>();
  return Value::Int((moment ? moment->time : *v.As<Time>()).*part);
}
Value ZoneOf(const Value& v) {
  const auto* moment = v.As<DateTime>();
  return ZoneOrNone((moment ? moment->time : *v.As<Time>()).zone);
}
const RangeValue& RangeOf(const Value& v) { return **v.As<std::shared_ptr<const RangeValue>>(); }

BigInt UuidNumber(const Uuid& uuid) {
  BigInt number(0);
  for (uint8_t byte : uuid.bytes) number = number.ShiftLeft(8) + BigInt(byte);
  return number;
}
std::string UuidHex(const Uuid& uuid) {
  std::string text = UuidText(uuid);
  std::erase(text, '-');
  return text;
}

struct AttributeRow {
  AttributeInfo info;
  Value (*get)(const Value& value);
};

const std::vector<AttributeRow>& AttributeRows() {
  static const std::vector<AttributeRow> rows = {
      {{"date", "year", "the year"}, [](const Value& v) { return OfDate(v, &Date::year); }},
      {{"date", "month", "1 to 12"}, [](const Value& v) { return OfDate(v, &Date::month); }},
      {{"date", "day", "the day of the month"},
       [](const Value& v) { return OfDate(v, &Date::day); }},
      {{"time", "hour", "0 to 23"}, [](const Value& v) { return OfTime(v, &Time::hour); }},
      {{"time", "minute", "0 to 59"}, [](const Value& v) { return OfTime(v, &Time::minute); }},
      {{"time", "second", "0 to 59"}, [](const Value& v) { return OfTime(v, &Time::second); }},
      {{"time", "microsecond", "0 to 999999"},
       [](const Value& v) { return OfTime(v, &Time::microsecond); }},
      {{"time", "fold", "1 in the second of two equal hours"},
       [](const Value& v) { return OfTime(v, &Time::fold); }},
      {{"time", "tzinfo", "the zone or None"}, ZoneOf},
      {{"timedelta", "days", "whole days"},
       [](const Value& v) { return Value::Int(v.As<TimeDelta>()->days); }},
      {{"timedelta", "seconds", "0 to 86399"},
       [](const Value& v) { return Value::Int(v.As<TimeDelta>()->seconds); }},
      {{"timedelta", "microseconds", "0 to 999999"},
       [](const Value& v) { return Value::Int(v.As<TimeDelta>()->microseconds); }},
      {{"UUID", "hex", "32 hexadecimal digits"},
       [](const Value& v) { return Value::Str(UuidHex(*v.As<Uuid>())); }},
      {{"UUID", "int", "as an integer"},
       [](const Value& v) { return IntValue(UuidNumber(*v.As<Uuid>())); }},
      {{"zone", "key", "the zone's IANA name"},
       [](const Value& v) { return Value::Str((*v.As<TimeZonePtr>())->name); }},
      {{"range", "lower", "the lower bound or None"},
       [](const Value& v) { return RangeOf(v).lower.value_or(Value::None()); }},
      {{"range", "upper", "the upper bound or None"},
       [](const Value& v) { return RangeOf(v).upper.value_or(Value::None()); }},
      {{"range", "bounds", "`[)` and kin, empty of an empty range"},
       [](const Value& v) { return Value::Str(BoundsOf(RangeOf(v))); }},
      {{"range", "isempty", "whether it holds nothing"},
       [](const Value& v) { return Value::Bool(RangeOf(v).empty); }},
      {{"range", "lower_inc", "whether the lower bound is in it"},
       [](const Value& v) {
         return Value::Bool(RangeOf(v).lower.has_value() && RangeOf(v).lower_inclusive);
       }},
      {{"range", "upper_inc", "whether the upper bound is in it"},
       [](const Value& v) {
         return Value::Bool(RangeOf(v).upper.has_value() && RangeOf(v).upper_inclusive);
       }},
      {{"range", "lower_inf", "whether it has no lower bound"},
       [](const Value& v) { return Value::Bool(!RangeOf(v).lower && !RangeOf(v).empty); }},
      {{"range", "upper_inf", "whether it has no upper bound"},
       [](const Value& v) { return Value::Bool(!RangeOf(v).upper && !RangeOf(v).empty); }},
      {{"int", "numerator", "the integer itself"}, [](const Value& v) { return v; }},
      {{"int", "denominator", "1"}, [](const Value&) { return Value::Int(1); }},
  };
  return rows;
}

Value OfInstance(const Instance& instance, const std::string& name) {
  const program::InstanceShape& shape = *instance.shape;
  if (name == "pk") return PrimaryKeyOf(instance);
  for (size_t i = 0; i < shape.fields.size(); ++i) {
    if (shape.fields[i].first == name) return instance.fields[i];
  }
  for (size_t i = 0; i < shape.annotations.size(); ++i) {
    if (shape.annotations[i].first == name) return instance.annotations[i];
  }
  for (size_t i = 0; i < shape.related.size(); ++i) {
    if (shape.related[i].name != name) continue;
    if (shape.related[i].reverse && instance.related[i].is_none()) {
      Raise("RelatedObjectDoesNotExist", shape.name + " has no " + name + ".");
    }
    return instance.related[i];
  }
  Raise("AttributeError", "'" + shape.name + "' object has no attribute '" + name + "'");
}

}  // namespace

const std::vector<AttributeInfo>& Attributes() {
  static const std::vector<AttributeInfo> infos = [] {
    std::vector<AttributeInfo> found;
    for (const AttributeRow& row : AttributeRows()) found.push_back(row.info);
    return found;
  }();
  return infos;
}

Value GetAttribute(Machine& machine, const Value& value, const std::string& name) {
  machine.meter().Step();
  if (const auto* instance = value.As<std::shared_ptr<const Instance>>()) {
    return OfInstance(**instance, name);
  }
  if (const auto* tuple = value.tuple(); tuple && tuple->names) {
    const auto found = std::find(tuple->names->begin(), tuple->names->end(), name);
    if (found != tuple->names->end()) {
      return tuple->items[static_cast<size_t>(found - tuple->names->begin())];
    }
  }
  const auto types = TableTypes(value);
  for (const AttributeRow& row : AttributeRows()) {
    if (row.info.name == name &&
        std::find(types.begin(), types.end(), row.info.type) != types.end()) {
      return row.get(value);
    }
  }
  Raise("AttributeError", "'" + FullTypeName(value) + "' object has no attribute '" + name + "'");
}

}  // namespace ormc::eval
