// "..." % arguments
#include "compiler/eval/format.h"
#include "compiler/eval/operators.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/equality.h"
#include "compiler/values/text.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

constexpr int64_t kMaxWidth = 100'000;

class Percent {
 public:
  Percent(Machine& machine, std::string_view text, const Value& arguments)
      : machine_(machine), text_(text), arguments_(arguments), tuple_(arguments.tuple()) {}

  std::string Format() {
    std::string out;
    while (at_ < text_.size()) {
      const size_t mark = std::min(text_.find('%', at_), text_.size());
      out += text_.substr(at_, mark - at_);
      at_ = mark;
      if (at_ < text_.size()) {
        ++at_;
        out += Directive();
      }
    }
    const bool mapping = arguments_.As<std::shared_ptr<Dict>>() != nullptr;
    const size_t given = tuple_ ? tuple_->items.size() : 1;
    if (!keyed_ && used_ < given && !(mapping && !tuple_)) {
      RaiseType("not all arguments converted during string formatting");
    }
    machine_.meter().Bytes(out.size());
    return out;
  }

 private:
  char Peek() const {
    if (at_ >= text_.size()) RaiseValue("incomplete format");
    return text_[at_];
  }
  Value Next() {
    if (tuple_) {
      if (used_ >= tuple_->items.size()) RaiseType("not enough arguments for format string");
      return tuple_->items[used_++];
    }
    if (used_++ > 0) RaiseType("not enough arguments for format string");
    return arguments_;
  }
  int64_t Number() {
    if (Peek() == '*') {
      ++at_;
      const Value value = Next();
      const auto number = IndexOf(value);
      if (!number) RaiseType("* wants int");
      if (*number > kMaxWidth || *number < -kMaxWidth) throw LimitError("format_width");
      return *number;
    }
    int64_t number = 0;
    while (Peek() >= '0' && Peek() <= '9') {
      number = number * 10 + (text_[at_++] - '0');
      if (number > kMaxWidth) throw LimitError("format_width");
    }
    return number;
  }
  std::optional<Value> Keyed() {
    if (Peek() != '(') return std::nullopt;
    const size_t end = text_.find(')', at_);
    if (end == std::string_view::npos) RaiseValue("incomplete format key");
    const auto* dict = arguments_.As<std::shared_ptr<Dict>>();
    if (!dict) RaiseType("format requires a mapping");
    const Value key = Value::Str(std::string(text_.substr(at_ + 1, end - at_ - 1)));
    const Value* found = (*dict)->Find(key, &machine_.meter());
    if (!found) Raise("KeyError", Repr(key));
    at_ = end + 1;
    keyed_ = true;
    return *found;
  }
  void Flags(Spec& spec) {
    for (;; ++at_) {
      const char c = Peek();
      if (c == '-') {
        spec.align = '<';
      } else if (c == '+') {
        spec.sign = '+';
      } else if (c == ' ') {
        if (spec.sign == '-') spec.sign = ' ';
      } else if (c == '#') {
        spec.alternate = true;
      } else if (c == '0') {
        spec.zero = true;
      } else {
        return;
      }
    }
  }

  std::string Directive() {
    if (Peek() == '%') return ++at_, "%";
    const auto keyed = Keyed();
    Spec spec;
    Flags(spec);
    spec.width = Number();
    if (spec.width < 0) {
      spec.width = -spec.width;
      spec.align = '<';
    }
    if (Peek() == '.') {
      ++at_;
      spec.precision = std::max<int64_t>(Number(), 0);
    }
    while (Peek() == 'h' || Peek() == 'l' || Peek() == 'L') ++at_;
    const char type = text_[at_++];
    if (type == '%') return "%";
    static constexpr std::string_view kTypes = "diuoxXeEfFgGcrsa";
    if (kTypes.find(type) == std::string_view::npos) {
      const auto code = static_cast<unsigned char>(type);
      RaiseValue(std::string("unsupported format character '") + type + "' (0x" +
                 BigInt(code).Digits(16) + ") at index " + std::to_string(at_ - 1));
    }
    const Value value = keyed ? *keyed : Next();
    return Convert(value, type, spec);
  }

  std::string Text(const std::string& text, Spec spec) {
    if (spec.precision >= 0) {
      const std::u32string points = ToCodePoints(text);
      if (points.size() > static_cast<size_t>(spec.precision)) {
        return PadText(
            machine_,
            ToUtf8(std::u32string_view(points).substr(0, static_cast<size_t>(spec.precision))),
            spec, '>');
      }
    }
    return PadText(machine_, text, spec, '>');
  }

  std::string Convert(const Value& value, char type, Spec spec) {
    switch (type) {
      case 's':
        return Text(machine_.Str(value), spec);
      case 'r':
      case 'a':
        return Text(
            type == 'a' && value.text() ? StrRepr(*value.text(), true) : machine_.Repr(value),
            spec);
      case 'c':
        return Character(value, spec);
      default:
        break;
    }
    if (spec.zero && spec.align == 0) {
      spec.fill = U'0';
      spec.align = '=';
    }
    static constexpr std::string_view kFloats = "eEfFgG";
    if (kFloats.find(type) != std::string_view::npos) {
      spec.type = type;
      return FormatFloat(machine_, ToFloat(value), spec);
    }
    return Integer(value, type, spec);
  }

  std::string Character(const Value& value, const Spec& spec) {
    if (const std::string* text = value.text()) {
      if (CodePointCount(*text) != 1) RaiseType("%c requires int or char");
      return PadText(machine_, *text, spec, '>');
    }
    if (!IntegerOf(value)) RaiseType("%c requires int or char");
    Spec character = spec;
    character.type = 'c';
    character.precision = -1;
    return FormatInteger(machine_, value, character);
  }

  std::string Integer(const Value& value, char type, Spec spec) {
    std::optional<BigInt> integer = IntegerOf(value);
    const bool decimal = type == 'd' || type == 'i' || type == 'u';
    if (!integer && decimal) {
      if (const auto* f = value.As<double>()) {
        if (*f != *f) RaiseValue("cannot convert float NaN to integer");
        if (*f - *f != 0) Raise("OverflowError", "cannot convert float infinity to integer");
        integer = BigInt::FromDouble(*f);
      }
      if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) integer = (*d)->ToInteger();
    }
    if (!integer) {
      RaiseType(std::string("%") + type + " format: " + (decimal ? "a real number" : "an integer") +
                " is required, not " + FullTypeName(value));
    }
    const int base = decimal ? 10 : type == 'o' ? 8 : 16;
    std::string digits =
        base == 10 ? IntText(IntValue(integer->Abs())) : integer->Abs().Digits(base);
    if (type == 'X') {
      for (char& c : digits) c = static_cast<char>(c >= 'a' ? c - 32 : c);
    }
    if (spec.precision > static_cast<int64_t>(digits.size())) {
      digits.insert(0, static_cast<size_t>(spec.precision) - digits.size(), '0');
    }
    const std::string prefix = base == 10 || !spec.alternate ? "" : std::string("0") + type;
    const std::string sign = integer->Sign() < 0 ? "-"
                             : spec.sign == '-'  ? ""
                                                 : std::string(1, spec.sign);
    return PadNumber(machine_, sign, prefix, digits, "", spec);
  }

  Machine& machine_;
  std::string_view text_;
  const Value& arguments_;
  const Tuple* tuple_;
  size_t at_ = 0;
  size_t used_ = 0;
  bool keyed_ = false;
};

}  // namespace

std::string PercentFormat(Machine& machine, std::string_view text, const Value& arguments) {
  return Percent(machine, text, arguments).Format();
}

}  // namespace ormc::eval
