// Methods of list, tuple, dict and set.
#include <algorithm>

#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/equality.h"

namespace ormc::eval {

namespace {

List& SelfList(Call& call) { return **call.self.As<std::shared_ptr<List>>(); }
Dict& SelfDict(Call& call) { return **call.self.As<std::shared_ptr<Dict>>(); }
Set& SelfSet(Call& call) { return **call.self.As<std::shared_ptr<Set>>(); }

const std::vector<Value>& Elements(const Value& value) {
  return value.list() ? value.list()->items : value.tuple()->items;
}

bool Same(Call& call, const Value& a, const Value& b) {
  return Identical(a, b) || Equal(a, b, &call.machine.meter());
}

Value Count(Call& call) {
  int64_t count = 0;
  for (const Value& item : Elements(call.self)) count += Same(call, item, call[0]) ? 1 : 0;
  return Value::Int(count);
}

Value IndexOfItem(Call& call) {
  const auto& items = Elements(call.self);
  const auto size = static_cast<int64_t>(items.size());
  const auto bound = [&](size_t place, int64_t absent) {
    const int64_t given = call.Has(place) ? NeedIndex(call[place]) : absent;
    return std::clamp(given < 0 ? given + size : given, int64_t{0}, size);
  };
  const int64_t stop = bound(2, size);
  for (int64_t i = bound(1, 0); i < stop; ++i) {
    if (Same(call, items[static_cast<size_t>(i)], call[0])) return Value::Int(i);
  }
  if (call.self.tuple()) RaiseValue("tuple.index(x): x not in tuple");
  RaiseValue(call.machine.Repr(call[0]) + " is not in list");
}

Value CopyList(Call& call) { return call.machine.NewList(SelfList(call).items); }

Value AppendItem(Call& call) {
  call.machine.Append(SelfList(call), call[0]);
  return Value::None();
}

Value Extend(Call& call) {
  for (const Value& item : call.Items(0)) call.machine.Append(SelfList(call), item);
  return Value::None();
}

// ---- dict -------------------------------------------------------------------------------------

Value Get(Call& call) {
  const Value* found = SelfDict(call).Find(call[0], &call.machine.meter());
  return found ? *found : call.Or(1, Value::None());
}

// A view of keys is a set that keeps its order.
Value Keys(Call& call) {
  Set keys;
  for (const auto& entry : SelfDict(call).entries()) call.machine.AddTo(keys, entry.key);
  return call.machine.NewSet(std::move(keys));
}

Value Values(Call& call) {
  std::vector<Value> values;
  for (const auto& entry : SelfDict(call).entries()) values.push_back(entry.value);
  return call.machine.NewList(std::move(values));
}

Value Pairs(Call& call) {
  std::vector<Value> pairs;
  for (const auto& [key, value] : SelfDict(call).entries()) {
    call.machine.Reserve(1);
    pairs.push_back(call.machine.NewTuple({key, value}));
  }
  return call.machine.NewList(std::move(pairs));
}

Value CopyDict(Call& call) {
  Dict copy;
  for (const auto& [key, value] : SelfDict(call).entries()) call.machine.SetIn(copy, key, value);
  return call.machine.NewDict(std::move(copy));
}

Value SetDefault(Call& call) {
  if (const Value* found = SelfDict(call).Find(call[0], &call.machine.meter())) return *found;
  Value value = call.Or(1, Value::None());
  call.machine.SetIn(SelfDict(call), call[0], value);
  return value;
}

Value Update(Call& call) {
  if (call.Has(0)) {
    const auto* other = call[0].As<std::shared_ptr<Dict>>();
    if (other) {
      const auto entries = (*other)->entries();
      for (const auto& [key, value] : entries) call.machine.SetIn(SelfDict(call), key, value);
    } else {
      for (const Value& pair : call.Items(0)) {
        const std::vector<Value> parts = call.machine.Items(pair);
        if (parts.size() != 2) {
          RaiseValue("dictionary update sequence element #0 has length " +
                     std::to_string(parts.size()) + "; 2 is required");
        }
        call.machine.SetIn(SelfDict(call), parts[0], parts[1]);
      }
    }
  }
  for (const auto& [name, value] : call.named) {
    call.machine.SetIn(SelfDict(call), Value::Str(name), value);
  }
  return Value::None();
}

// ---- set --------------------------------------------------------------------------------------

Value AddItem(Call& call) {
  call.machine.AddTo(SelfSet(call), call[0]);
  return Value::None();
}

Value UpdateSet(Call& call) {
  for (const Value& iterable : call.rest) {
    for (const Value& item : call.machine.Items(iterable)) {
      call.machine.AddTo(SelfSet(call), item);
    }
  }
  return Value::None();
}

Set ToSet(Call& call, const Value& iterable) {
  Set set;
  call.machine.ForEach(iterable,
                       [&](const Value& item) { return call.machine.AddTo(set, item), true; });
  return set;
}

Set Copy(Call& call, const Set& from) {
  Set set;
  set.frozen = from.frozen;
  for (const Value& item : from.items()) call.machine.AddTo(set, item);
  return set;
}

Value Union(Call& call) {
  Set result = Copy(call, SelfSet(call));
  for (const Value& iterable : call.rest) {
    call.machine.ForEach(iterable,
                         [&](const Value& item) { return call.machine.AddTo(result, item), true; });
  }
  return call.machine.NewSet(std::move(result));
}

// Keeps what is (or is not) in each of the arguments.
Value Filtered(Call& call, bool wanted) {
  Set result = Copy(call, SelfSet(call));
  for (const Value& iterable : call.rest) {
    const Set other = ToSet(call, iterable);
    Set kept;
    kept.frozen = result.frozen;
    for (const Value& item : result.items()) {
      if (other.Contains(item, &call.machine.meter()) == wanted) call.machine.AddTo(kept, item);
    }
    result = std::move(kept);
  }
  return call.machine.NewSet(std::move(result));
}

Value Intersection(Call& call) { return Filtered(call, true); }
Value Difference(Call& call) { return Filtered(call, false); }

Value SymmetricDifference(Call& call) {
  const Set other = ToSet(call, call[0]);
  Set result;
  result.frozen = SelfSet(call).frozen;
  Meter* meter = &call.machine.meter();
  for (const Value& item : SelfSet(call).items()) {
    if (!other.Contains(item, meter)) call.machine.AddTo(result, item);
  }
  for (const Value& item : other.items()) {
    if (!SelfSet(call).Contains(item, meter)) call.machine.AddTo(result, item);
  }
  return call.machine.NewSet(std::move(result));
}

bool Includes(Call& call, const Set& whole, const Set& part) {
  return std::all_of(part.items().begin(), part.items().end(), [&](const Value& item) {
    return whole.Contains(item, &call.machine.meter());
  });
}

Value IsSubset(Call& call) {
  return Value::Bool(Includes(call, ToSet(call, call[0]), SelfSet(call)));
}
Value IsSuperset(Call& call) {
  return Value::Bool(Includes(call, SelfSet(call), ToSet(call, call[0])));
}
Value IsDisjoint(Call& call) {
  const Set other = ToSet(call, call[0]);
  const auto& items = SelfSet(call).items();
  return Value::Bool(std::none_of(items.begin(), items.end(), [&](const Value& item) {
    return other.Contains(item, &call.machine.meter());
  }));
}
Value CopySet(Call& call) { return call.machine.NewSet(Copy(call, SelfSet(call))); }

}  // namespace

const Rows& ListMethods() {
  static const Rows rows = {
      {"list", "count", "value, /", Count, "how often a value is in it"},
      {"list", "index", "value, start=, stop=, /", IndexOfItem, "the first place of a value"},
      {"list", "copy", "", CopyList, "a copy"},
      {"list", "append", "object, /", AppendItem, "adds an element", true},
      {"list", "extend", "iterable, /", Extend, "adds elements", true},
      {"tuple", "count", "value, /", Count, "how often a value is in it"},
      {"tuple", "index", "value, start=, stop=, /", IndexOfItem, "the first place of a value"},
  };
  return rows;
}

const Rows& DictAndSetMethods() {
  static const Rows rows = {
      {"dict", "get", "key, default=, /", Get, "the value of a key, or the default"},
      {"dict", "keys", "", Keys, "its keys"},
      {"dict", "values", "", Values, "its values"},
      {"dict", "items", "", Pairs, "pairs of key and value"},
      {"dict", "copy", "", CopyDict, "a copy"},
      {"dict", "setdefault", "key, default=, /", SetDefault,
       "the value of a key, put there if it is missing", true},
      {"dict", "update", "other=, /, **kwargs", Update, "puts other keys and values in", true},
      {"set", "union", "*others", Union, "the elements of all"},
      {"set", "intersection", "*others", Intersection, "the elements that all have"},
      {"set", "difference", "*others", Difference, "the elements that the others lack"},
      {"set", "symmetric_difference", "other, /", SymmetricDifference,
       "the elements that only one has"},
      {"set", "issubset", "other, /", IsSubset, "whether the other has every element"},
      {"set", "issuperset", "other, /", IsSuperset, "whether it has every element of the other"},
      {"set", "isdisjoint", "other, /", IsDisjoint, "whether they share no element"},
      {"set", "copy", "", CopySet, "a copy"},
      {"set", "add", "element, /", AddItem, "adds an element", true},
      {"set", "update", "*others", UpdateSet, "adds elements", true},
  };
  return rows;
}

}  // namespace ormc::eval
