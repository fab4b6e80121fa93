#include <algorithm>
#include <array>

#include "compiler/base/planted.h"
#include "compiler/sql/printer.h"

namespace ormc::sql {

using plan::Op;

namespace {

// NULL where an argument of theirs is, and for no other reason; no value makes them fail.
constexpr std::array<std::string_view, 9> kFunctions = {
    "Coalesce", "Concat", "Length", "Lower", "LTrim", "Reverse", "RTrim", "Trim", "Upper",
};
constexpr std::array<std::string_view, 6> kAggregates = {
    "ArrayAgg", "Count", "JSONBAgg", "Max", "Min", "StringAgg",
};

template <size_t N>
bool Contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool Carries(const plan::Expr& expr) {
  if (Planted("masked-computed")) return true;
  switch (expr.op) {
    case Op::kColumn:
    case Op::kReference:
    case Op::kWrapper:
    case Op::kCase:      // its conditions decide
    case Op::kSubquery:  // what it selects is carried
      return true;
    case Op::kFunction:
      return Contains(kFunctions, expr.function->name);
    case Op::kAggregate:
      return !expr.distinct && Contains(kAggregates, expr.aggregate->name);
    case Op::kName:
    case Op::kOuterName:
    case Op::kCondition:
    case Op::kItem:
    case Op::kValue:
    case Op::kDirect:
    case Op::kDirectList:
    case Op::kStar:
    case Op::kArithmetic:
    case Op::kWhen:
    case Op::kExists:
    case Op::kNot:
    case Op::kOrderBy:
    case Op::kLookup:
    case Op::kWindow:
    case Op::kOuterColumn:
    case Op::kWhere:
    case Op::kNothing:
      return false;
  }
  return false;
}

}  // namespace ormc::sql
