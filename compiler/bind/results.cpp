#include "compiler/bind/results.h"

#include <algorithm>
#include <array>

namespace ormc::bind {
namespace {

// Types of what builtins and methods give; others are not known.
struct ResultRow {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array kResults = {
    ResultRow{"len", TypeKind::kInt},
    ResultRow{"int", TypeKind::kInt},
    ResultRow{"float", TypeKind::kFloat},
    ResultRow{"str", TypeKind::kStr},
    ResultRow{"bool", TypeKind::kBool},
    ResultRow{"hasattr", TypeKind::kBool},
    ResultRow{"any", TypeKind::kBool},
    ResultRow{"all", TypeKind::kBool},
    ResultRow{"format", TypeKind::kStr},
    ResultRow{"datetime.date", TypeKind::kDate},
    ResultRow{"datetime.date.today", TypeKind::kDate},
    ResultRow{"datetime.date.fromisoformat", TypeKind::kDate},
    ResultRow{"datetime.time", TypeKind::kTime},
    ResultRow{"datetime.timedelta", TypeKind::kTimeDelta},
    ResultRow{"datetime.datetime", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.now", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.today", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.utcnow", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.combine", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.fromisoformat", TypeKind::kDateTime},
    ResultRow{"datetime.datetime.strptime", TypeKind::kDateTime},
    ResultRow{"timezone.now", TypeKind::kDateTime},
    ResultRow{"timezone.localtime", TypeKind::kDateTime},
    ResultRow{"timezone.localdate", TypeKind::kDate},
    ResultRow{"timezone.make_aware", TypeKind::kDateTime},
    ResultRow{"timezone.make_naive", TypeKind::kDateTime},
    ResultRow{"datetime.timezone", TypeKind::kZone},
    ResultRow{"decimal.Decimal", TypeKind::kDecimal},
    ResultRow{"uuid.UUID", TypeKind::kUuid},
    ResultRow{"zoneinfo.ZoneInfo", TypeKind::kZone},
    ResultRow{"math.floor", TypeKind::kInt},
    ResultRow{"math.ceil", TypeKind::kInt},
    ResultRow{"math.sqrt", TypeKind::kFloat},
    ResultRow{"math.log", TypeKind::kFloat},
};
constexpr std::array kMethodResults = {
    ResultRow{"date", TypeKind::kDate},
    ResultRow{"time", TypeKind::kTime},
    ResultRow{"isoformat", TypeKind::kStr},
    ResultRow{"strftime", TypeKind::kStr},
    ResultRow{"weekday", TypeKind::kInt},
    ResultRow{"isoweekday", TypeKind::kInt},
    ResultRow{"total_seconds", TypeKind::kFloat},
    ResultRow{"timestamp", TypeKind::kFloat},
    ResultRow{"astimezone", TypeKind::kDateTime},
    ResultRow{"upper", TypeKind::kStr},
    ResultRow{"lower", TypeKind::kStr},
    ResultRow{"title", TypeKind::kStr},
    ResultRow{"strip", TypeKind::kStr},
    ResultRow{"lstrip", TypeKind::kStr},
    ResultRow{"rstrip", TypeKind::kStr},
    ResultRow{"capitalize", TypeKind::kStr},
    ResultRow{"join", TypeKind::kStr},
    ResultRow{"format", TypeKind::kStr},
    ResultRow{"zfill", TypeKind::kStr},
    ResultRow{"startswith", TypeKind::kBool},
    ResultRow{"endswith", TypeKind::kBool},
    ResultRow{"count", TypeKind::kInt},
    ResultRow{"find", TypeKind::kInt},
    ResultRow{"index", TypeKind::kInt},
    ResultRow{"quantize", TypeKind::kDecimal},
};

template <size_t N>
std::optional<Type> ResultOf(const std::array<ResultRow, N>& rows, std::string_view name) {
  for (const ResultRow& row : rows) {
    if (row.name == name) return MakeType(row.kind);
  }
  return std::nullopt;
}

Type PairOf(Type a, Type b) {
  Type pair = MakeType(TypeKind::kTuple);
  pair.items = {std::move(a), std::move(b)};
  return pair;
}

}  // namespace

// What a builtin that keeps, orders or pairs elements gives.
Type BuiltinType(std::string_view name, const std::vector<Type>& arguments) {
  if (auto fixed = ResultOf(kResults, name)) return *fixed;
  const Type first = arguments.empty() ? Type() : arguments[0];
  const Type element = ElementOf(first);
  if (name == "sorted" || name == "list" || name == "reversed") return ListOf(element);
  if (name == "tuple") {
    if (first.kind == TypeKind::kTuple) return first;
    Type tuple = ListOf(element);
    return tuple;
  }
  if (name == "set" || name == "frozenset") {
    Type set = ListOf(element);
    set.kind = TypeKind::kSet;
    return set;
  }
  if (name == "enumerate") return ListOf(PairOf(MakeType(TypeKind::kInt), element));
  if (name == "zip") {
    Type row = MakeType(TypeKind::kTuple);
    for (const Type& argument : arguments) row.items.push_back(ElementOf(argument));
    return ListOf(std::move(row));
  }
  if (name == "range") return ListOf(MakeType(TypeKind::kInt));
  if (name == "min" || name == "max") {
    if (arguments.size() == 1) return element;
    Type best = first;
    for (const Type& argument : arguments) best = Union(best, argument);
    return best;
  }
  if (name == "sum") {
    Type sum = element;
    if (sum.kind == TypeKind::kBool) sum = MakeType(TypeKind::kInt);
    // Of nothing it is 0, whatever the elements are.
    if (sum.kind != TypeKind::kInt && sum.kind != TypeKind::kFloat) sum = Type();
    sum.nullable = false;
    return sum;
  }
  if (name == "abs") return first;
  if (name == "round") return arguments.size() == 1 ? MakeType(TypeKind::kInt) : first;
  if (name == "dict") {
    if (first.kind == TypeKind::kDict) return first;
    Type dict = MakeType(TypeKind::kDict);
    if (element.kind == TypeKind::kTuple && element.items.size() == 2) {
      dict.key = std::make_shared<const Type>(element.items[0]);
      dict.element = std::make_shared<const Type>(element.items[1]);
    }
    return dict;
  }
  return Type();
}

Type MethodType(const Type& receiver, std::string_view name, const std::vector<Type>& arguments) {
  if (receiver.kind == TypeKind::kDict) {
    const Type value = receiver.element ? *receiver.element : Type();
    const Type key = receiver.key ? *receiver.key : Type();
    if (name == "items") return ListOf(PairOf(key, value));
    if (name == "keys") return ListOf(key);
    if (name == "values") return ListOf(value);
    if (name == "get") {
      Type type = value;
      if (arguments.size() == 2) return Union(type, arguments[1]);
      type.nullable = true;
      return type;
    }
    if (name == "copy") return receiver;
    return Type();
  }
  if (name == "isocalendar") {
    Type week = MakeType(TypeKind::kTuple);
    for (const char* part : {"year", "week", "weekday"}) {
      week.items.push_back(MakeType(TypeKind::kInt));
      week.fields.push_back({part, week.items.back()});
    }
    return week;
  }
  if (name == "split" || name == "splitlines" || name == "rsplit") {
    return ListOf(MakeType(TypeKind::kStr));
  }
  if (name == "replace" || name == "copy") {
    Type same = receiver;
    same.nullable = false;
    return same;
  }
  if (auto fixed = ResultOf(kMethodResults, name)) return *fixed;
  return Type();
}

}  // namespace ormc::bind
