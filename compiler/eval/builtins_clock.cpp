// django.utils.timezone and what reads the clock.
#include "compiler/eval/clock.h"
#include "compiler/eval/table.h"

namespace ormc::eval {

TimeZonePtr ActiveZone(const Context& context) {
  TimeZonePtr zone = FindZone(context.zone);
  if (!zone) Raise("ZoneInfoNotFoundError", "'No time zone found with key " + context.zone + "'");
  return zone;
}

TimeZonePtr DefaultZone(const Context& context) {
  TimeZonePtr zone = FindZone(context.default_zone);
  if (!zone) {
    Raise("ZoneInfoNotFoundError", "'No time zone found with key " + context.default_zone + "'");
  }
  return zone;
}

DateTime LocalNow(const Context& context) {
  DateTime local = InZone(context.now, DefaultZone(context));
  local.time.zone = nullptr;
  return local;
}

DateTime Aware(const DateTime& moment, const Context& context) {
  if (moment.time.zone) return moment;
  DateTime aware = moment;
  aware.time.zone = DefaultZone(context);
  return aware;
}

namespace {

Value Of(const DateTime& moment) { return Value(Value::Storage(moment)); }

const DateTime& NeedDateTime(Call& call, size_t place) {
  const auto* moment = call[place].As<DateTime>();
  if (!moment) {
    Raise("AttributeError",
          "'" + FullTypeName(call[place]) + "' object has no attribute 'utcoffset'");
  }
  return *moment;
}

TimeZonePtr ZoneAt(Call& call, size_t place, TimeZonePtr absent) {
  if (!call.Has(place) || call[place].is_none()) return absent;
  const auto* zone = call[place].As<TimeZonePtr>();
  if (!zone) {
    RaiseType("tzinfo argument must be None or of a tzinfo subclass, not type '" +
              FullTypeName(call[place]) + "'");
  }
  return *zone;
}

Value DjangoNow(Call& call) {
  const Context& context = call.machine.context();
  return Of(context.use_tz ? InZone(context.now, Utc()) : LocalNow(context));
}

DateTime ToLocal(Call& call) {
  const Context& context = call.machine.context();
  if (!call.Has(0) || call[0].is_none()) {
    if (!context.use_tz) RaiseValue("localtime() cannot be applied to a naive datetime");
    return InZone(context.now, ZoneAt(call, 1, ActiveZone(context)));
  }
  const DateTime& moment = NeedDateTime(call, 0);
  if (!moment.time.zone) RaiseValue("localtime() cannot be applied to a naive datetime");
  return InZone(moment, ZoneAt(call, 1, ActiveZone(context)));
}

Value LocalTime(Call& call) { return Of(ToLocal(call)); }
Value LocalDate(Call& call) { return Value(Value::Storage(ToLocal(call).date)); }

Value MakeAware(Call& call) {
  DateTime moment = NeedDateTime(call, 0);
  if (moment.time.zone) {
    RaiseValue("make_aware expects a naive datetime, got " + call.machine.Str(call[0]));
  }
  moment.time.zone = ZoneAt(call, 1, ActiveZone(call.machine.context()));
  return Of(moment);
}

Value MakeNaive(Call& call) {
  const DateTime& moment = NeedDateTime(call, 0);
  if (!moment.time.zone) RaiseValue("make_naive() cannot be applied to a naive datetime");
  DateTime local = InZone(moment, ZoneAt(call, 1, ActiveZone(call.machine.context())));
  local.time.zone = nullptr;
  return Of(local);
}

Value IsAware(Call& call) { return Value::Bool(NeedDateTime(call, 0).time.zone != nullptr); }
Value IsNaive(Call& call) { return Value::Bool(NeedDateTime(call, 0).time.zone == nullptr); }

Value Now(Call& call) {
  const Context& context = call.machine.context();
  const TimeZonePtr zone = ZoneAt(call, 0, nullptr);
  return Of(zone ? InZone(context.now, zone) : LocalNow(context));
}

Value UtcNow(Call& call) {
  DateTime now = InZone(call.machine.context().now, Utc());
  now.time.zone = nullptr;
  return Of(now);
}

Value DateToday(Call& call) { return Value(Value::Storage(LocalNow(call.machine.context()).date)); }

}  // namespace

const Rows& ClockBuiltins() {
  static const Rows rows = {
      {"", "timezone.now", "", DjangoNow, "now: aware, in UTC (naive where USE_TZ is off)"},
      {"", "timezone.localtime", "value=, timezone=", LocalTime, "a moment in the active zone"},
      {"", "timezone.localdate", "value=, timezone=", LocalDate, "its date in the active zone"},
      {"", "timezone.make_aware", "value, timezone=", MakeAware, "a naive moment in a zone"},
      {"", "timezone.make_naive", "value=, timezone=", MakeNaive, "without its zone"},
      {"", "timezone.is_aware", "value", IsAware, "whether it has a zone"},
      {"", "timezone.is_naive", "value", IsNaive, "whether it has none"},
      {"", "timezone.get_current_timezone", "",
       [](Call& call) { return Value(Value::Storage(ActiveZone(call.machine.context()))); },
       "the active zone"},
      {"", "timezone.get_default_timezone", "",
       [](Call& call) { return Value(Value::Storage(DefaultZone(call.machine.context()))); },
       "the zone of settings.TIME_ZONE"},
      {"", "timezone.get_current_timezone_name", "",
       [](Call& call) { return Value::Str(call.machine.context().zone); },
       "the active zone's name"},
      {"", "datetime.datetime.now", "tz=", Now, "now: naive and local, or in a zone"},
      {"", "datetime.datetime.today", "",
       [](Call& call) { return Of(LocalNow(call.machine.context())); }, "now: naive and local"},
      {"", "datetime.datetime.utcnow", "", UtcNow, "now in UTC, naive"},
      {"", "datetime.date.today", "", DateToday, "today, local"},
  };
  return rows;
}

}  // namespace ormc::eval
