// Calendar and clock arithmetic as Python's datetime module and zoneinfo do it.
//
//   calendar.cpp  dates, timedeltas, wall-clock arithmetic, differences, ordering
//   zones.cpp     offsets of zones (system tzdata), fold and gap, conversion
//   iso.cpp       isoformat() and fromisoformat()
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/values/value.h"

namespace ormc {

// Of a timedelta's microseconds.
__extension__ typedef __int128 Int128;

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// ---- calendar ---------------------------------------------------------------------------------

int DaysInMonth(int64_t year, int64_t month);
bool IsLeap(int64_t year);
// Proleptic: 0001-01-01 is 1.
int64_t OrdinalOf(const Date& date);
Date DateFromOrdinal(int64_t ordinal);  // OverflowError
int Weekday(const Date& date);          // Monday is 0
int DayOfYear(const Date& date);
struct IsoWeek {
  int32_t year;
  int32_t week;
  int32_t day;  // Monday is 1
};
IsoWeek IsoWeekOf(const Date& date);
Date DateFromIsoWeek(int64_t year, int64_t week, int64_t day);  // ValueError

// With Python's ValueErrors.
Date MakeDate(int64_t year, int64_t month, int64_t day);
Time MakeTime(int64_t hour, int64_t minute, int64_t second, int64_t microsecond,
              TimeZonePtr zone = nullptr, int64_t fold = 0);

TimeDelta DeltaFromMicros(Int128 micros);  // OverflowError beyond 999999999 days
Int128 MicrosOf(const TimeDelta& delta);
double TotalSeconds(const TimeDelta& delta);

Date AddDays(const Date& date, int64_t days);
DateTime Add(const DateTime& moment, const TimeDelta& delta);  // the wall clock
TimeDelta Subtract(const DateTime& a, const DateTime& b);      // TypeError: naive and aware
int64_t MicrosOfDay(const Time& time);
Time TimeFromMicrosOfDay(int64_t micros);

// As <, <=, ... compare them; TypeError between naive and aware.
std::strong_ordering Compare(const DateTime& a, const DateTime& b);
std::strong_ordering Compare(const Time& a, const Time& b);
bool Equal(const DateTime& a, const DateTime& b);
bool Equal(const Time& a, const Time& b);

// ---- zones ------------------------------------------------------------------------------------

// datetime.timezone.utc
TimeZonePtr Utc();
// By IANA name, or null where there is none.
TimeZonePtr FindZone(std::string_view name);
TimeZonePtr FixedZone(int32_t offset_seconds);
bool SameZone(const TimeZonePtr& a, const TimeZonePtr& b);

// Seconds east of UTC; none where naive.
std::optional<int32_t> UtcOffset(const DateTime& moment);
std::optional<int32_t> UtcOffset(const Time& time);  // only fixed offsets have one
// Microseconds since 0001-01-01 on the wall, and in UTC (of an aware moment).
int64_t WallMicros(const DateTime& moment);
int64_t UtcMicros(const DateTime& moment);
DateTime FromWallMicros(int64_t micros, TimeZonePtr zone);  // OverflowError
// datetime.astimezone(): the moment is aware.
DateTime InZone(const DateTime& moment, const TimeZonePtr& zone);
std::string ZoneAbbreviation(const DateTime& moment);  // tzname()
// Microseconds since 1970 in UTC of an aware moment.
int64_t UnixMicros(const DateTime& moment);
DateTime FromUnixMicros(int64_t micros, const TimeZonePtr& zone);

// ---- ISO 8601 ---------------------------------------------------------------------------------

std::string IsoFormat(const Date& date);
std::string IsoFormat(const Time& time, std::string_view timespec = "auto");
std::string IsoFormat(const DateTime& moment, char separator = 'T',
                      std::string_view timespec = "auto");
std::string OffsetText(int32_t seconds, bool colon = true);  // "+02:00"
std::string IsoDuration(const TimeDelta& delta);             // "P1DT02H03M04S", as Django

// As Python 3.11's fromisoformat(); none where the text is not of the form.  A field out of range
// raises its ValueError.
std::optional<Date> ParseIsoDate(std::string_view text);
std::optional<Time> ParseIsoTime(std::string_view text);
std::optional<DateTime> ParseIsoDateTime(std::string_view text);

}  // namespace ormc
