#include "compiler/eval/format.h"

#include <algorithm>

#include "compiler/values/decimal.h"
#include "compiler/values/equality.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

// No column and no report is wider; checked before anything is made.
constexpr int64_t kMaxWidth = 100'000;

bool IsAlign(char32_t c) { return c == U'<' || c == U'>' || c == U'=' || c == U'^'; }

int64_t ReadNumber(std::u32string_view& text, int64_t absent) {
  if (text.empty() || text.front() < U'0' || text.front() > U'9') return absent;
  int64_t number = 0;
  while (!text.empty() && text.front() >= U'0' && text.front() <= U'9') {
    number = number * 10 + static_cast<int64_t>(text.front() - U'0');
    if (number > kMaxWidth) throw LimitError("format_width");
    text.remove_prefix(1);
  }
  return number;
}

bool Take(std::u32string_view& text, char32_t c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::string Fill(const Spec& spec, int64_t count) {
  std::string unit;
  AppendUtf8(unit, spec.fill);
  std::string text;
  for (int64_t i = 0; i < count; ++i) text += unit;
  return text;
}

std::string Aligned(Machine& machine, std::string_view text, const Spec& spec, char align) {
  const int64_t missing = spec.width - static_cast<int64_t>(CodePointCount(text));
  if (missing <= 0) return std::string(text);
  machine.meter().Bytes(static_cast<uint64_t>(missing));
  const int64_t left = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
  return Fill(spec, left) + std::string(text) + Fill(spec, missing - left);
}

std::string FormatText(Machine& machine, const std::string& text, std::string_view given) {
  const Spec spec = ParseSpec(given, "str");
  if (spec.type != 0 && spec.type != 's') {
    RaiseValue(std::string("Unknown format code '") + spec.type + "' for object of type 'str'");
  }
  if (spec.sign != '-') RaiseValue("Sign not allowed in string format specifier");
  if (spec.alternate) RaiseValue("Alternate form (#) not allowed in string format specifier");
  if (spec.grouping != 0) {
    RaiseValue(std::string("Cannot specify '") + spec.grouping + "' with 's'.");
  }
  if (spec.align == '=') RaiseValue("'=' alignment not allowed in string format specifier");
  if (spec.precision >= 0) {
    const std::u32string points = ToCodePoints(text);
    const auto kept = std::min(points.size(), static_cast<size_t>(spec.precision));
    return PadText(machine, ToUtf8(std::u32string_view(points).substr(0, kept)), spec, '<');
  }
  return PadText(machine, text, spec, '<');
}

}  // namespace

Spec ParseSpec(std::string_view given, std::string_view type_name) {
  const std::u32string points = ToCodePoints(given);
  std::u32string_view text = points;
  Spec spec;
  bool filled = false;
  if (text.size() >= 2 && IsAlign(text[1])) {
    spec.fill = text[0];
    spec.align = static_cast<char>(text[1]);
    filled = true;
    text.remove_prefix(2);
  } else if (!text.empty() && IsAlign(text[0])) {
    spec.align = static_cast<char>(text[0]);
    text.remove_prefix(1);
  }
  for (char sign : {'+', '-', ' '}) {
    if (Take(text, static_cast<char32_t>(sign))) {
      spec.sign = sign;
      break;
    }
  }
  spec.no_negative_zero = Take(text, U'z');
  spec.alternate = Take(text, U'#');
  if (Take(text, U'0')) {
    spec.zero = true;
    if (!filled) spec.fill = U'0';
    // Text is padded on the right: Python 3.10 made this so.
    if (spec.align == 0 && type_name != "str") spec.align = '=';
  }
  spec.width = ReadNumber(text, 0);
  for (char mark : {',', '_'}) {
    if (Take(text, static_cast<char32_t>(mark))) {
      if (spec.grouping != 0) RaiseValue("Cannot specify both ',' and '_'.");
      spec.grouping = mark;
    }
  }
  if (Take(text, U'.')) {
    spec.precision = ReadNumber(text, -1);
    if (spec.precision < 0) RaiseValue("Format specifier missing precision");
  }
  if (text.size() > 1 || (text.size() == 1 && text[0] >= 0x80)) {
    RaiseValue("Invalid format specifier '" + std::string(given) + "' for object of type '" +
               std::string(type_name) + "'");
  }
  if (!text.empty()) spec.type = static_cast<char>(text[0]);
  return spec;
}

std::string PadText(Machine& machine, std::string_view text, const Spec& spec, char align) {
  return Aligned(machine, text, spec, spec.align != 0 ? spec.align : align);
}

std::string PadNumber(Machine& machine, const std::string& sign, const std::string& prefix,
                      const std::string& whole, const std::string& rest, const Spec& spec,
                      size_t group) {
  const bool zeros = spec.align == '=' && spec.fill == U'0';
  const size_t fixed = sign.size() + prefix.size() + rest.size();
  int64_t wanted = zeros ? spec.width - static_cast<int64_t>(fixed) : 0;
  machine.meter().Bytes(static_cast<uint64_t>(spec.width) + fixed + whole.size());
  std::string digits = whole;
  if (spec.grouping != 0) {
    // Groups from the right; zeros that fill the width are grouped, too.
    digits.clear();
    std::string left = whole;
    while (true) {
      const size_t length = std::min(
          std::max({left.size(), static_cast<size_t>(std::max<int64_t>(wanted, 1))}), group);
      const size_t taken = std::min(length, left.size());
      const std::string part = std::string(length - taken, '0') + left.substr(left.size() - taken);
      digits = part + (digits.empty() ? "" : std::string(1, spec.grouping)) + digits;
      left.resize(left.size() - taken);
      wanted -= static_cast<int64_t>(length);
      if (left.empty() && wanted <= 0) break;
      --wanted;
    }
  } else if (wanted > static_cast<int64_t>(whole.size())) {
    digits.insert(0, static_cast<size_t>(wanted) - whole.size(), '0');
  }
  const std::string number = digits + rest;
  if (spec.align != '=') {
    return PadText(machine, sign + prefix + number, spec, '>');
  }
  const auto length = static_cast<int64_t>(sign.size() + prefix.size() + number.size());
  return sign + prefix + Fill(spec, spec.width - length) + number;
}

std::string FormatValue(Machine& machine, const Value& value, std::string_view spec) {
  if (spec.empty()) return machine.Str(value);
  if (const std::string* text = value.text()) return FormatText(machine, *text, spec);
  if (const auto* f = value.As<double>()) {
    return FormatFloat(machine, *f, ParseSpec(spec, "float"));
  }
  if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) {
    return FormatDecimal(machine, **d, ParseSpec(spec, "decimal.Decimal"));
  }
  if (IsNumber(value)) return FormatInteger(machine, value, ParseSpec(spec, TypeName(value)));
  if (value.As<Date>() || value.As<DateTime>() || value.As<Time>()) {
    return Strftime(value, spec);
  }
  RaiseType("unsupported format string passed to " + FullTypeName(value) + ".__format__");
}

}  // namespace ormc::eval
