// date, time, datetime, timedelta, ZoneInfo: their constructors and class methods.
#include <cmath>

#include "compiler/eval/clock.h"
#include "compiler/eval/format.h"
#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/big_int.h"
#include "compiler/values/equality.h"

namespace ormc::eval {

namespace {

int64_t IntAt(Call& call, size_t place, int64_t absent) {
  return call.Has(place) ? NeedIndex(call[place]) : absent;
}

TimeZonePtr ZoneAt(Call& call, size_t place) {
  if (!call.Has(place) || call[place].is_none()) return nullptr;
  const auto* zone = call[place].As<TimeZonePtr>();
  if (!zone) {
    RaiseType("tzinfo argument must be None or of a tzinfo subclass, not type '" +
              FullTypeName(call[place]) + "'");
  }
  return *zone;
}

Value MakeDateValue(Call& call) {
  return Value(
      Value::Storage(MakeDate(NeedIndex(call[0]), NeedIndex(call[1]), NeedIndex(call[2]))));
}

Value MakeDateTimeValue(Call& call) {
  const Date date = MakeDate(NeedIndex(call[0]), NeedIndex(call[1]), NeedIndex(call[2]));
  const Time time = MakeTime(IntAt(call, 3, 0), IntAt(call, 4, 0), IntAt(call, 5, 0),
                             IntAt(call, 6, 0), ZoneAt(call, 7), IntAt(call, 8, 0));
  return Value(Value::Storage(DateTime{date, time}));
}

Value MakeTimeValue(Call& call) {
  return Value(Value::Storage(MakeTime(IntAt(call, 0, 0), IntAt(call, 1, 0), IntAt(call, 2, 0),
                                       IntAt(call, 3, 0), ZoneAt(call, 4), IntAt(call, 5, 0))));
}

// timedelta(): whole parts exactly, fractions of floats carried down, one rounding in the end.
class DeltaSum {
 public:
  void Add(const Value& value, int64_t factor, const char* name) {
    const BigInt unit(factor);
    if (const auto integer = IntegerOf(value)) {
      micros_ = micros_ + *integer * unit;
      return;
    }
    const auto* number = value.As<double>();
    if (!number) {
      RaiseType("unsupported type for timedelta " + std::string(name) +
                " component: " + FullTypeName(value));
    }
    if (std::isnan(*number)) RaiseValue("cannot convert float NaN to integer");
    if (std::isinf(*number)) {
      Raise("OverflowError", "cannot convert float infinity to integer");
    }
    double whole = 0;
    const double fraction = std::modf(*number, &whole);
    micros_ = micros_ + BigInt::FromDouble(whole) * unit;
    if (fraction == 0) return;
    const double rest = std::modf(fraction * static_cast<double>(factor), &whole);
    micros_ = micros_ + BigInt::FromDouble(whole);
    left_ += rest;
  }

  TimeDelta Result() const {
    BigInt total = micros_;
    if (left_ != 0) {
      double whole = std::round(left_);
      if (std::fabs(whole - left_) == 0.5) {
        const bool odd = total.DivideFloor(BigInt(2)).second.Sign() != 0;
        whole = 2.0 * std::round((left_ + (odd ? 1 : 0)) * 0.5) - (odd ? 1 : 0);
      }
      total = total + BigInt::FromDouble(whole);
    }
    const auto [days, rest] = total.DivideFloor(BigInt(kMicrosPerDay));
    const auto count = days.Int64();
    if (!count) Raise("OverflowError", "Python int too large to convert to C int");
    return DeltaFromMicros(static_cast<Int128>(*count) * kMicrosPerDay + *rest.Int64());
  }

 private:
  BigInt micros_;
  double left_ = 0;
};

Value MakeDelta(Call& call) {
  struct Part {
    size_t place;
    const char* name;
    int64_t micros;
  };
  static constexpr Part kParts[] = {{2, "microseconds", 1},
                                    {3, "milliseconds", 1000},
                                    {1, "seconds", kMicrosPerSecond},
                                    {4, "minutes", 60 * kMicrosPerSecond},
                                    {5, "hours", 3600 * kMicrosPerSecond},
                                    {0, "days", kMicrosPerDay},
                                    {6, "weeks", 7 * kMicrosPerDay}};
  DeltaSum sum;
  for (const Part& part : kParts) {
    if (call.Has(part.place)) sum.Add(call[part.place], part.micros, part.name);
  }
  return Value(Value::Storage(sum.Result()));
}

const std::string& IsoText(Call& call, const char* function) {
  if (!call[0].text()) RaiseType(std::string(function) + ": argument must be str");
  return *call[0].text();
}

template <class T>
Value FromIso(Call& call, std::optional<T> (*parse)(std::string_view)) {
  const std::string& text = IsoText(call, "fromisoformat");
  const auto parsed = parse(text);
  if (!parsed) RaiseValue("Invalid isoformat string: " + StrRepr(text));
  return Value(Value::Storage(*parsed));
}

Value DateFromIso(Call& call) { return FromIso(call, ParseIsoDate); }
Value TimeFromIso(Call& call) { return FromIso(call, ParseIsoTime); }
Value DateTimeFromIso(Call& call) { return FromIso(call, ParseIsoDateTime); }

Value FromOrdinal(Call& call) {
  const int64_t ordinal = NeedIndex(call[0]);
  if (ordinal < 1) RaiseValue("ordinal must be >= 1");
  if (ordinal > 3'652'059) RaiseValue("year is out of range");
  return Value(Value::Storage(DateFromOrdinal(ordinal)));
}

Value FromIsoCalendar(Call& call) {
  return Value(
      Value::Storage(DateFromIsoWeek(NeedIndex(call[0]), NeedIndex(call[1]), NeedIndex(call[2]))));
}

Value CombineParts(Call& call) {
  const auto* date = call[0].As<Date>();
  const auto* moment = call[0].As<DateTime>();
  if (!date && !moment) {
    RaiseType("combine() argument 1 must be datetime.date, not " + FullTypeName(call[0]));
  }
  const auto* time = call[1].As<Time>();
  if (!time) RaiseType("combine() argument 2 must be datetime.time, not " + FullTypeName(call[1]));
  DateTime result{date ? *date : moment->date, *time};
  if (call.Has(2)) result.time.zone = ZoneAt(call, 2);
  return Value(Value::Storage(result));
}

Value StrptimeOf(Call& call) {
  const std::string& text = NeedStr(call, 0, "strptime()");
  return Value(Value::Storage(Strptime(text, NeedStr(call, 1, "strptime()"))));
}

Value FromTimestamp(Call& call) {
  if (!IsNumber(call[0])) {
    RaiseType("'" + FullTypeName(call[0]) + "' object cannot be interpreted as an integer");
  }
  const double seconds = ToFloat(call[0]);
  if (std::isnan(seconds)) RaiseValue("cannot convert float NaN to integer");
  if (std::fabs(seconds) > 1e12) RaiseValue("year is out of range");
  // Half even, as Python rounds it.
  double whole = 0;
  const double fraction = std::modf(seconds, &whole);
  const auto micros = static_cast<int64_t>(whole) * kMicrosPerSecond +
                      static_cast<int64_t>(std::nearbyint(fraction * 1e6));
  const TimeZonePtr zone = ZoneAt(call, 1);
  DateTime moment = FromUnixMicros(micros, zone ? zone : DefaultZone(call.machine.context()));
  if (!zone) moment.time.zone = nullptr;
  return Value(Value::Storage(moment));
}

Value MakeZone(Call& call) {
  const std::string& key = NeedStr(call, 0, "ZoneInfo()");
  TimeZonePtr zone = FindZone(key);
  if (!zone) Raise("ZoneInfoNotFoundError", "'No time zone found with key " + key + "'");
  return Value(Value::Storage(std::move(zone)));
}

Value MakeFixedZone(Call& call) {
  const auto* offset = call[0].As<TimeDelta>();
  if (!offset) {
    RaiseType("timezone() argument 1 must be datetime.timedelta, not " + FullTypeName(call[0]));
  }
  const Int128 micros = MicrosOf(*offset);
  if (micros <= -kMicrosPerDay || micros >= kMicrosPerDay) {
    RaiseValue(
        "offset must be a timedelta strictly between -timedelta(hours=24) and "
        "timedelta(hours=24), not " +
        call.machine.Repr(call[0]) + ".");
  }
  return Value(Value::Storage(FixedZone(static_cast<int32_t>(micros / kMicrosPerSecond))));
}

template <class T>
Value Constant(T value) {
  return Value(Value::Storage(std::move(value)));
}

}  // namespace

const Rows& TemporalBuiltins() {
  static const Rows rows = {
      {"", "datetime.date", "year, month, day", MakeDateValue, "a date"},
      {"", "datetime.datetime",
       "year, month, day, hour=, minute=, second=, microsecond=, tzinfo=, *, fold=",
       MakeDateTimeValue, "a date and time"},
      {"", "datetime.time",
       "hour=, minute=, second=, microsecond=, tzinfo=, *, fold=", MakeTimeValue, "a time of day"},
      {"", "datetime.timedelta",
       "days=, seconds=, microseconds=, milliseconds=, minutes=, hours=, weeks=", MakeDelta,
       "a duration"},
      {"", "datetime.date.fromisoformat", "text, /", DateFromIso, "a date of ISO text"},
      {"", "datetime.time.fromisoformat", "text, /", TimeFromIso, "a time of ISO text"},
      {"", "datetime.datetime.fromisoformat", "text, /", DateTimeFromIso,
       "a date and time of ISO text"},
      {"", "datetime.date.fromordinal", "ordinal, /", FromOrdinal, "the date of a day number"},
      {"", "datetime.date.fromisocalendar", "year, week, day", FromIsoCalendar,
       "the date of an ISO week"},
      {"", "datetime.datetime.combine", "date, time, tzinfo=", CombineParts,
       "a date and a time as one"},
      {"", "datetime.datetime.strptime", "text, format, /", StrptimeOf,
       "a date and time of text in a format"},
      {"", "datetime.datetime.fromtimestamp", "timestamp, tz=", FromTimestamp,
       "of seconds since 1970"},
      {"", "zoneinfo.ZoneInfo", "key", MakeZone, "a zone by its IANA name"},
      {"", "datetime.timezone", "offset", MakeFixedZone, "a zone of a fixed offset"},
      {"", "datetime.timezone.utc", "", [](Call&) { return Constant(Utc()); }, "UTC"},
      {"", "datetime.UTC", "", [](Call&) { return Constant(Utc()); }, "UTC"},
      {"", "datetime.date.min", "",
       [](Call&) {
         return Constant(Date{1, 1, 1});
       },
       "the first date"},
      {"", "datetime.date.max", "",
       [](Call&) {
         return Constant(Date{9999, 12, 31});
       },
       "the last date"},
      {"", "datetime.time.min", "", [](Call&) { return Constant(Time{}); }, "midnight"},
      {"", "datetime.time.max", "", [](Call&) { return Constant(MakeTime(23, 59, 59, 999'999)); },
       "the last microsecond"},
      {"", "datetime.datetime.min", "",
       [](Call&) {
         return Constant(DateTime{Date{1, 1, 1}, Time{}});
       },
       "the first moment"},
      {"", "datetime.datetime.max", "",
       [](Call&) {
         return Constant(DateTime{Date{9999, 12, 31}, MakeTime(23, 59, 59, 999'999)});
       },
       "the last moment"},
  };
  return rows;
}

}  // namespace ormc::eval
