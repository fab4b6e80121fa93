#include <array>

#include "compiler/values/error.h"
#include "compiler/values/temporal.h"

namespace ormc {

namespace {

constexpr int64_t kMaxOrdinal = 3'652'059;  // 9999-12-31
constexpr int64_t kMaxDeltaDays = 999'999'999;

int64_t DaysBeforeYear(int64_t year) {
  const int64_t y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400;
}

int64_t FloorDivide(Int128 a, int64_t b) {
  Int128 quotient = a / b;
  if (a % b != 0 && (a < 0) != (b < 0)) --quotient;
  return static_cast<int64_t>(quotient);
}

}  // namespace

bool IsLeap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int64_t year, int64_t month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[static_cast<size_t>(month - 1)];
}

int DayOfYear(const Date& date) {
  int day = date.day;
  for (int month = 1; month < date.month; ++month) day += DaysInMonth(date.year, month);
  return day;
}

int64_t OrdinalOf(const Date& date) { return DaysBeforeYear(date.year) + DayOfYear(date); }

Date DateFromOrdinal(int64_t ordinal) {
  if (ordinal < 1 || ordinal > kMaxOrdinal) Raise("OverflowError", "date value out of range");
  int64_t year = (ordinal * 400) / 146'097 + 1;
  while (DaysBeforeYear(year) >= ordinal) --year;
  while (DaysBeforeYear(year + 1) < ordinal) ++year;
  int64_t day = ordinal - DaysBeforeYear(year);
  int month = 1;
  while (day > DaysInMonth(year, month)) day -= DaysInMonth(year, month++);
  return Date{static_cast<int32_t>(year), static_cast<uint8_t>(month), static_cast<uint8_t>(day)};
}

int Weekday(const Date& date) { return static_cast<int>((OrdinalOf(date) + 6) % 7); }

namespace {

int64_t IsoYearStart(int64_t year) {
  const int64_t first = DaysBeforeYear(year) + 1;
  const int64_t weekday = (first + 6) % 7;
  return weekday > 3 ? first - weekday + 7 : first - weekday;
}

}  // namespace

IsoWeek IsoWeekOf(const Date& date) {
  const int64_t ordinal = OrdinalOf(date);
  int32_t year = date.year;
  if (ordinal < IsoYearStart(year)) {
    --year;
  } else if (ordinal >= IsoYearStart(year + 1)) {
    ++year;
  }
  const int64_t days = ordinal - IsoYearStart(year);
  return {year, static_cast<int32_t>(days / 7 + 1), static_cast<int32_t>(days % 7 + 1)};
}

Date DateFromIsoWeek(int64_t year, int64_t week, int64_t day) {
  if (year < 1 || year > 9999) RaiseValue("Year is out of range: " + std::to_string(year));
  const int64_t weeks = (IsoYearStart(year + 1) - IsoYearStart(year)) / 7;
  if (week < 1 || week > weeks) RaiseValue("Invalid week: " + std::to_string(week));
  if (day < 1 || day > 7) {
    RaiseValue("Invalid weekday: " + std::to_string(day) + " (range is [1, 7])");
  }
  return DateFromOrdinal(IsoYearStart(year) + (week - 1) * 7 + day - 1);
}

Date MakeDate(int64_t year, int64_t month, int64_t day) {
  if (year < 1 || year > 9999) RaiseValue("year " + std::to_string(year) + " is out of range");
  if (month < 1 || month > 12) RaiseValue("month must be in 1..12");
  if (day < 1 || day > DaysInMonth(year, month)) RaiseValue("day is out of range for month");
  return Date{static_cast<int32_t>(year), static_cast<uint8_t>(month), static_cast<uint8_t>(day)};
}

Time MakeTime(int64_t hour, int64_t minute, int64_t second, int64_t microsecond, TimeZonePtr zone,
              int64_t fold) {
  if (hour < 0 || hour > 23) RaiseValue("hour must be in 0..23");
  if (minute < 0 || minute > 59) RaiseValue("minute must be in 0..59");
  if (second < 0 || second > 59) RaiseValue("second must be in 0..59");
  if (microsecond < 0 || microsecond > 999'999) RaiseValue("microsecond must be in 0..999999");
  if (fold != 0 && fold != 1) RaiseValue("fold must be either 0 or 1");
  return Time{static_cast<uint8_t>(hour),   static_cast<uint8_t>(minute),
              static_cast<uint8_t>(second), static_cast<uint32_t>(microsecond),
              static_cast<uint8_t>(fold),   std::move(zone)};
}

TimeDelta DeltaFromMicros(Int128 micros) {
  constexpr Int128 kLimit = static_cast<Int128>(kMaxDeltaDays + 1) * kMicrosPerDay;
  const bool too_large = micros >= kLimit || micros < -kLimit + kMicrosPerDay;
  const Int128 clamped = too_large ? (micros < 0 ? -kLimit * 2 : kLimit * 2) : micros;
  const int64_t days = FloorDivide(clamped, kMicrosPerDay);
  if (too_large) {
    const Int128 exact = micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
    if (exact > INT32_MAX || exact < INT32_MIN) {
      Raise("OverflowError", "Python int too large to convert to C int");
    }
    Raise("OverflowError", "days=" + std::to_string(static_cast<int64_t>(exact)) +
                               "; must have magnitude <= 999999999");
  }
  const auto rest = static_cast<int64_t>(micros - static_cast<Int128>(days) * kMicrosPerDay);
  return TimeDelta{days, static_cast<int32_t>(rest / kMicrosPerSecond),
                   static_cast<int32_t>(rest % kMicrosPerSecond)};
}

Int128 MicrosOf(const TimeDelta& delta) {
  return static_cast<Int128>(delta.days) * kMicrosPerDay + delta.seconds * kMicrosPerSecond +
         delta.microseconds;
}

double TotalSeconds(const TimeDelta& delta) {
  // Exact below 2^53 microseconds; beyond it long double carries 64 bits into one rounding.
  const Int128 micros = MicrosOf(delta);
  if (micros > -(Int128{1} << 53U) && micros < (Int128{1} << 53U)) {
    return static_cast<double>(micros) / 1e6;
  }
  return static_cast<double>(static_cast<long double>(micros) / 1e6L);
}

Date AddDays(const Date& date, int64_t days) {
  if (days > 2 * kMaxOrdinal || days < -2 * kMaxOrdinal) {
    Raise("OverflowError", "date value out of range");
  }
  return DateFromOrdinal(OrdinalOf(date) + days);
}

int64_t MicrosOfDay(const Time& time) {
  return (time.hour * int64_t{3600} + time.minute * 60 + time.second) * kMicrosPerSecond +
         time.microsecond;
}

Time TimeFromMicrosOfDay(int64_t micros) {
  const int64_t seconds = micros / kMicrosPerSecond;
  return MakeTime(seconds / 3600, seconds / 60 % 60, seconds % 60, micros % kMicrosPerSecond);
}

int64_t WallMicros(const DateTime& moment) {
  return (OrdinalOf(moment.date) - 1) * kMicrosPerDay + MicrosOfDay(moment.time);
}

DateTime FromWallMicros(int64_t micros, TimeZonePtr zone) {
  const int64_t day = FloorDivide(micros, kMicrosPerDay);
  Time time = TimeFromMicrosOfDay(micros - day * kMicrosPerDay);
  time.zone = std::move(zone);
  return DateTime{DateFromOrdinal(day + 1), time};
}

DateTime Add(const DateTime& moment, const TimeDelta& delta) {
  const Int128 micros = WallMicros(moment) + MicrosOf(delta);
  if (micros < 0 || micros >= static_cast<Int128>(kMaxOrdinal) * kMicrosPerDay) {
    Raise("OverflowError", "date value out of range");
  }
  return FromWallMicros(static_cast<int64_t>(micros), moment.time.zone);
}

TimeDelta Subtract(const DateTime& a, const DateTime& b) {
  if (SameZone(a.time.zone, b.time.zone)) return DeltaFromMicros(WallMicros(a) - WallMicros(b));
  if (!a.time.zone || !b.time.zone) {
    RaiseType("can't subtract offset-naive and offset-aware datetimes");
  }
  return DeltaFromMicros(UtcMicros(a) - UtcMicros(b));
}

std::strong_ordering Compare(const DateTime& a, const DateTime& b) {
  if (SameZone(a.time.zone, b.time.zone)) return WallMicros(a) <=> WallMicros(b);
  if (!a.time.zone || !b.time.zone) {
    RaiseType("can't compare offset-naive and offset-aware datetimes");
  }
  return UtcMicros(a) <=> UtcMicros(b);
}

namespace {

// Between zones a moment whose offset depends on its fold equals nothing (PEP 495).
bool IsProblematic(DateTime moment) {
  const auto offset = UtcOffset(moment);
  moment.time.fold ^= 1U;
  return UtcOffset(moment) != offset;
}

}  // namespace

bool Equal(const DateTime& a, const DateTime& b) {
  if (SameZone(a.time.zone, b.time.zone)) return WallMicros(a) == WallMicros(b);
  if (!a.time.zone || !b.time.zone) return false;
  if (IsProblematic(a) || IsProblematic(b)) return false;
  return UtcMicros(a) == UtcMicros(b);
}

std::strong_ordering Compare(const Time& a, const Time& b) {
  const auto x = UtcOffset(a);
  const auto y = UtcOffset(b);
  if (x == y) return MicrosOfDay(a) <=> MicrosOfDay(b);
  if (!x || !y) RaiseType("can't compare offset-naive and offset-aware times");
  return MicrosOfDay(a) - *x * kMicrosPerSecond <=> MicrosOfDay(b) - *y * kMicrosPerSecond;
}

bool Equal(const Time& a, const Time& b) {
  const auto x = UtcOffset(a);
  const auto y = UtcOffset(b);
  if (x.has_value() != y.has_value()) return false;
  return Compare(a, b) == 0;
}

}  // namespace ormc
