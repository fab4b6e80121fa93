#include <cstdlib>

#include "compiler/values/error.h"
#include "compiler/values/temporal.h"
#include "runtime/postgres/decode_parts.h"

namespace ormc::postgres {
namespace {

// Reads a text from left to right.  What does not fit raises ValueError, as psycopg's loaders do.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool Take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void Require(char c) {
    if (!Take(c)) Fail();
  }
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  int64_t Number() {
    constexpr size_t kDigits = 18;
    size_t length = 0;
    int64_t value = 0;
    while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') {
      if (length == kDigits) Fail();
      value = value * 10 + (rest_[length++] - '0');
    }
    if (length == 0) Fail();
    rest_.remove_prefix(length);
    return value;
  }
  // ".25" as microseconds; 0 where there is no fraction.
  int64_t Fraction() {
    if (!Take('.')) return 0;
    int64_t micros = 0;
    int64_t scale = 100'000;
    while (Peek() >= '0' && Peek() <= '9') {
      micros += (Peek() - '0') * scale;
      scale /= 10;
      rest_.remove_prefix(1);
    }
    return micros;
  }
  // "+02", "-05:30", "+00:53:28" in seconds.
  int64_t Offset() {
    const bool west = Take('-');
    if (!west) Require('+');
    int64_t seconds = Number() * 3600;
    if (Take(':')) seconds += Number() * 60;
    if (Take(':')) seconds += Number();
    return west ? -seconds : seconds;
  }
  void RequireEnd() const {
    if (!done()) Fail();
  }
  [[noreturn]] static void Fail() { RaiseValue("not a date or time of Python's"); }

 private:
  std::string_view rest_;
};

Date ScanDate(Scanner& scanner) {
  const int64_t year = scanner.Number();  // "infinity" and "-infinity" are no numbers
  scanner.Require('-');
  const int64_t month = scanner.Number();
  scanner.Require('-');
  return MakeDate(year, month, scanner.Number());
}

Time ScanTime(Scanner& scanner) {
  const int64_t hour = scanner.Number();
  scanner.Require(':');
  const int64_t minute = scanner.Number();
  scanner.Require(':');
  const int64_t second = scanner.Number();
  return MakeTime(hour, minute, second, scanner.Fraction());
}

}  // namespace

Value DecodeDate(std::string_view text) {
  Scanner scanner(text);
  const Date date = ScanDate(scanner);
  scanner.RequireEnd();
  return Value(Value::Storage(date));
}

Value DecodeTime(std::string_view text) {
  Scanner scanner(text);
  Time time = ScanTime(scanner);
  if (!scanner.done()) time.zone = FixedZone(static_cast<int32_t>(scanner.Offset()));
  scanner.RequireEnd();
  return Value(Value::Storage(time));
}

Value DecodeTimestamp(std::string_view text, ClockKind kind) {
  Scanner scanner(text);
  DateTime moment;
  moment.date = ScanDate(scanner);
  scanner.Require(' ');
  moment.time = ScanTime(scanner);
  const int64_t offset = kind == ClockKind::kNaive ? 0 : scanner.Offset();
  scanner.RequireEnd();
  if (kind == ClockKind::kUtc) {
    moment.time.zone = Utc();
    if (offset != 0) moment = Add(moment, DeltaFromMicros(-offset * kMicrosPerSecond));
  }
  return Value(Value::Storage(moment));
}

// "1 year -2 mons +3 days -04:05:06.789"; a month has 30 days and a year 365, as in psycopg.
Value DecodeInterval(std::string_view text) {
  Scanner scanner(text);
  Int128 micros = 0;
  while (!scanner.done()) {
    const bool negative = scanner.Take('-');
    if (!negative) scanner.Take('+');
    const int64_t number = scanner.Number();
    Int128 part = 0;
    if (scanner.Take(':')) {
      const int64_t minutes = scanner.Number();
      scanner.Require(':');
      const int64_t seconds = scanner.Number();
      part = (static_cast<Int128>(number) * 3600 + minutes * 60 + seconds) * kMicrosPerSecond +
             scanner.Fraction();
    } else {
      scanner.Require(' ');
      const int64_t days = scanner.Take("year") ? 365 : scanner.Take("mon") ? 30 : 1;
      if (days == 1 && !scanner.Take("day")) Scanner::Fail();
      scanner.Take('s');
      part = static_cast<Int128>(number) * days * kMicrosPerDay;
    }
    micros += negative ? -part : part;
    scanner.Take(' ');
  }
  return Value(Value::Storage(DeltaFromMicros(micros)));
}

}  // namespace ormc::postgres
