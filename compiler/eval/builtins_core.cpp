// Builtins of iterables and containers.
#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/eval/format.h"
#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/equality.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

std::optional<size_t> LengthOf(const Value& value) {
  if (const auto* text = value.text()) return CodePointCount(*text);
  if (const auto* list = value.list()) return list->items.size();
  if (const auto* tuple = value.tuple()) return tuple->items.size();
  if (const auto* set = value.As<std::shared_ptr<Set>>()) return (*set)->size();
  if (const auto* dict = value.As<std::shared_ptr<Dict>>()) return (*dict)->size();
  if (const auto* bytes = value.As<std::shared_ptr<const Bytes>>()) return (*bytes)->data.size();
  return std::nullopt;
}

Value Len(Call& call) {
  const auto length = LengthOf(call[0]);
  if (!length) RaiseType("object of type '" + FullTypeName(call[0]) + "' has no len()");
  return Value::Int(static_cast<int64_t>(*length));
}

Value Sum(Call& call) {
  Value total = call.Or(1, Value::Int(0));
  if (total.text()) RaiseType("sum() can't sum strings [use ''.join(seq) instead]");
  call.ForEach(0, [&](const Value& item) {
    total = Operate(call.machine, program::BinaryOp::kAdd, total, item);
    return true;
  });
  return total;
}

Value Any(Call& call) {
  bool found = false;
  call.ForEach(0, [&](const Value& item) { return !(found = call.machine.Truth(item)); });
  return Value::Bool(found);
}

Value All(Call& call) {
  bool every = true;
  call.ForEach(0, [&](const Value& item) { return every = call.machine.Truth(item); });
  return Value::Bool(every);
}

Value KeyOf(Call& call, size_t place, const Value& item) {
  return call.Key(place) ? call.machine.Apply(*call.Key(place), item) : item;
}

// min and max: "*args, key=, default="; the signature's places are key 0 and default 1.
Value Extreme(Call& call, const char* name, const char* op) {
  if (call.rest.empty()) {
    RaiseType(std::string(name) + " expected at least 1 argument, got 0");
  }
  if (call.rest.size() > 1 && call.Has(1)) {
    RaiseType(std::string("Cannot specify a default for ") + name +
              "() with multiple positional arguments");
  }
  const std::vector<Value> items =
      call.rest.size() == 1 ? call.machine.Items(call.rest[0]) : call.rest;
  if (items.empty()) {
    if (call.Has(1)) return call[1];
    RaiseValue(std::string(name) + "() arg is an empty sequence");
  }
  Value best = items.front();
  Value best_key = KeyOf(call, 0, best);
  for (size_t i = 1; i < items.size(); ++i) {
    Value key = KeyOf(call, 0, items[i]);
    if (!Ordered(key, best_key, op, &call.machine.meter())) continue;
    best = items[i];
    best_key = std::move(key);
  }
  return best;
}

Value Min(Call& call) { return Extreme(call, "min", "<"); }
Value Max(Call& call) { return Extreme(call, "max", ">"); }

Value Sorted(Call& call) {
  struct Keyed {
    Value key;
    Value item;
  };
  std::vector<Keyed> keyed;
  for (Value& item : call.Items(0)) keyed.push_back({KeyOf(call, 1, item), item});
  call.machine.Reserve(2 * keyed.size());
  if (call.Has(2) && call[2].As<bool>() == nullptr && call[2].As<int64_t>() == nullptr) {
    RaiseType("'" + FullTypeName(call[2]) + "' object cannot be interpreted as an integer");
  }
  const bool reverse = call.Has(2) && call.machine.Truth(call[2]);
  // Reversed twice, equal elements keep their order, as Python's do.
  if (reverse) std::reverse(keyed.begin(), keyed.end());
  std::stable_sort(keyed.begin(), keyed.end(), [&](const Keyed& a, const Keyed& b) {
    return Less(a.key, b.key, &call.machine.meter());
  });
  if (reverse) std::reverse(keyed.begin(), keyed.end());
  std::vector<Value> items;
  items.reserve(keyed.size());
  for (Keyed& entry : keyed) items.push_back(std::move(entry.item));
  return call.machine.NewList(std::move(items));
}

Value Reversed(Call& call) {
  if (call[0].As<std::shared_ptr<Set>>() || !LengthOf(call[0])) {
    RaiseType("'" + FullTypeName(call[0]) + "' object is not reversible");
  }
  std::vector<Value> items = call.Items(0);
  std::reverse(items.begin(), items.end());
  return call.machine.NewList(std::move(items));
}

Value MakeList(Call& call) {
  return call.machine.NewList(call.Has(0) ? call.Items(0) : std::vector<Value>{});
}

Value MakeTuple(Call& call) {
  if (call.Has(0) && call[0].tuple() && !call[0].tuple()->names) return call[0];
  return call.machine.NewTuple(call.Has(0) ? call.Items(0) : std::vector<Value>{});
}

Value SetOf(Call& call, bool frozen) {
  Set set;
  set.frozen = frozen;
  if (call.Has(0)) {
    call.ForEach(0, [&](const Value& item) { return call.machine.AddTo(set, item), true; });
  }
  return call.machine.NewSet(std::move(set));
}

Value MakeSet(Call& call) { return SetOf(call, false); }
Value MakeFrozenSet(Call& call) { return SetOf(call, true); }

Value MakeDict(Call& call) {
  Dict dict;
  if (call.Has(0)) {
    if (const auto* other = call[0].As<std::shared_ptr<Dict>>()) {
      for (const auto& [key, value] : (*other)->entries()) call.machine.SetIn(dict, key, value);
    } else {
      size_t index = 0;
      call.ForEach(0, [&](const Value& pair) {
        const std::string place = "#" + std::to_string(index++);
        if (!LengthOf(pair)) {
          RaiseType("cannot convert dictionary update sequence element " + place +
                    " to a sequence");
        }
        const std::vector<Value> parts = call.machine.Items(pair);
        if (parts.size() != 2) {
          RaiseValue("dictionary update sequence element " + place + " has length " +
                     std::to_string(parts.size()) + "; 2 is required");
        }
        call.machine.SetIn(dict, parts[0], parts[1]);
        return true;
      });
    }
  }
  for (const auto& [name, value] : call.named) {
    call.machine.SetIn(dict, Value::Str(name), value);
  }
  return call.machine.NewDict(std::move(dict));
}

Value FromKeys(Call& call) {
  Dict dict;
  call.ForEach(0, [&](const Value& key) {
    call.machine.SetIn(dict, key, call.Or(1, Value::None()));
    return true;
  });
  return call.machine.NewDict(std::move(dict));
}

Value Enumerate(Call& call) {
  Value index = Value::Int(NeedIndex(call.Or(1, Value::Int(0))));
  std::vector<Value> pairs;
  call.ForEach(0, [&](const Value& item) {
    call.machine.Reserve(1);
    pairs.push_back(call.machine.NewTuple({index, item}));
    index = Operate(call.machine, program::BinaryOp::kAdd, index, Value::Int(1));
    return true;
  });
  return call.machine.NewList(std::move(pairs));
}

Value Zip(Call& call) {
  std::vector<std::vector<Value>> columns;
  for (const Value& iterable : call.rest) columns.push_back(call.machine.Items(iterable));
  size_t rows = columns.empty() ? 0 : SIZE_MAX;
  for (const auto& column : columns) rows = std::min(rows, column.size());
  if (call.Has(0) && call.machine.Truth(call[0])) {
    for (size_t i = 1; i < columns.size(); ++i) {
      if (columns[i].size() == columns[0].size()) continue;
      const std::string others = i == 1 ? " 1" : "s 1-" + std::to_string(i);
      RaiseValue("zip() argument " + std::to_string(i + 1) + " is " +
                 (columns[i].size() < columns[0].size() ? "shorter" : "longer") + " than argument" +
                 others);
    }
  }
  std::vector<Value> result;
  for (size_t row = 0; row < rows; ++row) {
    std::vector<Value> items;
    for (const auto& column : columns) items.push_back(column[row]);
    call.machine.Reserve(1);
    result.push_back(call.machine.NewTuple(std::move(items)));
  }
  return call.machine.NewList(std::move(result));
}

Value Range(Call& call) {
  const int64_t first = NeedIndex(call[0]);
  const int64_t start = call.Has(1) ? first : 0;
  const int64_t stop = call.Has(1) ? NeedIndex(call[1]) : first;
  const int64_t step = call.Has(2) ? NeedIndex(call[2]) : 1;
  if (step == 0) RaiseValue("range() arg 3 must not be zero");
  if (step > 0 ? start >= stop : start <= stop) return call.machine.NewList({});
  // Unsigned: the way from the smallest integer to the largest does not fit the signed type.
  const auto from = static_cast<uint64_t>(start);
  const auto to = static_cast<uint64_t>(stop);
  const uint64_t span = step > 0 ? to - from : from - to;
  const uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : -static_cast<uint64_t>(step);
  const uint64_t count = (span - 1) / stride + 1;
  if (count > call.machine.meter().bytes() / sizeof(Value)) throw LimitError("eval_bytes");
  call.machine.meter().Step(count);
  std::vector<Value> items;
  items.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    items.push_back(Value::Int(static_cast<int64_t>(from + i * static_cast<uint64_t>(step))));
  }
  return call.machine.NewList(std::move(items));
}

Value Next(Call& call) {
  std::optional<Value> first;
  call.ForEach(0, [&](const Value& item) {
    first = item;
    return false;
  });
  if (first) return *first;
  if (call.Has(1)) return call[1];
  Raise("StopIteration", "");
}

Value MakeStr(Call& call) {
  return call.Has(0) ? call.machine.NewStr(call.machine.Str(call[0])) : Value::Str("");
}
Value MakeBool(Call& call) { return Value::Bool(call.Has(0) && call.machine.Truth(call[0])); }
Value ReprOf(Call& call) { return Value::Str(call.machine.Repr(call[0])); }

Value Format(Call& call) {
  const Value spec = call.Or(1, Value::Str(""));
  if (!spec.text()) RaiseType("format() argument 2 must be str, not " + FullTypeName(spec));
  return Value::Str(FormatValue(call.machine, call[0], *spec.text()));
}

Value Ord(Call& call) {
  const std::string& text = NeedStr(call, 0, "ord()");
  const std::u32string points = ToCodePoints(text);
  if (points.size() != 1) {
    RaiseType("ord() expected a character, but string of length " + std::to_string(points.size()) +
              " found");
  }
  return Value::Int(static_cast<int64_t>(points[0]));
}

Value Chr(Call& call) {
  const int64_t point = NeedIndex(call[0]);
  if (point < 0 || point > 0x10FFFF) RaiseValue("chr() arg not in range(0x110000)");
  std::string text;
  AppendUtf8(text, static_cast<char32_t>(point));
  return Value::Str(text);
}

// psycopg's Range(lower, upper, bounds="[)", empty=False)
Value MakeRange(Call& call) {
  auto range = std::make_shared<RangeValue>();
  const auto bound = [&](size_t place) {
    const Value* value = call.Get(place);
    return value == nullptr || value->is_none() ? std::optional<Value>() : std::optional(*value);
  };
  const Value* empty = call.Get(3);
  range->empty = empty != nullptr && call.machine.Truth(*empty);
  if (!range->empty) {
    const std::string bounds = call.Get(2) != nullptr ? NeedStr(call, 2, "Range()") : "[)";
    if (bounds != "[)" && bounds != "[]" && bounds != "(]" && bounds != "()") {
      RaiseValue("bound flags not valid: " + StrRepr(bounds));
    }
    range->lower = bound(0);
    range->upper = bound(1);
    range->lower_inclusive = bounds[0] == '[' && range->lower;
    range->upper_inclusive = bounds[1] == ']' && range->upper;
  }
  return Value(Value::Storage(std::shared_ptr<const RangeValue>(std::move(range))));
}

// Of an instance or None: the binder lets nothing else pass.
Value HasAttribute(Call& call) {
  const auto* instance = call[0].As<std::shared_ptr<const Instance>>();
  if (instance == nullptr) return Value::Bool(false);
  const auto& related = (*instance)->shape->related;
  for (size_t i = 0; i < related.size(); ++i) {
    if (related[i].name == *call[1].text()) {
      return Value::Bool(!(*instance)->related[i].is_none());
    }
  }
  throw InternalError("hasattr of what was not fetched");
}

template <program::BinaryOp op>
Value InPlace(Call& call) {
  return OperateInPlace(call.machine, op, call[0], call[1]);
}

}  // namespace

const Rows& CoreBuiltins() {
  static const Rows rows = {
      {"", "len", "obj, /", Len, "the number of elements"},
      {"", "sum", "iterable, /, start=", Sum, "the elements added up"},
      {"", "any", "iterable, /", Any, "whether some element is true"},
      {"", "all", "iterable, /", All, "whether every element is true"},
      {"", "min", "*args, key=, default=", Min, "the least of an iterable or of the arguments"},
      {"", "max", "*args, key=, default=", Max, "the greatest of an iterable or of the arguments"},
      {"", "sorted", "iterable, /, *, key=, reverse=", Sorted, "a sorted list; stable"},
      {"", "reversed", "sequence, /", Reversed, "the elements from the last to the first"},
      {"", "list", "iterable=, /", MakeList, "a list of the elements"},
      {"", "tuple", "iterable=, /", MakeTuple, "a tuple of the elements"},
      {"", "set", "iterable=, /", MakeSet, "the different elements"},
      {"", "frozenset", "iterable=, /", MakeFrozenSet, "the different elements, hashable"},
      {"", "dict", "iterable=, /, **kwargs", MakeDict, "a dict of pairs and keywords"},
      {"", "dict.fromkeys", "iterable, value=, /", FromKeys, "a dict with one value for each key"},
      {"", "enumerate", "iterable, start=", Enumerate, "pairs of a number and an element"},
      {"", "zip", "*iterables, strict=", Zip, "tuples of the elements at equal places"},
      {"", "range", "start, stop=, step=, /", Range, "integers from start to before stop"},
      {"", "next", "iterable, default=, /", Next, "the first element of a fresh generator"},
      {"", "iter", "iterable, /", MakeList, "the elements"},
      {"", "str", "object=", MakeStr, "as text"},
      {"", "bool", "object=, /", MakeBool, "whether it is true"},
      {"", "repr", "object, /", ReprOf, "as Python would write it"},
      {"", "format", "value, spec=, /", Format, "as text by a format spec"},
      {"", "hasattr", "object, name, /", HasAttribute, "whether a row has its reverse one-to-one"},
      {"", "ord", "character, /", Ord, "the code point of a character"},
      {"", "chr", "number, /", Chr, "the character of a code point"},
      {"", "NumericRange", "lower=, upper=, bounds=, empty=", MakeRange, "a range of numbers"},
      {"", "DateRange", "lower=, upper=, bounds=, empty=", MakeRange, "a range of dates"},
      {"", "DateTimeTZRange", "lower=, upper=, bounds=, empty=", MakeRange,
       "a range of aware datetimes"},
      {"", "operator.iadd", "a, b, /", InPlace<program::BinaryOp::kAdd>,
       "what `a += b` binds: a list is extended in place"},
      {"", "operator.ior", "a, b, /", InPlace<program::BinaryOp::kBitOr>,
       "what `a |= b` binds: a set or dict is updated in place"},
  };
  return rows;
}

}  // namespace ormc::eval
