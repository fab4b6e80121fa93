// values: Python's values, as a snippet computes them.
//
//   value.h     the closed set of kinds; construction and access
//   instance.h  rows of models and their shapes
//   error.h     Python's exceptions; meter.h the budget of steps and bytes, LimitError
//   big_int.h   integers beyond int64
//   decimal.h   Python's decimal.Decimal (context: 28 digits, half even)
//   temporal.h  date, time, datetime, timedelta, zones (calendar arithmetic as Python's)
//   dict.h      dict and set: insertion order, Python's hashing
//   equality.h  ==, hash and ordering as Python's
//   text.h      str() and repr(); json.h the JSON form of the CLI contract
//   unicode.h   code points of UTF-8
//
// A Value is small and cheap to copy.  Lists, dicts and sets have Python's reference semantics: two
// Values may share one, and the fold's `append` is seen through both.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ormc {

class BigInt;   // values/big_int.h: beyond int64; always normalised (a BigInt never fits int64)
class Decimal;  // values/decimal.h
class Dict;     // values/dict.h: insertion order, Python's hashing
class Set;      // values/dict.h

class Value;

struct NoneValue {};

struct Bytes {
  std::string data;
};

struct Date {
  int32_t year = 1;  // 1..9999
  uint8_t month = 1;
  uint8_t day = 1;
  auto operator<=>(const Date&) const = default;
};

// A zone by its IANA name; "UTC" for timezone.utc.  `offset_seconds` is set for a fixed offset.
struct TimeZone {
  std::string name;
  std::optional<int32_t> offset_seconds;
  bool operator==(const TimeZone&) const = default;
};
using TimeZonePtr = std::shared_ptr<const TimeZone>;

struct Time {
  uint8_t hour = 0;
  uint8_t minute = 0;
  uint8_t second = 0;
  uint32_t microsecond = 0;
  uint8_t fold = 0;
  TimeZonePtr zone;  // null: naive
};

struct DateTime {
  Date date;
  Time time;  // its zone is the datetime's zone
};

// Normalised as Python's: 0 <= seconds < 86400, 0 <= microseconds < 1000000.
struct TimeDelta {
  int64_t days = 0;
  int32_t seconds = 0;
  int32_t microseconds = 0;
  auto operator<=>(const TimeDelta&) const = default;
};

struct Uuid {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
};

// `level` is at least one more than that of every container that holds it, and bounded (nesting.h):
// so nothing is nested deep enough to exhaust our stack, and no container holds itself.
struct List {
  std::vector<Value> items;
  mutable uint32_t level = 0;
};
struct Tuple {
  std::vector<Value> items;
  std::shared_ptr<const std::vector<std::string>> names;  // of a named tuple, else null
  mutable uint32_t level = 0;
};

// A PostgreSQL range (psycopg's Range).
struct RangeValue;

// A row of a model.  Its class is described by the program (program/instance.h).
struct Instance;

class Value {
 public:
  using Storage = std::variant<NoneValue, bool, int64_t, std::shared_ptr<const BigInt>, double,
                               std::shared_ptr<const Decimal>, std::shared_ptr<const std::string>,
                               std::shared_ptr<const Bytes>, Date, Time, DateTime, TimeDelta, Uuid,
                               TimeZonePtr, std::shared_ptr<List>, std::shared_ptr<Tuple>,
                               std::shared_ptr<Set>, std::shared_ptr<Dict>,
                               std::shared_ptr<const RangeValue>, std::shared_ptr<const Instance>>;

  Value() = default;  // None
  explicit Value(Storage storage) : storage_(std::move(storage)) {}

  static Value None() { return Value(); }
  static Value Bool(bool b) { return Value(Storage(std::in_place_type<bool>, b)); }
  static Value Int(int64_t i) { return Value(Storage(std::in_place_type<int64_t>, i)); }
  static Value Float(double d) { return Value(Storage(std::in_place_type<double>, d)); }
  static Value Str(std::string s) {
    return Value(Storage(std::make_shared<const std::string>(std::move(s))));
  }
  static Value ListOf(std::vector<Value> items);
  static Value TupleOf(std::vector<Value> items);
  // Decimal digits with an optional sign; normalises to int64 where it fits.
  static Value IntFromDigits(std::string_view digits);

  const Storage& storage() const { return storage_; }
  bool is_none() const { return std::holds_alternative<NoneValue>(storage_); }
  template <class T>
  const T* As() const {
    return std::get_if<T>(&storage_);
  }
  // The text of a str, or null.
  const std::string* text() const {
    const auto* p = As<std::shared_ptr<const std::string>>();
    return p ? p->get() : nullptr;
  }
  const List* list() const {
    const auto* p = As<std::shared_ptr<List>>();
    return p ? p->get() : nullptr;
  }
  const Tuple* tuple() const {
    const auto* p = As<std::shared_ptr<Tuple>>();
    return p ? p->get() : nullptr;
  }

 private:
  Storage storage_;
};

struct RangeValue {
  std::optional<Value> lower;
  std::optional<Value> upper;
  bool lower_inclusive = true;
  bool upper_inclusive = false;
  bool empty = false;
};

// Python's type name: "int", "str", "NoneType", "datetime", ...
std::string_view TypeName(const Value& value);
// As CPython's messages name it: "datetime.date", "decimal.Decimal", else TypeName.
std::string FullTypeName(const Value& value);

}  // namespace ormc
