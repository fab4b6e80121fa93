#include "compiler/bind/containers.h"

#include <algorithm>
#include <array>

#include "compiler/bind/binder.h"
#include "compiler/bind/identity.h"
#include "compiler/values/equality.h"

namespace ormc::bind {
namespace {

bool HoldsLate(const Type& type) {
  return type.queryset || (type.element && HoldsLate(*type.element)) ||
         std::any_of(type.items.begin(), type.items.end(), HoldsLate);
}

// The places of a sequence, for Python's own rules to pick among.
Value Places(size_t size) {
  std::vector<Value> places;
  for (size_t i = 0; i < size; ++i) places.push_back(Value::Int(static_cast<int64_t>(i)));
  return Value::ListOf(std::move(places));
}

size_t PlaceIn(const Value& value) { return static_cast<size_t>(*value.As<int64_t>()); }

}  // namespace

void RejectLate(const Type& type, Span span) {
  if (!type.queryset) return;
  Reject(Kind::NotSupported, span,
         std::string("this use of a queryset that only the running program picks"),
         std::string("call it where the queryset is made, or make a list of it: `list(...)`"));
}

bool ComparesElements(std::string_view builtin) {
  static constexpr std::array<std::string_view, 6> kNames = {"sorted", "min",       "max",
                                                             "set",    "frozenset", "dict"};
  return std::find(kNames.begin(), kNames.end(), builtin) != kNames.end();
}

// `is None` is the one question that a list answers as a queryset does; `in` asks its right side
// for elements.
void Binder::RejectLateCompared(ast::CompareOp op, const BoundPtr& left, const BoundPtr& right,
                                Span span) {
  const auto is_none = [&](const BoundPtr& value) {
    const Value* constant = ConstantIn(value);
    return constant != nullptr && constant->is_none();
  };
  if (is_none(left) || is_none(right)) return;
  for (const BoundPtr& side : {left, right}) {
    const bool searched =
        side == right && (op == ast::CompareOp::kIn || op == ast::CompareOp::kNotIn);
    Type type = searched ? ElementOf(TypeOf(side)) : TypeOf(side);
    type.queryset = HoldsLate(type);
    RejectLate(type, span);
  }
}

// Is there nothing in it that could still fail, so that a part may be left out?
bool Binder::IsSettled(const BoundPtr& value) const {
  const auto settled = [&](const BoundPtr& item) { return IsSettled(item); };
  if (const auto* sequence = value->As<Sequence>()) {
    return std::all_of(sequence->items.begin(), sequence->items.end(), settled);
  }
  if (const auto* mapping = value->As<Mapping>()) {
    return std::all_of(mapping->items.begin(), mapping->items.end(), [&](const auto& item) {
      return IsSettled(item.first) && IsSettled(item.second);
    });
  }
  const auto* python = value->As<PythonValue>();
  return python == nullptr || python->constant || SlotOf(value);
}

// value[lower:upper:step]; a bound that is not written is null.
BoundPtr Binder::PartOf(const BoundPtr& value, const std::array<BoundPtr, 3>& bounds, Span span) {
  const auto* sequence = value->As<Sequence>();
  if (sequence != nullptr && HoldsSymbolicParts(value) && IsSettled(value)) {
    const BoundPtr places = PartOf(ConstantOf(span, Places(sequence->items.size())), bounds, span);
    if (const Value* picked = ConstantIn(places)) {
      Sequence part{sequence->kind, {}};
      for (const Value& place : picked->list()->items) {
        part.items.push_back(sequence->items[PlaceIn(place)]);
      }
      return MakeBound(span, std::move(part));
    }
  }
  const PythonValue base = ToPython(value);
  RejectLate(base.type, span);
  std::array<program::ExprPtr, 3> limits;
  bool constant = ConstantIn(value) != nullptr;
  for (size_t i = 0; i < bounds.size(); ++i) {
    if (bounds[i] == nullptr) continue;
    constant = constant && ConstantIn(bounds[i]) != nullptr;
    limits[i] = ToProgram(bounds[i]);
  }
  Type type = base.type;
  if (type.kind == TypeKind::kTuple) type.items.clear();
  return Computed(span,
                  program::Make(span, program::SliceOf{base.expr, limits[0], limits[1], limits[2]}),
                  std::move(type), constant);
}

// The item of a key: null where there is none, nothing where that is not known.
std::optional<BoundPtr> Binder::KnownItem(const Mapping& mapping, const Value& key) const {
  for (auto item = mapping.items.rbegin(); item != mapping.items.rend(); ++item) {
    const Value* known = ConstantIn(item->first);
    if (known == nullptr) return std::nullopt;
    if (Equal(*known, key)) return item->second;
  }
  return nullptr;
}

// value[index]
BoundPtr Binder::ItemOf(const BoundPtr& value, const BoundPtr& index, Span span) {
  // A known element of a display may be an expression or a queryset.
  if (IsSettled(value)) {
    if (const auto* sequence = value->As<Sequence>();
        sequence != nullptr && ConstantIn(index) != nullptr) {
      const BoundPtr place = ItemOf(ConstantOf(span, Places(sequence->items.size())), index, span);
      if (const Value* picked = ConstantIn(place)) return sequence->items[PlaceIn(*picked)];
    }
    const auto* mapping = value->As<Mapping>();
    const Value* key = ConstantIn(index);
    if (mapping != nullptr && key != nullptr) {
      if (const auto item = KnownItem(*mapping, *key).value_or(nullptr)) return item;
    }
  }
  const PythonValue base = ToPython(value);
  const Value* known = ConstantIn(index);
  const auto* at = known != nullptr ? known->As<int64_t>() : nullptr;
  if (at == nullptr || *at < 0) RejectLate(base.type, span);
  Type type;
  if (base.type.kind == TypeKind::kDict) {
    if (base.type.element) type = *base.type.element;
    if (const auto key = ConstantText(index)) {
      for (const auto& [name, item] : base.type.fields) {
        if (name == *key) type = item;
      }
    }
  } else if (base.type.kind == TypeKind::kTuple) {
    const auto size = static_cast<int64_t>(base.type.items.size());
    if (at != nullptr && *at < size && *at >= -size) {
      type = base.type.items[static_cast<size_t>(*at < 0 ? *at + size : *at)];
    } else {
      type.queryset = HoldsLate(base.type);
    }
  } else {
    type = ElementOf(base.type);
  }
  return Computed(span, program::Make(span, program::Subscript{base.expr, ToProgram(index)}),
                  std::move(type), ConstantIn(value) != nullptr && known != nullptr);
}

// len, list, tuple, reversed, enumerate, zip and dict of what the runtime cannot hold.
BoundPtr Binder::KnownBuiltin(const std::string& name, const Arguments& arguments, Span span) {
  if (!std::any_of(arguments.positional.begin(), arguments.positional.end(), HoldsSymbolicParts)) {
    return nullptr;
  }
  std::vector<std::vector<BoundPtr>> known;
  for (const BoundPtr& argument : arguments.positional) {
    const auto* sequence = argument->As<Sequence>();
    if (sequence != nullptr && sequence->kind == ast::DisplayKind::kSet) return nullptr;
    auto elements = KnownElements(argument);
    if (!elements) return nullptr;
    known.push_back(std::move(*elements));
  }
  const bool alone = known.size() == 1 && arguments.keywords.empty();
  const auto tuple = [&](std::vector<BoundPtr> items) {
    return MakeBound(span, Sequence{ast::DisplayKind::kTuple, std::move(items)});
  };
  Sequence made{ast::DisplayKind::kList, known[0]};
  if (name == "len" && alone) {
    const auto* sequence = arguments.positional[0]->As<Sequence>();
    if (sequence == nullptr || !IsSettled(arguments.positional[0])) return nullptr;
    return ConstantOf(span, Value::Int(static_cast<int64_t>(known[0].size())));
  }
  if (name == "list" && alone) return MakeBound(span, std::move(made));
  if (name == "tuple" && alone) return tuple(known[0]);
  if (name == "reversed" && alone) {
    std::reverse(made.items.begin(), made.items.end());
    return MakeBound(span, std::move(made));
  }
  if (name == "dict" && alone && arguments.positional[0]->As<Sequence>() != nullptr) {
    Mapping mapping;
    for (const BoundPtr& pair : known[0]) {
      const auto parts = KnownElements(pair);
      if (!parts || parts->size() != 2) return nullptr;
      mapping.items.emplace_back((*parts)[0], (*parts)[1]);
    }
    return MakeBound(span, std::move(mapping));
  }
  if (name == "enumerate" && known.size() == 1) {
    int64_t number = 0;
    for (const auto& [keyword, value] : arguments.keywords) {
      const Value* constant = ConstantIn(value);
      const auto* start = constant != nullptr ? constant->As<int64_t>() : nullptr;
      if (keyword != "start" || start == nullptr) return nullptr;
      number = *start;
    }
    for (BoundPtr& item : made.items) {
      item = tuple({ConstantOf(span, Value::Int(number++)), item});
    }
    return MakeBound(span, std::move(made));
  }
  if (name == "zip" && arguments.keywords.empty()) {
    size_t size = known[0].size();
    for (const auto& elements : known) size = std::min(size, elements.size());
    made.items.resize(size);
    for (size_t i = 0; i < size; ++i) {
      std::vector<BoundPtr> row;
      for (const auto& elements : known) row.push_back(elements[i]);
      made.items[i] = tuple(std::move(row));
    }
    return MakeBound(span, std::move(made));
  }
  return nullptr;
}

// mapping.get(key[, default])
BoundPtr Binder::KnownGet(const BoundPtr& mapping, const Arguments& arguments, Span span) {
  const size_t given = arguments.positional.size();
  const Value* key = given > 0 ? ConstantIn(arguments.positional[0]) : nullptr;
  if (!HoldsSymbolicParts(mapping) || !IsSettled(mapping) || key == nullptr || given > 2 ||
      !arguments.keywords.empty()) {
    return nullptr;
  }
  const auto item = KnownItem(*mapping->As<Mapping>(), *key);
  if (!item) return nullptr;
  if (*item != nullptr) return *item;
  return given == 2 ? arguments.positional[1] : ConstantOf(span, Value::None());
}

// [Q(...)] + [Q(...)]
BoundPtr Binder::Joined(const BoundPtr& left, const BoundPtr& right, Span span) {
  if (!HoldsSymbolicParts(left) && !HoldsSymbolicParts(right)) return nullptr;
  const auto kind_of = [&](const BoundPtr& value) { return TypeOf(value).kind; };
  const bool lists = kind_of(left) == TypeKind::kList && kind_of(right) == TypeKind::kList;
  const bool tuples = kind_of(left) == TypeKind::kTuple && kind_of(right) == TypeKind::kTuple;
  const auto before = KnownElements(left);
  auto after = KnownElements(right);
  if ((!lists && !tuples) || !before || !after) return nullptr;
  after->insert(after->begin(), before->begin(), before->end());
  return MakeBound(span, Sequence{lists ? ast::DisplayKind::kList : ast::DisplayKind::kTuple,
                                  std::move(*after)});
}

}  // namespace ormc::bind
