// Methods of date, time, datetime, timedelta and zones.
#include "compiler/eval/clock.h"
#include "compiler/eval/format.h"
#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/big_int.h"

namespace ormc::eval {

namespace {

Value Of(const DateTime& moment) { return Value(Value::Storage(moment)); }
const DateTime& Moment(const Call& call) { return *call.self.As<DateTime>(); }

Date DateOf(const Call& call) {
  const auto* moment = call.self.As<DateTime>();
  return moment ? moment->date : *call.self.As<Date>();
}

int64_t IntAt(Call& call, size_t place, int64_t absent) {
  return call.Has(place) ? NeedIndex(call[place]) : absent;
}

TimeZonePtr ZoneAt(Call& call, size_t place, const TimeZonePtr& absent) {
  if (!call.Has(place)) return absent;
  if (call[place].is_none()) return nullptr;
  const auto* zone = call[place].As<TimeZonePtr>();
  if (!zone) {
    RaiseType("tzinfo argument must be None or of a tzinfo subclass, not type '" +
              FullTypeName(call[place]) + "'");
  }
  return *zone;
}

Value DateIsoWeekday(Call& call) { return Value::Int(Weekday(DateOf(call)) + 1); }
Value DateWeekday(Call& call) { return Value::Int(Weekday(DateOf(call))); }
Value ToOrdinal(Call& call) { return Value::Int(OrdinalOf(DateOf(call))); }

Value IsoCalendar(Call& call) {
  static const auto names = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"year", "week", "weekday"});
  const IsoWeek week = IsoWeekOf(DateOf(call));
  Tuple tuple;
  tuple.items = {Value::Int(week.year), Value::Int(week.week), Value::Int(week.day)};
  tuple.names = names;
  return Value(Value::Storage(std::make_shared<Tuple>(std::move(tuple))));
}

Date Replaced(Call& call, const Date& date) {
  return MakeDate(IntAt(call, 0, date.year), IntAt(call, 1, date.month), IntAt(call, 2, date.day));
}

Time Replaced(Call& call, size_t first, const Time& time) {
  return MakeTime(IntAt(call, first, time.hour), IntAt(call, first + 1, time.minute),
                  IntAt(call, first + 2, time.second), IntAt(call, first + 3, time.microsecond),
                  ZoneAt(call, first + 4, time.zone), IntAt(call, first + 5, time.fold));
}

Value DateReplace(Call& call) {
  return Value(Value::Storage(Replaced(call, *call.self.As<Date>())));
}
Value TimeReplace(Call& call) {
  return Value(Value::Storage(Replaced(call, 0, *call.self.As<Time>())));
}
Value DateTimeReplace(Call& call) {
  const Date date = Replaced(call, Moment(call).date);
  return Of(DateTime{date, Replaced(call, 3, Moment(call).time)});
}

Value DateIso(Call& call) { return Value::Str(IsoFormat(*call.self.As<Date>())); }
Value TimeIso(Call& call) {
  const Value spec = call.Or(0, Value::Str("auto"));
  return Value::Str(IsoFormat(*call.self.As<Time>(), spec.text() ? *spec.text() : ""));
}
Value DateTimeIso(Call& call) {
  const Value separator = call.Or(0, Value::Str("T"));
  const Value spec = call.Or(1, Value::Str("auto"));
  if (!separator.text() || separator.text()->size() != 1) {
    RaiseType("isoformat() argument 1 must be a unicode character, not " + FullTypeName(separator));
  }
  return Value::Str(
      IsoFormat(Moment(call), separator.text()->front(), spec.text() ? *spec.text() : ""));
}

Value StrftimeOf(Call& call) {
  return call.machine.NewStr(Strftime(call.self, NeedStr(call, 0, "strftime()")));
}
Value CTime(Call& call) { return Value::Str(Strftime(call.self, "%c")); }

Value OnlyDate(Call& call) { return Value(Value::Storage(Moment(call).date)); }
Value OnlyTime(Call& call) {
  Time time = Moment(call).time;
  time.zone = nullptr;
  return Value(Value::Storage(time));
}
Value TimeWithZone(Call& call) { return Value(Value::Storage(Moment(call).time)); }

Value AsTimeZone(Call& call) {
  const Context& context = call.machine.context();
  const TimeZonePtr local = DefaultZone(context);
  DateTime moment = Moment(call);
  if (!moment.time.zone) {
    // CPython reads the local offset at the moment that the wall clock would be: in a gap that is
    // the offset on its other side.
    moment.time.zone = local;
    moment.time.zone = FixedZone(*UtcOffset(InZone(InZone(moment, Utc()), local)));
  }
  return Of(InZone(moment, ZoneAt(call, 0, local)));
}

Value Timestamp(Call& call) {
  const int64_t micros = UnixMicros(Aware(Moment(call), call.machine.context()));
  return Value::Float(TrueDivide(BigInt(micros), BigInt(kMicrosPerSecond)));
}

Value UtcOffsetOf(Call& call) {
  const auto offset =
      call.self.As<DateTime>() ? UtcOffset(Moment(call)) : UtcOffset(*call.self.As<Time>());
  if (!offset) return Value::None();
  return Value(Value::Storage(DeltaFromMicros(*offset * kMicrosPerSecond)));
}
Value TzName(Call& call) {
  if (!Moment(call).time.zone) return Value::None();
  return Value::Str(ZoneAbbreviation(Moment(call)));
}

Value TotalSecondsOf(Call& call) { return Value::Float(TotalSeconds(*call.self.As<TimeDelta>())); }

}  // namespace

const Rows& TemporalMethods() {
  static const Rows rows = {
      {"date", "weekday", "", DateWeekday, "0 for Monday to 6"},
      {"date", "isoweekday", "", DateIsoWeekday, "1 for Monday to 7"},
      {"date", "isocalendar", "", IsoCalendar, "ISO year, week and weekday"},
      {"date", "toordinal", "", ToOrdinal, "the number of the day since year 1"},
      {"date", "isoformat", "", DateIso, "as ISO text"},
      {"date", "strftime", "format", StrftimeOf, "as text in a format"},
      {"date", "ctime", "", CTime, "as text in the C library's format"},
      {"date", "replace", "year=, month=, day=", DateReplace, "with other parts"},
      {"datetime", "date", "", OnlyDate, "its date"},
      {"datetime", "time", "", OnlyTime, "its time, without zone"},
      {"datetime", "timetz", "", TimeWithZone, "its time, with its zone"},
      {"datetime", "replace",
       "year=, month=, day=, hour=, minute=, second=, microsecond=, tzinfo=, *, fold=",
       DateTimeReplace, "with other parts"},
      {"datetime", "astimezone", "tz=", AsTimeZone, "the same moment in another zone"},
      {"datetime", "timestamp", "", Timestamp, "seconds since 1970"},
      {"datetime", "isoformat", "sep=, timespec=", DateTimeIso, "as ISO text"},
      {"datetime", "strftime", "format", StrftimeOf, "as text in a format"},
      {"datetime", "utcoffset", "", UtcOffsetOf, "its zone's offset"},
      {"datetime", "tzname", "", TzName, "its zone's abbreviation"},
      {"time", "isoformat", "timespec=", TimeIso, "as ISO text"},
      {"time", "strftime", "format", StrftimeOf, "as text in a format"},
      {"time", "replace", "hour=, minute=, second=, microsecond=, tzinfo=, *, fold=", TimeReplace,
       "with other parts"},
      {"time", "utcoffset", "", UtcOffsetOf, "its zone's offset"},
      {"timedelta", "total_seconds", "", TotalSecondsOf, "in seconds"},
  };
  return rows;
}

}  // namespace ormc::eval
