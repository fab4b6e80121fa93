#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "compiler/values/error.h"
#include "compiler/values/temporal.h"

namespace ormc {

namespace {

// `value` in `width` digits, or in more where it needs them.
template <class Number>
void Put(std::string& text, Number value, size_t width) {
  std::array<char, 20> digits{};
  char* const end = digits.data() + digits.size();
  char* begin = end;
  for (auto rest = static_cast<uint64_t>(value);
       rest != 0 || end - begin < static_cast<std::ptrdiff_t>(width); rest /= 10) {
    *--begin = static_cast<char>('0' + rest % 10);
  }
  text.append(begin, end);
}

void PutDate(std::string& text, const Date& date) {
  Put(text, date.year, 4);
  text += '-';
  Put(text, date.month, 2);
  text += '-';
  Put(text, date.day, 2);
}

// Without its offset.
void PutTime(std::string& text, const Time& time, std::string_view timespec) {
  Put(text, time.hour, 2);
  if (timespec == "hours") return;
  text += ':';
  Put(text, time.minute, 2);
  if (timespec == "minutes") return;
  text += ':';
  Put(text, time.second, 2);
  if (timespec == "milliseconds") {
    text += '.';
    Put(text, time.microsecond / 1000, 3);
  } else if (timespec == "microseconds" || (timespec == "auto" && time.microsecond != 0)) {
    text += '.';
    Put(text, time.microsecond, 6);
  } else if (timespec != "auto" && timespec != "seconds") {
    RaiseValue("Unknown timespec value");
  }
}

// Reads digits from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool done() const { return text_.empty(); }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  std::string_view rest() const { return text_; }
  bool Take(char c) {
    if (peek() != c || done()) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::optional<int> Digits(size_t count) {
    if (text_.size() < count) return std::nullopt;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return std::nullopt;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }

 private:
  std::string_view text_;
};

struct Clock {
  int hour = 0, minute = 0, second = 0, microsecond = 0;
};

// HH[:MM[:SS[.f+]]] or HH[MM[SS[.f+]]]
std::optional<Clock> ReadClock(Reader& reader) {
  Clock clock;
  const auto hour = reader.Digits(2);
  if (!hour) return std::nullopt;
  clock.hour = *hour;
  if (reader.done()) return clock;
  const bool colons = reader.peek() == ':';
  for (int* part : {&clock.minute, &clock.second}) {
    if (reader.done()) return clock;
    if (colons && !reader.Take(':')) return std::nullopt;
    const auto value = reader.Digits(2);
    if (!value) return std::nullopt;
    *part = *value;
  }
  if (reader.Take('.') || reader.Take(',')) {
    int scale = 100'000;
    bool any = false;
    while (auto digit = reader.Digits(1)) {
      clock.microsecond += *digit * scale;
      scale /= 10;  // further digits are cut off
      any = true;
    }
    if (!any) return std::nullopt;
  }
  if (!reader.done()) return std::nullopt;
  return clock;
}

}  // namespace

std::string IsoFormat(const Date& date) {
  std::string text;
  PutDate(text, date);
  return text;
}

std::string OffsetText(int32_t seconds, bool colon) {
  const int32_t s = std::abs(seconds);
  const std::string_view mark = colon ? ":" : "";
  std::string text(1, seconds < 0 ? '-' : '+');
  Put(text, s / 3600, 2);
  text += mark;
  Put(text, s / 60 % 60, 2);
  if (s % 60 == 0) return text;
  text += mark;
  Put(text, s % 60, 2);
  return text;
}

std::string IsoFormat(const Time& time, std::string_view timespec) {
  std::string text;
  PutTime(text, time, timespec);
  if (const auto offset = UtcOffset(time)) text += OffsetText(*offset);
  return text;
}

std::string IsoFormat(const DateTime& moment, char separator, std::string_view timespec) {
  std::string text;
  text.reserve(32);
  PutDate(text, moment.date);
  text += separator;
  PutTime(text, moment.time, timespec);
  if (const auto offset = UtcOffset(moment)) text += OffsetText(*offset);
  return text;
}

std::string IsoDuration(const TimeDelta& delta) {
  const bool negative = delta.days < 0;
  const TimeDelta d = negative ? DeltaFromMicros(-MicrosOf(delta)) : delta;
  std::string text = negative ? "-P" : "P";
  text += std::to_string(d.days);
  text += "DT";
  Put(text, d.seconds / 3600, 2);
  text += 'H';
  Put(text, d.seconds / 60 % 60, 2);
  text += 'M';
  Put(text, d.seconds % 60, 2);
  if (d.microseconds != 0) {
    text += '.';
    Put(text, d.microseconds, 6);
  }
  text += 'S';
  return text;
}

std::optional<Date> ParseIsoDate(std::string_view text) {
  Reader reader(text);
  const auto year = reader.Digits(4);
  if (!year) return std::nullopt;
  const bool dashes = reader.Take('-');
  if (reader.Take('W')) {
    const auto week = reader.Digits(2);
    if (!week) return std::nullopt;
    int day = 1;
    if (!reader.done()) {
      if (dashes && !reader.Take('-')) return std::nullopt;
      const auto given = reader.Digits(1);
      if (!given || !reader.done()) return std::nullopt;
      day = *given;
    }
    return DateFromIsoWeek(*year, *week, day);
  }
  const auto month = reader.Digits(2);
  if (!month || (dashes && !reader.Take('-'))) return std::nullopt;
  const auto day = reader.Digits(2);
  if (!day || !reader.done()) return std::nullopt;
  return MakeDate(*year, *month, *day);
}

std::optional<Time> ParseIsoTime(std::string_view text) {
  if (!text.empty() && (text.front() == 'T' || text.front() == 't')) text.remove_prefix(1);
  TimeZonePtr zone;
  const size_t mark = text.find_first_of("+-Z");
  if (mark != std::string_view::npos) {
    const char sign = text[mark];
    Reader reader(text.substr(mark + 1));
    if (sign == 'Z') {
      if (!reader.done()) return std::nullopt;
      zone = Utc();
    } else {
      const auto offset = ReadClock(reader);
      if (!offset) return std::nullopt;
      if (offset->hour > 23 || offset->minute > 59 || offset->second > 59) return std::nullopt;
      const int32_t seconds = offset->hour * 3600 + offset->minute * 60 + offset->second;
      zone = FixedZone(sign == '-' ? -seconds : seconds);
    }
    text = text.substr(0, mark);
  }
  Reader reader(text);
  const auto clock = ReadClock(reader);
  if (!clock) return std::nullopt;
  return MakeTime(clock->hour, clock->minute, clock->second, clock->microsecond, zone);
}

std::optional<DateTime> ParseIsoDateTime(std::string_view text) {
  // The date's length depends on its form; any one character separates it from the time.
  if (text.size() < 7) return std::nullopt;
  size_t length = 0;
  if (text[4] == '-') {
    length = text[5] == 'W' ? (text.size() > 8 && text[8] == '-' ? 10 : 8) : 10;
  } else if (text[4] == 'W') {
    length = text.size() > 7 && text[7] >= '0' && text[7] <= '9' ? 8 : 7;
  } else {
    length = 8;
  }
  if (text.size() < length) return std::nullopt;
  const auto date = ParseIsoDate(text.substr(0, length));
  if (!date) return std::nullopt;
  if (text.size() == length) return DateTime{*date, Time{}};
  const size_t after = length + 1;
  if (text.size() <= after) return std::nullopt;
  const auto time = ParseIsoTime(text.substr(after));
  if (!time) return std::nullopt;
  return DateTime{*date, *time};
}

}  // namespace ormc
