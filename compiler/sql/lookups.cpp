#include <array>

#include "compiler/base/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/versions.h"
#include "compiler/sql/printer.h"
#include "compiler/sql/select.h"

namespace ormc::sql {
namespace {

using catalog::LookupId;
using catalog::LookupKind;
using plan::Expr;
using plan::ExprPtr;
using plan::FieldKind;
using plan::IsA;
using plan::Op;

bool IsTextLookup(const catalog::Lookup& row) {
  return row.kind == LookupKind::kText || row.kind == LookupKind::kPattern;
}

bool IgnoresCase(LookupId id) {
  return id == LookupId::kIExact || id == LookupId::kIContains || id == LookupId::kIStartsWith ||
         id == LookupId::kIEndsWith;
}

struct IntegerRange {
  FieldKind kind;
  int64_t least;
  int64_t most;
};

// DatabaseOperations.integer_field_ranges
constexpr std::array kIntegerRanges = {
    IntegerRange{FieldKind::kSmallIntegerField, -32768, 32767},
    IntegerRange{FieldKind::kIntegerField, -2147483648LL, 2147483647},
    IntegerRange{FieldKind::kBigIntegerField, INT64_MIN, INT64_MAX},
    IntegerRange{FieldKind::kPositiveBigIntegerField, 0, INT64_MAX},
    IntegerRange{FieldKind::kPositiveSmallIntegerField, 0, 32767},
    IntegerRange{FieldKind::kPositiveIntegerField, 0, 2147483647},
    IntegerRange{FieldKind::kSmallAutoField, -32768, 32767},
    IntegerRange{FieldKind::kAutoField, -2147483648LL, 2147483647},
    IntegerRange{FieldKind::kBigAutoField, INT64_MIN, INT64_MAX},
};

// A constant beyond what the column can hold decides the comparison by itself.
void CheckRange(const plan::PlanContext& context, const Expr& test) {
  const ExprPtr& right = test.args[1];
  const auto& type = test.args[0]->output;
  if (right->op != Op::kDirect || right->operand.runtime || !type) return;
  if (!IsA(*type, FieldKind::kIntegerField)) return;
  const auto* small = right->operand.constant.As<int64_t>();
  const auto* big = right->operand.constant.As<std::shared_ptr<const BigInt>>();
  if (small == nullptr && big == nullptr) return;
  for (const IntegerRange& row : kIntegerRanges) {
    if (row.kind != type->kind) continue;
    const bool negative = big != nullptr && plan::IsNegative(right->operand.constant);
    const bool under = small != nullptr ? *small < row.least : negative;
    const bool over = small != nullptr ? *small > row.most : !negative;
    if (!under && !over) return;
    plan::RequireDjango(context, catalog::Change::kIntegerBounds, test.span);
    const LookupId id = test.lookup->id;
    const bool greater = id == LookupId::kGreaterThan || id == LookupId::kGreaterThanOrEqual;
    const bool less = id == LookupId::kLessThan || id == LookupId::kLessThanOrEqual;
    if ((under && greater) || (over && less)) throw FullResult{};
    throw EmptyResult{};
  }
}

bool IsYear(const Expr& left) {
  return left.op == Op::kFunction && left.function->shape == catalog::FunctionShape::kExtract &&
         (left.function->lookup_name == "year" || left.function->lookup_name == "iso_year");
}

}  // namespace

Fragment Printer::LookupLeft(const Expr& test) {
  const ExprPtr& left = test.args[0];
  Fragment sql = Print(left);
  const bool condition =
      left->op == Op::kLookup || left->op == Op::kWhere || left->op == Op::kWrapper;
  if (condition && plan::IsConditional(*left)) sql = Fragment("(") + sql + ")";
  if (IsTextLookup(*test.lookup)) {
    const bool address = left->output && left->output->kind == FieldKind::kGenericIPAddressField;
    const bool any_case = left->output && plan::CastDbType(*left->output) == "citext";
    sql = address ? Fragment("HOST(") + sql + ")" : sql + (any_case ? "::citext" : "::text");
    if (IgnoresCase(test.lookup->id)) sql = Fragment("UPPER(") + sql + ")";
  }
  return sql;
}

Fragment Printer::LookupRight(const ExprPtr& right) {
  if (right->op == Op::kDirect) return OperandOf(right->operand);
  Fragment sql = Print(right);
  const bool condition = right->op == Op::kLookup || right->op == Op::kWhere;
  if (right->op == Op::kValue || (!condition && sql.text.starts_with("("))) return sql;
  return Fragment("(") + sql + ")";
}

Fragment Printer::Lookup(const Expr& test) {
  const ExprPtr& left = test.args[0];
  const ExprPtr& right = test.args[1];
  const catalog::Lookup& row = *test.lookup;
  const bool direct = right->op == Op::kDirect;
  switch (row.kind) {
    case LookupKind::kNullTest: {
      const bool is_null = *right->operand.constant.As<bool>();
      if (left->op == Op::kValue && !left->operand.runtime) {
        if (left->operand.constant.is_none() == is_null) throw FullResult{};
        throw EmptyResult{};
      }
      return LookupLeft(test) + (is_null ? " IS NULL" : " IS NOT NULL");
    }
    case LookupKind::kList:
      return InList(test);
    case LookupKind::kRange:
      return Range(test);
    case LookupKind::kText:
    case LookupKind::kPattern:
      if (direct) {
        return LookupLeft(test) + " " + Fill(row.sql, {OperandOf(right->operand)});
      }
      if (row.kind == LookupKind::kPattern) {
        const Fragment escaped = Fragment("REPLACE(REPLACE(REPLACE(") + LookupRight(right) +
                                 ", E'\\\\', E'\\\\\\\\'), E'%', E'\\\\%'), E'_', E'\\\\_')";
        return LookupLeft(test) + " " + Fill(row.sql_expression, {escaped});
      }
      return LookupLeft(test) + " " + Fill(row.sql_expression, {LookupRight(right)});
    case LookupKind::kOperator:
      return Fill(row.sql, {LookupLeft(test), LookupRight(right)});
    case LookupKind::kCompare: {
      if (plan::IsTuple(*left) && !plan::IsTuple(*right) && right->op != Op::kSubquery) {
        Reject(Kind::BadValue, test.span,
               std::string("Composite field lookups only work with composite expressions."));
      }
      const bool constant = direct && !right->operand.runtime;
      if (row.id == LookupId::kExact && constant && plan::IsConditional(*left)) {
        if (const bool* wanted = right->operand.constant.As<bool>()) {
          return *wanted ? LookupLeft(test) : Fragment("NOT ") + LookupLeft(test);
        }
      }
      if (constant && IsYear(*left)) return YearRange(test);
      CheckRange(statement_.context(), test);
      const bool json = left->output && left->output->kind == FieldKind::kJSONField;
      if (row.id == LookupId::kExact && direct && right->operand.maybe_none && !json) {
        return LookupLeft(test) + " IS NOT DISTINCT FROM " + OperandOf(right->operand);
      }
      return LookupLeft(test) + " " + Fill(row.sql, {LookupRight(right)});
    }
  }
  throw InternalError("an unknown kind of lookup");
}

Fragment Printer::InList(const Expr& test) {
  const ExprPtr& right = test.args[1];
  if (right->op == Op::kDirect && right->operand.runtime) {
    return LookupLeft(test) + " = ANY(" + OperandOf(right->operand) + ")";
  }
  if (right->op == Op::kDirect) {
    std::vector<Fragment> items;
    for (const ormc::Value& item : right->operand.constant.list()->items) {
      items.push_back(Constant(item, right->operand.type));
    }
    if (items.empty()) throw EmptyResult{};
    return LookupLeft(test) + " IN (" + Joined(items, ", ") + ")";
  }
  if (right->op == Op::kDirectList) {
    std::vector<Fragment> items;
    for (const ExprPtr& item : right->args) {
      if (item->op == Op::kDirect && !item->operand.runtime && item->operand.constant.is_none()) {
        continue;
      }
      items.push_back(item->op == Op::kDirect ? OperandOf(item->operand) : Print(item));
    }
    if (items.empty()) throw EmptyResult{};
    return LookupLeft(test) + " IN (" + Joined(items, ", ") + ")";
  }
  return LookupLeft(test) + " IN " + LookupRight(right);
}

Fragment Printer::Range(const Expr& test) {
  const ExprPtr& right = test.args[1];
  std::vector<Fragment> bounds;
  if (right->op == Op::kDirect) {
    for (const ormc::Value& item : right->operand.constant.list()->items) {
      bounds.push_back(Constant(item, right->operand.type));
    }
  } else {
    for (const ExprPtr& item : right->args) bounds.push_back(Print(item));
  }
  return LookupLeft(test) + " BETWEEN " + bounds[0] + " AND " + bounds[1];
}

Fragment Printer::YearRange(const Expr& test) {
  const Expr& year = *test.args[0];
  const ExprPtr& source = year.args[0];
  const auto* wanted = test.args[1]->operand.constant.As<int64_t>();
  const bool iso = year.function->lookup_name == "iso_year";
  if (wanted == nullptr || *wanted < 1 || *wanted > (iso ? 9998 : 9999)) {
    Reject(Kind::BadValue, test.span, std::string("the year is out of range"));
  }
  const bool with_time = source->output && IsA(*source->output, FieldKind::kDateTimeField);
  const auto [first, last] =
      plan::YearBounds(*statement_.context().eval, static_cast<int32_t>(*wanted), iso, with_time);
  const Fragment left = Print(source);
  const auto value = [&](const ormc::Value& bound) {
    return Constant(bound, program::ParameterType::kByValue);
  };
  const LookupId id = test.lookup->id;
  if (id == LookupId::kGreaterThan) return left + " > " + value(last);
  if (id == LookupId::kGreaterThanOrEqual) return left + " >= " + value(first);
  if (id == LookupId::kLessThan) return left + " < " + value(first);
  if (id == LookupId::kLessThanOrEqual) return left + " <= " + value(last);
  return left + " BETWEEN " + value(first) + " AND " + value(last);
}

}  // namespace ormc::sql
