#include "compiler/values/text.h"

#include <charconv>
#include <cmath>

#include "compiler/base/check.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/equality.h"
#include "compiler/values/error.h"
#include "compiler/values/instance.h"
#include "compiler/values/temporal.h"
#include "compiler/values/unicode.h"

namespace ormc {

ShortestDigits ShortestOf(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value),
                                          std::chars_format::scientific);
  Check(error == std::errc(), "a float of more than 32 characters");
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  const size_t mark = text.find('e');
  ShortestDigits result{std::string(1, text[0]), 0};
  if (mark > 2) result.digits += text.substr(2, mark - 2);
  const size_t start = text[mark + 1] == '+' ? mark + 2 : mark + 1;
  std::from_chars(text.data() + start, text.data() + text.size(), result.exponent);
  return result;
}

std::string FloatRepr(double value) {
  if (std::isnan(value)) return "nan";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  auto [digits, exponent] = ShortestOf(value);
  if (exponent < -4 || exponent >= 16) {
    std::string text = sign + digits[0];
    if (digits.size() > 1) text += "." + digits.substr(1);
    const std::string power = std::to_string(std::abs(exponent));
    return text + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
  }
  if (exponent < 0)
    return sign + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<size_t>(exponent + 1);
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

namespace {

constexpr char kHex[] = "0123456789abcdef";

std::string HexDigits(uint32_t number, int width) {
  std::string text(static_cast<size_t>(width), '0');
  for (auto i = static_cast<size_t>(width); i-- > 0; number >>= 4U) text[i] = kHex[number & 0xFU];
  return text;
}

// The escape of a control character that has a short one.
const char* ShortEscape(char32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\\':
      return "\\\\";
    default:
      return nullptr;
  }
}

char QuoteFor(std::string_view text) {
  const bool single = text.find('\'') != std::string_view::npos;
  return single && text.find('"') == std::string_view::npos ? '"' : '\'';
}

std::string BytesRepr(const std::string& data) {
  const char quote = QuoteFor(data);
  std::string out = std::string("b") + quote;
  for (char raw : data) {
    const auto c = static_cast<unsigned char>(raw);
    if (const char* escape = ShortEscape(c)) {
      out += escape;
    } else if (raw == quote) {
      out += std::string("\\") + quote;
    } else if (c < 0x20 || c >= 0x7F) {
      out += "\\x" + HexDigits(c, 2);
    } else {
      out += raw;
    }
  }
  return out + quote;
}

std::string TimeDeltaStr(const TimeDelta& d) {
  std::string text;
  if (d.days != 0) {
    text = std::to_string(d.days) + (d.days == 1 || d.days == -1 ? " day, " : " days, ");
  }
  const Time clock = TimeFromMicrosOfDay(d.seconds * kMicrosPerSecond + d.microseconds);
  const std::string iso = IsoFormat(clock);
  return text + (iso[0] == '0' ? iso.substr(1) : iso);
}

std::string TimeDeltaRepr(const TimeDelta& d) {
  std::string inside;
  const auto part = [&](const char* name, int64_t value) {
    if (value == 0) return;
    if (!inside.empty()) inside += ", ";
    inside += name + std::string("=") + std::to_string(value);
  };
  part("days", d.days);
  part("seconds", d.seconds);
  part("microseconds", d.microseconds);
  return "datetime.timedelta(" + (inside.empty() ? "0" : inside) + ")";
}

std::string ZoneRepr(const TimeZone& zone) {
  if (zone.name == "UTC" && zone.offset_seconds.value_or(0) == 0) return "datetime.timezone.utc";
  if (zone.offset_seconds) {
    const int32_t seconds = *zone.offset_seconds;
    return "datetime.timezone(" + TimeDeltaRepr(DeltaFromMicros(seconds * kMicrosPerSecond)) + ")";
  }
  return "zoneinfo.ZoneInfo(key='" + zone.name + "')";
}

// ", 12, 30, 5", its tail of zeros cut, then fold and zone.
std::string ClockRepr(const Time& t) {
  std::string text = std::to_string(t.hour) + ", " + std::to_string(t.minute);
  if (t.second != 0 || t.microsecond != 0) text += ", " + std::to_string(t.second);
  if (t.microsecond != 0) text += ", " + std::to_string(t.microsecond);
  if (t.fold != 0) text += ", fold=1";
  if (t.zone) text += ", tzinfo=" + ZoneRepr(*t.zone);
  return text;
}

std::string DateNumbers(const Date& d) {
  return std::to_string(d.year) + ", " + std::to_string(d.month) + ", " + std::to_string(d.day);
}

class Writer {
 public:
  Writer(Meter* meter, InstanceText* instances) : meter_(meter), instances_(instances) {}
  std::string TakeText() { return std::move(out_); }

  void WriteRepr(const Value& value) {
    std::visit([this](const auto& v) { Write(v); }, value.storage());
  }
  void WriteStr(const Value& value) {
    if (value.text()) {
      Put(*value.text());
    } else if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) {
      Put((*d)->Text());
    } else if (const auto* date = value.As<Date>()) {
      Put(IsoFormat(*date));
    } else if (const auto* time = value.As<Time>()) {
      Put(IsoFormat(*time));
    } else if (const auto* moment = value.As<DateTime>()) {
      Put(IsoFormat(*moment, ' '));
    } else if (const auto* delta = value.As<TimeDelta>()) {
      Put(TimeDeltaStr(*delta));
    } else if (const auto* uuid = value.As<Uuid>()) {
      Put(UuidText(*uuid));
    } else if (const auto* zone = value.As<TimeZonePtr>()) {
      Put((*zone)->name);
    } else if (const auto* instance = value.As<std::shared_ptr<const Instance>>()) {
      Put(TextOf(**instance));
    } else if (const auto* range = value.As<std::shared_ptr<const RangeValue>>()) {
      PutRange(**range);
    } else {
      WriteRepr(value);
    }
  }

 private:
  void Put(std::string_view text) {
    if (meter_) {
      meter_->Step();
      meter_->Bytes(text.size());
    }
    out_ += text;
  }
  std::string TextOf(const Instance& instance) {
    if (instances_ && instance.shape->text) return instances_->Of(instance);
    return instance.shape->name + " object (" + Str(PrimaryKeyOf(instance)) + ")";
  }
  void Items(const std::vector<Value>& items) {
    for (size_t i = 0; i < items.size(); ++i) {
      if (i != 0) Put(", ");
      WriteRepr(items[i]);
    }
  }
  void PutRange(const RangeValue& r) {
    if (r.empty) return Put("empty");
    Put(r.lower_inclusive ? "[" : "(");
    if (r.lower) WriteStr(*r.lower);
    if (!r.lower) Put("None");
    Put(", ");
    if (r.upper) WriteStr(*r.upper);
    if (!r.upper) Put("None");
    Put(r.upper_inclusive ? "]" : ")");
  }

  void Write(const NoneValue&) { Put("None"); }
  void Write(bool b) { Put(b ? "True" : "False"); }
  void Write(int64_t i) { Put(std::to_string(i)); }
  void Write(const std::shared_ptr<const BigInt>& i) { Put(IntText(IntValue(*i))); }
  void Write(double f) { Put(FloatRepr(f)); }
  void Write(const std::shared_ptr<const Decimal>& d) { Put("Decimal('" + d->Text() + "')"); }
  void Write(const std::shared_ptr<const std::string>& s) { Put(StrRepr(*s)); }
  void Write(const std::shared_ptr<const Bytes>& b) { Put(BytesRepr(b->data)); }
  void Write(const Date& d) { Put("datetime.date(" + DateNumbers(d) + ")"); }
  void Write(const Time& t) { Put("datetime.time(" + ClockRepr(t) + ")"); }
  void Write(const DateTime& t) {
    Put("datetime.datetime(" + DateNumbers(t.date) + ", " + ClockRepr(t.time) + ")");
  }
  void Write(const TimeDelta& d) { Put(TimeDeltaRepr(d)); }
  void Write(const Uuid& u) { Put("UUID('" + UuidText(u) + "')"); }
  void Write(const TimeZonePtr& z) { Put(ZoneRepr(*z)); }
  void Write(const std::shared_ptr<List>& list) {
    Put("[");
    Items(list->items);
    Put("]");
  }
  void Write(const std::shared_ptr<Tuple>& tuple) {
    if (tuple->names) {
      Put("Row(");
      for (size_t i = 0; i < tuple->items.size(); ++i) {
        Put((i != 0 ? ", " : "") + (*tuple->names)[i] + "=");
        WriteRepr(tuple->items[i]);
      }
      return Put(")");
    }
    Put("(");
    Items(tuple->items);
    Put(tuple->items.size() == 1 ? ",)" : ")");
  }
  void Write(const std::shared_ptr<Set>& set) {
    if (set->size() == 0) return Put(set->frozen ? "frozenset()" : "set()");
    Put(set->frozen ? "frozenset({" : "{");
    Items(set->items());
    Put(set->frozen ? "})" : "}");
  }
  void Write(const std::shared_ptr<Dict>& dict) {
    Put("{");
    bool first = true;
    for (const auto& [key, value] : dict->entries()) {
      if (!first) Put(", ");
      first = false;
      WriteRepr(key);
      Put(": ");
      WriteRepr(value);
    }
    Put("}");
  }
  void Write(const std::shared_ptr<const RangeValue>& r) {
    if (r->empty) return Put("Range(empty=True)");
    Put("Range(");
    WriteRepr(r->lower.value_or(Value::None()));
    Put(", ");
    WriteRepr(r->upper.value_or(Value::None()));
    Put(std::string(", '") + (r->lower_inclusive ? "[" : "(") + (r->upper_inclusive ? "]" : ")") +
        "')");
  }
  void Write(const std::shared_ptr<const Instance>& instance) {
    Put("<" + instance->shape->name + ": " + TextOf(*instance) + ">");
  }

  Meter* meter_;
  InstanceText* instances_;
  std::string out_;
};

}  // namespace

std::string StrRepr(std::string_view text, bool ascii) {
  const char quote = QuoteFor(text);
  std::string out(1, quote);
  for (char32_t c : ToCodePoints(text)) {
    if (const char* escape = ShortEscape(c)) {
      out += escape;
    } else if (c == static_cast<char32_t>(quote)) {
      out += std::string("\\") + quote;
    } else if (c < 0x7F ? c >= 0x20 : !ascii && IsPrintable(c)) {
      AppendUtf8(out, c);
    } else if (c < 0x100) {
      out += "\\x" + HexDigits(c, 2);
    } else if (c < 0x10000) {
      out += "\\u" + HexDigits(c, 4);
    } else {
      out += "\\U" + HexDigits(c, 8);
    }
  }
  return out + quote;
}

std::string UuidText(const Uuid& uuid) {
  std::string text;
  for (size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += HexDigits(uuid.bytes[i], 2);
  }
  return text;
}

std::optional<Uuid> ParseUuid(std::string_view given) {
  std::string text(given);
  for (const std::string_view mark : {"urn:", "uuid:"}) {
    for (size_t at = 0; (at = text.find(mark)) != std::string::npos;) text.erase(at, mark.size());
  }
  while (!text.empty() && (text.front() == '{' || text.front() == '}')) text.erase(0, 1);
  while (!text.empty() && (text.back() == '{' || text.back() == '}')) text.pop_back();
  std::erase(text, '-');
  Uuid uuid;
  if (text.size() != 2 * uuid.bytes.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = static_cast<char>(text[i] >= 'A' && text[i] <= 'F' ? text[i] + 32 : text[i]);
    const size_t digit = std::string_view(kHex).find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    uuid.bytes[i / 2] = static_cast<uint8_t>(size_t{uuid.bytes[i / 2]} << 4U | digit);
  }
  return uuid;
}

std::string IntText(const Value& integer) {
  constexpr size_t kMaxDigits = 4300;
  if (const auto* i = integer.As<int64_t>()) return std::to_string(*i);
  const std::string digits = IntegerOf(integer)->Digits();
  if (digits.size() > kMaxDigits + (digits[0] == '-' ? 1 : 0)) {
    RaiseValue(
        "Exceeds the limit (4300 digits) for integer string conversion; use "
        "sys.set_int_max_str_digits() to increase the limit");
  }
  return digits;
}

std::string Str(const Value& value, Meter* meter, InstanceText* instances) {
  Writer writer(meter, instances);
  writer.WriteStr(value);
  return writer.TakeText();
}

std::string Repr(const Value& value, Meter* meter, InstanceText* instances) {
  Writer writer(meter, instances);
  writer.WriteRepr(value);
  return writer.TakeText();
}

}  // namespace ormc
