// django.utils.dateparse: fromisoformat first, then a laxer form of one or two digits.
#include "compiler/eval/prepare.h"
#include "compiler/values/temporal.h"

namespace ormc::eval {

namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool done() const { return text_.empty(); }
  bool Take(std::string_view any) {
    if (done() || any.find(text_[0]) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  // So many digits at least and at most.
  bool Digits(size_t least, size_t most, int& number) {
    size_t count = 0;
    number = 0;
    while (count < most && count < text_.size() && text_[count] >= '0' && text_[count] <= '9') {
      number = number * 10 + (text_[count++] - '0');
    }
    text_.remove_prefix(count);
    return count >= least;
  }
  // One to six digits as microseconds, up to six more cut off.
  bool Fraction(int& micros) {
    const size_t before = text_.size();
    if (!Digits(1, 6, micros)) return false;
    for (size_t taken = before - text_.size(); taken < 6; ++taken) micros *= 10;
    int ignored = 0;
    return Digits(0, 6, ignored);
  }
  void SkipBlanks() {
    while (Take(" \t\n\r\f\v")) {
    }
  }

 private:
  std::string_view text_;
};

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micro = 0;
};

bool ScanDate(Scanner& scanner, Fields& f) {
  return scanner.Digits(4, 4, f.year) && scanner.Take("-") && scanner.Digits(1, 2, f.month) &&
         scanner.Take("-") && scanner.Digits(1, 2, f.day);
}

bool ScanTime(Scanner& scanner, Fields& f) {
  if (!scanner.Digits(1, 2, f.hour) || !scanner.Take(":") || !scanner.Digits(1, 2, f.minute)) {
    return false;
  }
  if (!scanner.Take(":")) return true;
  if (!scanner.Digits(1, 2, f.second)) return false;
  return !scanner.Take(".,") || scanner.Fraction(f.micro);
}

// "Z", "+02", "+0200", "+02:00" or nothing.
bool ScanZone(Scanner& scanner, TimeZonePtr& zone) {
  scanner.SkipBlanks();
  if (scanner.Take("Z")) {
    zone = Utc();
    return true;
  }
  const bool east = scanner.Take("+");
  if (!east && !scanner.Take("-")) return true;
  int hours = 0;
  int minutes = 0;
  if (!scanner.Digits(2, 2, hours)) return false;
  if (!scanner.done()) {
    scanner.Take(":");
    if (!scanner.Digits(2, 2, minutes)) return false;
  }
  const int seconds = hours * 3600 + minutes * 60;
  if (seconds >= 86'400) {
    RaiseValue(
        "offset must be a timedelta strictly between -timedelta(hours=24) and "
        "timedelta(hours=24).");
  }
  zone = FixedZone(east ? seconds : -seconds);
  return true;
}

// What fromisoformat() says, its ValueError being "not of the form".
template <class T>
std::optional<T> Iso(std::string_view text, std::optional<T> (*parse)(std::string_view)) {
  try {
    return parse(text);
  } catch (const PythonError& error) {
    if (error.django_name != "ValueError") throw;
    return std::nullopt;
  }
}

}  // namespace

std::optional<Date> ParseDate(std::string_view text) {
  if (auto iso = Iso(text, ParseIsoDate)) return iso;
  Fields f;
  Scanner scanner(text);
  if (!ScanDate(scanner, f) || !scanner.done()) return std::nullopt;
  return MakeDate(f.year, f.month, f.day);
}

std::optional<Time> ParseTime(std::string_view text) {
  if (auto iso = Iso(text, ParseIsoTime)) {
    iso->zone = nullptr;
    return iso;
  }
  Fields f;
  Scanner scanner(text);
  if (!ScanTime(scanner, f) || !scanner.done()) return std::nullopt;
  return MakeTime(f.hour, f.minute, f.second, f.micro);
}

std::optional<DateTime> ParseDateTime(std::string_view text) {
  if (auto iso = Iso(text, ParseIsoDateTime)) return iso;
  Fields f;
  Scanner scanner(text);
  TimeZonePtr zone;
  if (!ScanDate(scanner, f) || !scanner.Take("T ") || !ScanTime(scanner, f) ||
      !ScanZone(scanner, zone) || !scanner.done()) {
    return std::nullopt;
  }
  return DateTime{MakeDate(f.year, f.month, f.day),
                  MakeTime(f.hour, f.minute, f.second, f.micro, zone)};
}

}  // namespace ormc::eval
