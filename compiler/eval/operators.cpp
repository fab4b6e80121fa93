#include "compiler/eval/operators.h"

#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/eval/format.h"
#include "compiler/values/big_int.h"
#include "compiler/values/equality.h"
#include "compiler/values/ranges.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

using program::BinaryOp;
using program::CompareOp;
using program::UnaryOp;

std::string_view SymbolOf(BinaryOp op) {
  static constexpr std::string_view kSymbols[] = {"+",           "-", "*", "/", "//", "%",
                                                  "** or pow()", "|", "^", "&", "<<", ">>"};
  return kSymbols[static_cast<size_t>(op)];
}

std::optional<int64_t> IndexOf(const Value& value) {
  if (const auto* i = value.As<int64_t>()) return *i;
  const auto integer = IntegerOf(value);
  if (!integer) return std::nullopt;
  return integer->Int64().value_or(integer->Sign() < 0 ? INT64_MIN / 2 : INT64_MAX / 2);
}

int64_t NeedIndex(const Value& value) {
  const auto index = IndexOf(value);
  if (!index) {
    RaiseType("'" + FullTypeName(value) + "' object cannot be interpreted as an integer");
  }
  return *index;
}

namespace {

[[noreturn]] void Unsupported(BinaryOp op, const Value& a, const Value& b) {
  RaiseType("unsupported operand type(s) for " + std::string(SymbolOf(op)) + ": '" +
            FullTypeName(a) + "' and '" + FullTypeName(b) + "'");
}

const std::shared_ptr<Set>* SetOf(const Value& value) { return value.As<std::shared_ptr<Set>>(); }
const std::shared_ptr<Dict>* DictOf(const Value& value) {
  return value.As<std::shared_ptr<Dict>>();
}
const std::shared_ptr<const Bytes>* BytesOf(const Value& value) {
  return value.As<std::shared_ptr<const Bytes>>();
}
bool IsSequence(const Value& value) {
  return value.text() || value.list() || value.tuple() || BytesOf(value);
}

// `+` of sequences; none where the left one is no sequence.
std::optional<Value> Concatenate(Machine& machine, const Value& a, const Value& b) {
  const auto refuse = [&](const char* name) {
    RaiseType(std::string("can only concatenate ") + name + " (not \"" + FullTypeName(b) +
              "\") to " + name);
  };
  if (const std::string* text = a.text()) {
    if (!b.text()) refuse("str");
    machine.meter().Bytes(text->size() + b.text()->size());
    return Value::Str(*text + *b.text());
  }
  if (const auto* list = a.list()) {
    if (!b.list()) refuse("list");
    std::vector<Value> items = list->items;
    items.insert(items.end(), b.list()->items.begin(), b.list()->items.end());
    return machine.NewList(std::move(items));
  }
  if (const auto* tuple = a.tuple()) {
    if (!b.tuple()) refuse("tuple");
    std::vector<Value> items = tuple->items;
    items.insert(items.end(), b.tuple()->items.begin(), b.tuple()->items.end());
    return machine.NewTuple(std::move(items));
  }
  if (const auto* bytes = BytesOf(a); bytes && BytesOf(b)) {
    machine.meter().Bytes((*bytes)->data.size() + (*BytesOf(b))->data.size());
    return Value(
        Value::Storage(std::make_shared<const Bytes>(Bytes{(*bytes)->data + (*BytesOf(b))->data})));
  }
  return std::nullopt;
}

// `sequence * count`: its size is paid for before it is made.
Value Repeat(Machine& machine, const Value& sequence, int64_t given) {
  const auto count = static_cast<uint64_t>(std::max<int64_t>(given, 0));
  const auto pay = [&](uint64_t size, uint64_t unit) {
    if (size != 0 && count > machine.meter().bytes() / (size * unit)) {
      throw LimitError("eval_bytes");
    }
    machine.meter().Bytes(count * size * unit);
    machine.meter().Step(count * size / 16);
  };
  const auto text_of = [&](const std::string& unit) {
    pay(unit.size(), 1);
    std::string out;
    out.reserve(unit.size() * count);
    for (uint64_t i = 0; i < count && !unit.empty(); ++i) out += unit;
    return out;
  };
  if (const std::string* text = sequence.text()) return Value::Str(text_of(*text));
  if (const auto* bytes = BytesOf(sequence)) {
    return Value(Value::Storage(std::make_shared<const Bytes>(Bytes{text_of((*bytes)->data)})));
  }
  const std::vector<Value>& unit =
      sequence.list() ? sequence.list()->items : sequence.tuple()->items;
  pay(unit.size(), sizeof(Value));
  std::vector<Value> items;
  items.reserve(unit.size() * count);
  for (uint64_t i = 0; i < count && !unit.empty(); ++i) {
    items.insert(items.end(), unit.begin(), unit.end());
  }
  return sequence.list() ? machine.NewList(std::move(items)) : machine.NewTuple(std::move(items));
}

std::optional<Value> RepeatAny(Machine& machine, const Value& a, const Value& b) {
  const bool left = IsSequence(a);
  if (!left && !IsSequence(b)) return std::nullopt;
  const auto count = IndexOf(left ? b : a);
  if (!count) {
    RaiseType("can't multiply sequence by non-int of type '" + FullTypeName(left ? b : a) + "'");
  }
  return Repeat(machine, left ? a : b, *count);
}

// | & ^ - of sets, | of dicts.
std::optional<Value> Combine(Machine& machine, BinaryOp op, const Value& a, const Value& b) {
  if (DictOf(a) && DictOf(b) && op == BinaryOp::kBitOr) {
    Dict merged = **DictOf(a);
    merged.level = 0;
    machine.Reserve(2 * merged.size());
    for (const auto& [key, value] : (*DictOf(b))->entries()) machine.SetIn(merged, key, value);
    return machine.NewDict(std::move(merged));
  }
  if (!SetOf(a) || !SetOf(b)) return std::nullopt;
  const Set& x = **SetOf(a);
  const Set& y = **SetOf(b);
  Set result;
  result.frozen = x.frozen;
  const auto add = [&](const Set& from, const Set* other, bool wanted) {
    for (const Value& item : from.items()) {
      machine.meter().Step();
      if (!other || other->Contains(item, &machine.meter()) == wanted) machine.AddTo(result, item);
    }
  };
  switch (op) {
    case BinaryOp::kBitOr:
      add(x, nullptr, true);
      add(y, nullptr, true);
      break;
    case BinaryOp::kBitAnd:
      add(x, &y, true);
      break;
    case BinaryOp::kSubtract:
      add(x, &y, false);
      break;
    case BinaryOp::kBitXor:
      add(x, &y, false);
      add(y, &x, false);
      break;
    case BinaryOp::kAdd:
    case BinaryOp::kMultiply:
    case BinaryOp::kDivide:
    case BinaryOp::kFloorDivide:
    case BinaryOp::kModulo:
    case BinaryOp::kPower:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
      return std::nullopt;
  }
  return machine.NewSet(std::move(result));
}

}  // namespace

Value Operate(Machine& machine, BinaryOp op, const Value& a, const Value& b) {
  if (auto number = OperateNumbers(machine, op, a, b)) return *number;
  if (auto date = OperateDates(op, a, b)) return *date;
  std::optional<Value> result;
  if (op == BinaryOp::kAdd) result = Concatenate(machine, a, b);
  if (op == BinaryOp::kMultiply) result = RepeatAny(machine, a, b);
  if (op == BinaryOp::kModulo && a.text()) return Value::Str(PercentFormat(machine, *a.text(), b));
  if (!result) result = Combine(machine, op, a, b);
  if (!result) Unsupported(op, a, b);
  return *result;
}

Value OperateInPlace(Machine& machine, BinaryOp op, const Value& a, const Value& b) {
  if (const auto* list = a.As<std::shared_ptr<List>>(); list && op == BinaryOp::kAdd) {
    for (const Value& item : machine.Items(b)) machine.Append(**list, item);
    return a;
  }
  if (op == BinaryOp::kBitOr && SetOf(a) && SetOf(b) && !(*SetOf(a))->frozen) {
    const std::vector<Value> added = (*SetOf(b))->items();
    for (const Value& item : added) machine.AddTo(**SetOf(a), item);
    return a;
  }
  if (op == BinaryOp::kBitOr && DictOf(a) && DictOf(b)) {
    const auto added = (*DictOf(b))->entries();
    for (const auto& [key, value] : added) machine.SetIn(**DictOf(a), key, value);
    return a;
  }
  return Operate(machine, op, a, b);
}

bool Contains(Machine& machine, const Value& container, const Value& item) {
  if (const auto* set = SetOf(container)) return (*set)->Contains(item, &machine.meter());
  if (const auto* dict = DictOf(container)) {
    return (*dict)->Find(item, &machine.meter()) != nullptr;
  }
  if (const std::string* text = container.text()) {
    if (!item.text()) {
      RaiseType("'in <string>' requires string as left operand, not " + FullTypeName(item));
    }
    machine.meter().Step(text->size() / 64 + 1);
    return text->find(*item.text()) != std::string::npos;
  }
  if (const auto* range = container.As<std::shared_ptr<const RangeValue>>()) {
    return IsInRange(**range, item, &machine.meter());
  }
  const bool iterable = container.list() || container.tuple() || BytesOf(container);
  if (!iterable) RaiseType("argument of type '" + FullTypeName(container) + "' is not iterable");
  bool found = false;
  machine.ForEach(container, [&](const Value& held) {
    found = Identical(held, item) || Equal(held, item, &machine.meter());
    return !found;
  });
  return found;
}

bool CompareValues(Machine& machine, CompareOp op, const Value& a, const Value& b) {
  Meter* meter = &machine.meter();
  switch (op) {
    case CompareOp::kEqual:
      return Equal(a, b, meter);
    case CompareOp::kNotEqual:
      return !Equal(a, b, meter);
    case CompareOp::kLess:
      return Ordered(a, b, "<", meter);
    case CompareOp::kLessEqual:
      return Ordered(a, b, "<=", meter);
    case CompareOp::kGreater:
      return Ordered(a, b, ">", meter);
    case CompareOp::kGreaterEqual:
      return Ordered(a, b, ">=", meter);
    case CompareOp::kIs:
      return Identical(a, b);
    case CompareOp::kIsNot:
      return !Identical(a, b);
    case CompareOp::kIn:
      return Contains(machine, b, a);
    case CompareOp::kNotIn:
      return !Contains(machine, b, a);
  }
  throw InternalError("an unknown comparison");
}

}  // namespace ormc::eval
