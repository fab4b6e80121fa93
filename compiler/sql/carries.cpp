#include <algorithm>
#include <array>

#include "compiler/base/planted.h"
#include "compiler/sql/printer.h"

namespace ormc::sql {

using plan::Op;

namespace {

constexpr std::array<std::string_view, 6> kAggregates = {
    "ArrayAgg", "Count", "JSONBAgg", "Max", "Min", "StringAgg",
};

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
      return catalog::NeverFails(*expr.function);
    case Op::kAggregate:
      return !expr.distinct &&
             std::ranges::find(kAggregates, expr.aggregate->name) != kAggregates.end();
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
