// strftime and strptime in a closed set of directives, in the C locale.
#include <array>
#include <cstdio>

#include "compiler/eval/format.h"
#include "compiler/values/temporal.h"

namespace ormc::eval {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// A number in so many places; "-" takes its padding away, as glibc does.
std::string Padded(int64_t number, int width, char flag, char fill = '0') {
  const std::string digits = std::to_string(number);
  if (flag == '-' || digits.size() >= static_cast<size_t>(width)) return digits;
  return std::string(static_cast<size_t>(width) - digits.size(), fill) + digits;
}

int HourOfTwelve(int hour) { return hour % 12 == 0 ? 12 : hour % 12; }

// Weeks of the year from the first Sunday or Monday.
int WeekOfYear(const Date& date, bool monday) {
  const int weekday = monday ? Weekday(date) : (Weekday(date) + 1) % 7;
  return (DayOfYear(date) - 1 + 7 - weekday) / 7;
}

std::string Directive(const DateTime& m, char directive, char flag) {
  const auto number = [&](int64_t value, int width) { return Padded(value, width, flag); };
  const auto weekday = static_cast<size_t>(Weekday(m.date));
  const std::string_view day = kDays[weekday];
  const std::string_view month = kMonths[static_cast<size_t>(m.date.month - 1)];
  switch (directive) {
    case 'Y':
      return std::to_string(m.date.year);
    case 'm':
      return number(m.date.month, 2);
    case 'd':
      return number(m.date.day, 2);
    case 'e':
      return Padded(m.date.day, 2, flag, ' ');
    case 'y':
      return number(m.date.year % 100, 2);
    case 'H':
      return number(m.time.hour, 2);
    case 'I':
      return number(HourOfTwelve(m.time.hour), 2);
    case 'M':
      return number(m.time.minute, 2);
    case 'S':
      return number(m.time.second, 2);
    case 'f':
      return Padded(m.time.microsecond, 6, 0);
    case 'j':
      return number(DayOfYear(m.date), 3);
    case 'a':
      return std::string(day.substr(0, 3));
    case 'A':
      return std::string(day);
    case 'b':
    case 'h':
      return std::string(month.substr(0, 3));
    case 'B':
      return std::string(month);
    case 'p':
      return m.time.hour < 12 ? "AM" : "PM";
    case 'w':
      return std::to_string((weekday + 1) % 7);
    case 'u':
      return std::to_string(weekday + 1);
    case 'U':
      return number(WeekOfYear(m.date, false), 2);
    case 'W':
      return number(WeekOfYear(m.date, true), 2);
    case 'V':
      return number(IsoWeekOf(m.date).week, 2);
    case 'G':
      return std::to_string(IsoWeekOf(m.date).year);
    case 'z':
      return m.time.zone ? OffsetText(*UtcOffset(m), false) : "";
    case 'Z':
      return ZoneAbbreviation(m);
    case '%':
      return "%";
    case 'n':
      return "\n";
    case 't':
      return "\t";
    default:
      throw LimitError("strftime_directive");
  }
}

std::string_view Composite(char directive) {
  switch (directive) {
    case 'F':
      return "%Y-%m-%d";
    case 'T':
    case 'X':
      return "%H:%M:%S";
    case 'R':
      return "%H:%M";
    case 'D':
    case 'x':
      return "%m/%d/%y";
    case 'c':
      return "%a %b %e %H:%M:%S %Y";
    case 'r':
      return "%I:%M:%S %p";
    default:
      return "";
  }
}

std::string Render(const DateTime& moment, std::string_view format) {
  std::string out;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    char directive = format[++i];
    char flag = 0;
    if (directive == '-' && i + 1 < format.size()) {
      flag = '-';
      directive = format[++i];
    }
    const std::string_view composite = Composite(directive);
    out += composite.empty() ? Directive(moment, directive, flag) : Render(moment, composite);
  }
  return out;
}

}  // namespace

std::string Strftime(const Value& value, std::string_view format) {
  DateTime moment;
  if (const auto* whole = value.As<DateTime>()) {
    moment = *whole;
  } else if (const auto* date = value.As<Date>()) {
    moment.date = *date;
  } else {
    moment = DateTime{Date{1900, 1, 1}, *value.As<Time>()};
  }
  return Render(moment, format);
}

namespace {

class Parser {
 public:
  Parser(std::string_view text, std::string_view format)
      : text_(text), whole_(text), format_(format) {}

  DateTime Parse() {
    for (size_t i = 0; i < format_.size(); ++i) {
      const char c = format_[i];
      if (IsBlank(c)) {
        if (text_.empty() || !IsBlank(text_[0])) Mismatch();
        while (!text_.empty() && IsBlank(text_[0])) text_.remove_prefix(1);
        while (i + 1 < format_.size() && IsBlank(format_[i + 1])) ++i;
      } else if (c != '%') {
        Literal(c);
      } else if (++i == format_.size()) {
        RaiseValue("stray % in format '" + std::string(format_) + "'");
      } else {
        Directive(format_[i]);
      }
    }
    if (!text_.empty()) RaiseValue("unconverted data remains: " + std::string(text_));
    if (pm_ >= 0) hour_ = hour_ % 12 + (pm_ == 1 ? 12 : 0);
    Date date = MakeDate(year_, month_, yearday_ > 0 ? 1 : day_);
    if (yearday_ > 0) date = AddDays(MakeDate(year_, 1, 1), yearday_ - 1);
    return DateTime{date, MakeTime(hour_, minute_, second_, micro_, zone_)};
  }

 private:
  static bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  static char Lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); }
  [[noreturn]] void Mismatch() const {
    RaiseValue("time data " + StrRepr(whole_) + " does not match format " + StrRepr(format_));
  }
  void Literal(char c) {
    if (text_.empty() || Lower(text_[0]) != Lower(c)) Mismatch();
    text_.remove_prefix(1);
  }
  int Digits(size_t most, int low, int high, size_t least = 1) {
    size_t length = 0;
    while (length < most && length < text_.size() && text_[length] >= '0' && text_[length] <= '9') {
      ++length;
    }
    // A number out of range leaves its last digit to what follows, as the regex of strptime does.
    for (; length >= least; --length) {
      const int value = std::stoi(std::string(text_.substr(0, length)));
      if (value < low || value > high) continue;
      text_.remove_prefix(length);
      return value;
    }
    Mismatch();
  }
  template <size_t N>
  int Name(const std::array<std::string_view, N>& names, bool abbreviated) {
    for (size_t i = 0; i < N; ++i) {
      const std::string_view name = abbreviated ? names[i].substr(0, 3) : names[i];
      bool same = text_.size() >= name.size();
      for (size_t k = 0; same && k < name.size(); ++k) same = Lower(text_[k]) == Lower(name[k]);
      if (!same) continue;
      text_.remove_prefix(name.size());
      return static_cast<int>(i);
    }
    Mismatch();
  }
  void Offset() {
    if (!text_.empty() && text_[0] == 'Z') {
      text_.remove_prefix(1);
      zone_ = Utc();
      return;
    }
    if (text_.empty() || (text_[0] != '+' && text_[0] != '-')) Mismatch();
    const bool west = text_[0] == '-';
    text_.remove_prefix(1);
    const int hours = Digits(2, 0, 23, 2);
    if (!text_.empty() && text_[0] == ':') text_.remove_prefix(1);
    const int seconds = hours * 3600 + Digits(2, 0, 59, 2) * 60;
    zone_ = FixedZone(west ? -seconds : seconds);
  }
  void Fraction() {
    const size_t before = text_.size();
    micro_ = Digits(6, 0, 999'999);
    for (size_t taken = before - text_.size(); taken < 6; ++taken) micro_ *= 10;
  }
  void Directive(char directive) {
    switch (directive) {
      case 'Y':
        year_ = Digits(4, 0, 9999, 4);
        break;
      case 'y':
        year_ = Digits(2, 0, 99, 2);
        year_ += year_ <= 68 ? 2000 : 1900;
        break;
      case 'm':
        month_ = Digits(2, 1, 12);
        break;
      case 'd':
        day_ = Digits(2, 1, 31);
        break;
      case 'H':
        hour_ = Digits(2, 0, 23);
        break;
      case 'I':
        hour_ = Digits(2, 1, 12);
        break;
      case 'M':
        minute_ = Digits(2, 0, 59);
        break;
      case 'S':
        second_ = Digits(2, 0, 61);
        break;
      case 'f':
        Fraction();
        break;
      case 'j':
        yearday_ = Digits(3, 1, 366);
        break;
      case 'b':
        month_ = Name(kMonths, true) + 1;
        break;
      case 'B':
        month_ = Name(kMonths, false) + 1;
        break;
      case 'a':
        Name(kDays, true);
        break;
      case 'A':
        Name(kDays, false);
        break;
      case 'p':
        pm_ = Name(std::array<std::string_view, 2>{"am", "pm"}, false);
        break;
      case 'z':
        Offset();
        break;
      case '%':
        Literal('%');
        break;
      default:
        throw LimitError("strftime_directive");
    }
  }

  std::string_view text_;
  std::string_view whole_;
  std::string_view format_;
  int year_ = 1900, month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0, micro_ = 0;
  int yearday_ = 0;
  int pm_ = -1;
  TimeZonePtr zone_;
};

}  // namespace

DateTime Strptime(std::string_view text, std::string_view format) {
  return Parser(text, format).Parse();
}

}  // namespace ormc::eval
