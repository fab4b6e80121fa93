#include "compiler/plan/failing.h"

#include <algorithm>

namespace ormc::plan {
namespace {

using catalog::FunctionShape;
using catalog::LookupId;
using catalog::LookupKind;

bool AnyMayFail(const std::vector<ExprPtr>& exprs) {
  return std::ranges::any_of(exprs, [](const ExprPtr& expr) { return MayFail(*expr); });
}

bool CallMayFail(const catalog::Function& function) {
  switch (function.shape) {
    case FunctionShape::kCall:
    case FunctionShape::kConcat:
      return !catalog::NeverFails(function);
    case FunctionShape::kExtract:
    case FunctionShape::kTrunc:
    case FunctionShape::kTruncDate:
    case FunctionShape::kTruncTime:
    case FunctionShape::kJsonKey:
    case FunctionShape::kHstoreKey:
    case FunctionShape::kArrayIndex:
    case FunctionShape::kArraySlice:
      return false;
    case FunctionShape::kTemplate:
    case FunctionShape::kCast:
    case FunctionShape::kCollate:
    case FunctionShape::kDecimalInput:
    case FunctionShape::kWindow:
    case FunctionShape::kArray:
    case FunctionShape::kJsonObject:
    case FunctionShape::kJsonArray:
    case FunctionShape::kTextLast:
    case FunctionShape::kTextFirst:
    case FunctionShape::kSearchConfig:
    case FunctionShape::kSearchVector:
    case FunctionShape::kCombinedVector:
    case FunctionShape::kSearchQuery:
    case FunctionShape::kCombinedQuery:
    case FunctionShape::kSearchCall:
      return true;
  }
  return true;
}

bool LookupMayFail(const Expr& test) {
  const Expr& right = *test.args[1];
  switch (test.lookup->kind) {
    case LookupKind::kText:
      if (test.lookup->id == LookupId::kRegex || test.lookup->id == LookupId::kIRegex) return true;
      break;
    case LookupKind::kOperator:
      return true;
    case LookupKind::kList:
      // A list may have any number of rows, unlike another sub-query.
      if (right.op == Op::kSubquery) return MayFail(*test.args[0]) || MayFail(*right.query);
      break;
    case LookupKind::kCompare:
    case LookupKind::kPattern:
    case LookupKind::kRange:
    case LookupKind::kNullTest:
      break;
  }
  return AnyMayFail(test.args);
}

}  // namespace

bool MayFail(const Expr& expr) {
  switch (expr.op) {
    case Op::kColumn:
    case Op::kOuterColumn:
    case Op::kValue:
    case Op::kDirect:
    case Op::kStar:
    case Op::kNothing:
      return false;
    case Op::kReference:
    case Op::kDirectList:
    case Op::kWhere:
    case Op::kNot:
    case Op::kWrapper:
    case Op::kCase:
    case Op::kWhen:
    case Op::kOrderBy:
    case Op::kAggregate:
      return AnyMayFail(Sources(expr));
    case Op::kFunction:
      return CallMayFail(*expr.function) || AnyMayFail(expr.args);
    case Op::kLookup:
      return LookupMayFail(expr);
    case Op::kExists:
      return MayFail(*expr.query);
    case Op::kArithmetic:
    case Op::kSubquery:
    case Op::kWindow:
    case Op::kName:
    case Op::kOuterName:
    case Op::kCondition:
    case Op::kItem:
      return true;
  }
  return true;
}

bool MayFail(const Query& query) {
  if (query.wrapped || query.combinator != Combinator::kNone) return true;
  // A name that it is ordered by is not resolved yet; where all rows are taken, no order is kept.
  if (query.IsSliced() && !query.order_by.empty()) return true;
  const auto fails = [](const auto& entry) { return MayFail(*entry.second); };
  return MayFail(*query.where_root) || std::ranges::any_of(query.annotations, fails) ||
         AnyMayFail(query.select) || AnyMayFail(query.group_by) ||
         std::ranges::any_of(query.tables, [](const TableAlias& table) {
           return table.filtered_condition && MayFail(*table.filtered_condition);
         });
}

}  // namespace ormc::plan
