#include <algorithm>

#include "compiler/eval/machine.h"
#include "compiler/eval/operators.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

// "list", "tuple", "string", "bytes": what has places, as messages name it.
struct Sequence {
  std::string_view name;
  size_t size;
};

std::optional<Sequence> SequenceOf(const Value& value) {
  if (const auto* list = value.list()) return Sequence{"list", list->items.size()};
  if (const auto* tuple = value.tuple()) return Sequence{"tuple", tuple->items.size()};
  if (const auto* text = value.text()) return Sequence{"string", CodePointCount(*text)};
  if (const auto* bytes = value.As<std::shared_ptr<const Bytes>>()) {
    return Sequence{"index", (*bytes)->data.size()};
  }
  return std::nullopt;
}

std::string WrongIndex(const Sequence& sequence, const Value& index) {
  if (sequence.name == "string") {
    return "string indices must be integers, not '" + FullTypeName(index) + "'";
  }
  const std::string name = sequence.name == "index" ? "byte" : std::string(sequence.name);
  return name + " indices must be integers or slices, not " + FullTypeName(index);
}

std::string_view CodePointAt(std::string_view text, size_t place) {
  size_t begin = 0;
  const auto next = [&](size_t i) {
    do ++i;
    while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80);
    return i;
  };
  while (place-- > 0) begin = next(begin);
  return text.substr(begin, next(begin) - begin);
}

std::optional<int64_t> Bound(const Value& value) {
  if (value.is_none()) return std::nullopt;
  const auto index = IndexOf(value);
  if (!index) {
    RaiseType("slice indices must be integers or None or have an __index__ method");
  }
  return index;
}

// The places that a slice chooses, as Python's slice.indices().
std::vector<size_t> Places(size_t length, const Value& lower, const Value& upper,
                           const Value& given_step, Meter& meter) {
  const auto size = static_cast<int64_t>(length);
  const int64_t step = Bound(given_step).value_or(1);
  if (step == 0) RaiseValue("slice step cannot be zero");
  const int64_t least = step < 0 ? -1 : 0;
  const int64_t most = step < 0 ? size - 1 : size;
  const auto clamp = [&](std::optional<int64_t> bound, int64_t absent) {
    if (!bound) return absent;
    if (*bound < 0) return std::max(*bound + size, least);
    return std::min(*bound, most);
  };
  const int64_t start = clamp(Bound(lower), step < 0 ? most : least);
  const int64_t stop = clamp(Bound(upper), step < 0 ? least : most);
  std::vector<size_t> places;
  int64_t i = start;
  while (step > 0 ? i < stop : i > stop) {
    meter.Step();
    places.push_back(static_cast<size_t>(i));
    if (step > 0 ? step > size : step < -size) break;
    i += step;
  }
  return places;
}

}  // namespace

Value Index(Machine& machine, const Value& value, const Value& index) {
  if (const auto* dict = value.As<std::shared_ptr<Dict>>()) {
    if (const Value* found = (*dict)->Find(index, &machine.meter())) return *found;
    Raise("KeyError", machine.Repr(index));
  }
  const auto sequence = SequenceOf(value);
  if (!sequence) RaiseType("'" + FullTypeName(value) + "' object is not subscriptable");
  const auto given = IndexOf(index);
  if (!given) RaiseType(WrongIndex(*sequence, index));
  const auto size = static_cast<int64_t>(sequence->size);
  const int64_t at = *given < 0 ? *given + size : *given;
  if (at < 0 || at >= size) {
    Raise("IndexError", std::string(sequence->name) + " index out of range");
  }
  const auto place = static_cast<size_t>(at);
  if (const auto* list = value.list()) return list->items[place];
  if (const auto* tuple = value.tuple()) return tuple->items[place];
  if (const auto* text = value.text()) {
    machine.meter().Step(IsAscii(*text) ? 1 : text->size() / 16 + 1);
    return Value::Str(std::string(CodePointAt(*text, place)));
  }
  const auto& bytes = *value.As<std::shared_ptr<const Bytes>>();
  return Value::Int(static_cast<unsigned char>(bytes->data[place]));
}

Value Slice(Machine& machine, const Value& value, const Value& lower, const Value& upper,
            const Value& step) {
  const auto sequence = SequenceOf(value);
  if (!sequence) {
    if (value.As<std::shared_ptr<Dict>>()) RaiseType("unhashable type: 'slice'");
    RaiseType("'" + FullTypeName(value) + "' object is not subscriptable");
  }
  const auto places = Places(sequence->size, lower, upper, step, machine.meter());
  if (const auto* text = value.text()) {
    const std::u32string points = ToCodePoints(*text);
    std::string chosen;
    for (size_t place : places) AppendUtf8(chosen, points[place]);
    return machine.NewStr(std::move(chosen));
  }
  if (const auto* bytes = value.As<std::shared_ptr<const Bytes>>()) {
    std::string chosen;
    for (size_t place : places) chosen += (*bytes)->data[place];
    return Value(Value::Storage(std::make_shared<const Bytes>(Bytes{std::move(chosen)})));
  }
  const std::vector<Value>& all = value.list() ? value.list()->items : value.tuple()->items;
  std::vector<Value> items;
  items.reserve(places.size());
  for (size_t place : places) items.push_back(all[place]);
  return value.list() ? machine.NewList(std::move(items)) : machine.NewTuple(std::move(items));
}

}  // namespace ormc::eval
