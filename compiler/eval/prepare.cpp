#include "compiler/eval/prepare.h"

#include <cmath>

#include "compiler/base/check.h"
#include "compiler/eval/clock.h"
#include "compiler/eval/convert.h"
#include "compiler/eval/machine.h"
#include "compiler/values/big_int.h"
#include "compiler/values/dict.h"
#include "compiler/values/equality.h"
#include "compiler/values/instance.h"
#include "compiler/values/temporal.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

using program::PrepareStep;

namespace {

struct Preparation {
  const PrepareStep& step;
  const Value& value;
  const Context& context;
  std::string_view field;

  std::string Text() const { return Str(value, context); }
  // str() of a ValidationError is the list of its messages.
  [[noreturn]] void Invalid(const std::string& message) const {
    Raise("ValidationError", "[" + StrRepr("“" + Text() + "” " + message) + "]");
  }
};

// int() or float() under the field's message.
template <class Function>
auto Number(const Preparation& p, const Function& convert) {
  try {
    return convert(p.value);
  } catch (const PythonError& error) {
    if (error.django_name != "TypeError" && error.django_name != "ValueError") throw;
    Raise(error.django_name,
          "Field '" + std::string(p.field) + "' expected a number but got " + Repr(p.value) + ".");
  }
}

Value OfInteger(const Preparation& p) { return Number(p, ToIntValue); }
// A float bound of an integer column: `>= 1.5` is `>= 2`.
Value OfCeiling(const Preparation& p) {
  const auto* number = p.value.As<double>();
  return number ? ToIntValue(Value::Float(std::ceil(*number))) : p.value;
}

Value OfFloat(const Preparation& p) { return Value::Float(Number(p, ToFloatValue)); }

Value OfDecimal(const Preparation& p) {
  Decimal decimal;
  try {
    decimal = ToDecimalValue(p.value);
  } catch (const PythonError&) {
    p.Invalid("value must be a decimal number.");
  }
  if (!decimal.is_finite()) p.Invalid("value must be a decimal number.");
  if (p.value.As<double>() && p.step.max_digits > 0) {
    decimal = decimal.Rounded(p.step.max_digits);
  }
  return DecimalValue(std::move(decimal));
}

Value OfBoolean(const Preparation& p) {
  if (IsNumber(p.value)) {
    if (Equal(p.value, Value::Int(1))) return Value::Bool(true);
    if (Equal(p.value, Value::Int(0))) return Value::Bool(false);
  } else if (const std::string* text = p.value.text()) {
    if (*text == "t" || *text == "True" || *text == "1") return Value::Bool(true);
    if (*text == "f" || *text == "False" || *text == "0") return Value::Bool(false);
  }
  p.Invalid("value must be either True or False.");
}

const std::string& NeedIsoText(const Value& value) {
  if (!value.text()) RaiseType("fromisoformat: argument must be str");
  return *value.text();
}

Value OfDate(const Preparation& p) {
  if (const auto* moment = p.value.As<DateTime>()) {
    const bool shift = p.context.use_tz && moment->time.zone;
    const DateTime local = shift ? InZone(*moment, DefaultZone(p.context)) : *moment;
    return Value(Value::Storage(local.date));
  }
  if (p.value.As<Date>()) return p.value;
  std::optional<Date> parsed;
  try {
    parsed = ParseDate(NeedIsoText(p.value));
  } catch (const PythonError& error) {
    if (error.django_name != "ValueError") throw;
    p.Invalid("value has the correct format (YYYY-MM-DD) but it is an invalid date.");
  }
  if (!parsed) p.Invalid("value has an invalid date format. It must be in YYYY-MM-DD format.");
  return Value(Value::Storage(*parsed));
}

DateTime ToDateTime(const Preparation& p) {
  if (const auto* moment = p.value.As<DateTime>()) return *moment;
  if (const auto* date = p.value.As<Date>()) return DateTime{*date, Time{}};
  const std::string& text = NeedIsoText(p.value);
  try {
    if (const auto parsed = ParseDateTime(text)) return *parsed;
  } catch (const PythonError& error) {
    if (error.django_name != "ValueError") throw;
    p.Invalid(
        "value has the correct format (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]) but it is an invalid "
        "date/time.");
  }
  try {
    if (const auto parsed = ParseDate(text)) return DateTime{*parsed, Time{}};
  } catch (const PythonError& error) {
    if (error.django_name != "ValueError") throw;
    p.Invalid("value has the correct format (YYYY-MM-DD) but it is an invalid date.");
  }
  p.Invalid(
      "value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] "
      "format.");
}

// A naive moment is meant in settings.TIME_ZONE, not in the active zone.
Value OfDateTime(const Preparation& p) {
  DateTime moment = ToDateTime(p);
  if (p.context.use_tz) moment = Aware(moment, p.context);
  return Value(Value::Storage(moment));
}

Value OfTime(const Preparation& p) {
  if (p.value.As<Time>()) return p.value;
  if (const auto* moment = p.value.As<DateTime>()) {
    Time time = moment->time;
    time.zone = nullptr;
    return Value(Value::Storage(time));
  }
  std::optional<Time> parsed;
  try {
    parsed = ParseTime(NeedIsoText(p.value));
  } catch (const PythonError& error) {
    if (error.django_name != "ValueError") throw;
    p.Invalid("value has the correct format (HH:MM[:ss[.uuuuuu]]) but it is an invalid time.");
  }
  if (!parsed) {
    p.Invalid("value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format.");
  }
  return Value(Value::Storage(*parsed));
}

Value OfUuid(const Preparation& p) {
  if (p.value.As<Uuid>()) return p.value;
  if (const auto integer = IntegerOf(p.value);
      integer && integer->Sign() >= 0 && integer->Bits() <= 128) {
    std::string hex = integer->Digits(16);
    return Value(Value::Storage(*ParseUuid(std::string(32 - hex.size(), '0') + hex)));
  }
  const auto uuid = p.value.text() ? ParseUuid(*p.value.text()) : std::nullopt;
  if (!uuid) p.Invalid("is not a valid UUID.");
  return Value(Value::Storage(*uuid));
}

Value OfLike(const Preparation& p, bool before, bool after) {
  std::string pattern = before ? "%" : "";
  for (char c : p.Text()) {
    if (c == '\\' || c == '%' || c == '_') pattern += '\\';
    pattern += c;
  }
  return Value::Str(pattern + (after ? "%" : ""));
}

Value OfAddress(const Preparation& p) {
  const std::string text = p.Text();
  return text.empty() ? Value::None() : Value::Str(text);
}

Value OfPrimaryKey(const Preparation& p) {
  const auto* instance = p.value.As<std::shared_ptr<const Instance>>();
  if (!instance) return p.value;
  const auto& fields = (*instance)->shape->fields;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].first == p.step.attribute) return (*instance)->fields[i];
  }
  return PrimaryKeyOf(**instance);
}

// [str(item) for item in value]
Value OfTexts(const Preparation& p) {
  Environment environment;
  Machine machine(environment, p.context, nullptr, nullptr);
  std::vector<Value> items;
  for (const Value& item : machine.Items(p.value)) {
    items.push_back(Value::Str(Str(item, p.context)));
  }
  return Value::ListOf(std::move(items));
}

Value OfRange(const Preparation& p) {
  if (!p.value.list() && !p.value.tuple()) return p.value;
  const auto& pair = p.value.list() ? p.value.list()->items : p.value.tuple()->items;
  if (pair.size() < 2) Raise("IndexError", "list index out of range");
  const auto bound = [](const Value& value) {
    return value.is_none() ? std::optional<Value>() : std::optional(value);
  };
  auto range = std::make_shared<RangeValue>();
  range->lower = bound(pair[0]);
  range->upper = bound(pair[1]);
  return Value(Value::Storage(std::shared_ptr<const RangeValue>(std::move(range))));
}

// '"key"=>"value"', NULL unquoted.
Value OfHstore(const Preparation& p) {
  const auto* dict = p.value.As<std::shared_ptr<Dict>>();
  if (dict == nullptr) return p.value;
  const auto quoted = [&](const Value& value) {
    std::string out = "\"";
    for (const char c : Str(value, p.context)) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + '"';
  };
  std::string text;
  for (const Dict::Entry& entry : (*dict)->entries()) {
    if (!text.empty()) text += ", ";
    text += quoted(entry.key) + "=>" + (entry.value.is_none() ? "NULL" : quoted(entry.value));
  }
  return Value::Str(text);
}

// A bound of a slice of a queryset: int(value).
Value OfSliceBound(const Preparation& p) {
  if (p.value.text() != nullptr)
    RaiseType("'>=' not supported between instances of 'str' and 'int'");
  const Value whole = OfInteger(p);
  const auto integer = IntegerOf(whole);
  if (integer && integer->Sign() < 0) RaiseValue("Negative indexing is not supported.");
  return whole;
}

Value OfSliceIndex(const Preparation& p) {
  if (!IntegerOf(p.value)) RaiseType("QuerySet indices must be integers or slices.");
  return OfSliceBound(p);
}

}  // namespace

Value Prepare(const PrepareStep& step, const Value& value, const Context& context,
              std::string_view field) {
  using program::Prepare;
  const Preparation p{step, value, context, field.empty() ? std::string_view(step.field) : field};
  if (step.what == Prepare::kJson) return Value::Str(JsonText(value));
  if (value.is_none()) {
    if (step.what == Prepare::kNotNone) RaiseValue("Cannot use None as a query value");
    return value;
  }
  switch (step.what) {
    case Prepare::kNone:
    // DurationField and BinaryField prepare nothing: PostgreSQL reads what is given.
    case Prepare::kDuration:
    case Prepare::kBinary:
    case Prepare::kJson:
    case Prepare::kNotNone:
      return value;
    case Prepare::kCeiling:
      return OfCeiling(p);
    case Prepare::kSliceBound:
      return OfSliceBound(p);
    case Prepare::kSliceIndex:
      return OfSliceIndex(p);
    case Prepare::kInteger:
      return OfInteger(p);
    case Prepare::kFloat:
      return OfFloat(p);
    case Prepare::kDecimal:
      return OfDecimal(p);
    case Prepare::kBoolean:
      return OfBoolean(p);
    case Prepare::kText:
      return Value::Str(p.Text());
    case Prepare::kDate:
      return OfDate(p);
    case Prepare::kDateTime:
      return OfDateTime(p);
    case Prepare::kTime:
      return OfTime(p);
    case Prepare::kUuid:
      return OfUuid(p);
    case Prepare::kAddress:
      return OfAddress(p);
    case Prepare::kLikeContains:
      return OfLike(p, true, true);
    case Prepare::kLikeStartsWith:
      return OfLike(p, false, true);
    case Prepare::kLikeEndsWith:
      return OfLike(p, true, false);
    case Prepare::kLikeExact:
      return OfLike(p, false, false);
    case Prepare::kPrimaryKey:
      return OfPrimaryKey(p);
    case Prepare::kUpper:
      return Value::Str(Upper(p.Text()));
    case Prepare::kTexts:
      return OfTexts(p);
    case Prepare::kRange:
      return OfRange(p);
    case Prepare::kHstore:
      return OfHstore(p);
    case Prepare::kListOf:
    case Prepare::kItems:
      break;
  }
  throw InternalError("steps for elements stand only among steps");
}

Value PrepareAll(const std::vector<PrepareStep>& steps, const Value& given, const Context& context,
                 std::string_view field) {
  Value value = given;
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool items = steps[i].what == program::Prepare::kItems;
    if (items && !value.list() && !value.tuple()) return value;  // PostgreSQL reads what is given
    if (steps[i].what != program::Prepare::kListOf && !items) {
      value = Prepare(steps[i], value, context, field);
      continue;
    }
    // What follows is for the elements.
    const std::vector<PrepareStep> rest(steps.begin() + static_cast<ptrdiff_t>(i) + 1, steps.end());
    Environment environment;
    Machine machine(environment, context, nullptr, nullptr);
    std::vector<Value> prepared_items;
    for (const Value& item : machine.Items(value)) {
      if (item.is_none() && !items) continue;  // before JSON makes its null of it
      Value prepared = PrepareAll(rest, item, context, field);
      if (items || !prepared.is_none()) prepared_items.push_back(std::move(prepared));
    }
    return Value::ListOf(std::move(prepared_items));
  }
  return value;
}

}  // namespace ormc::eval
