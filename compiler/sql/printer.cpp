#include "compiler/sql/printer.h"

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/versions.h"
#include "compiler/sql/select.h"
#include "compiler/values/error.h"

namespace ormc::sql {

using plan::Connector;
using plan::Expr;
using plan::ExprPtr;
using plan::FieldKind;
using plan::Op;

Fragment Printer::Print(const ExprPtr& expr) {
  const Shows within(statement_, statement_.shows && Carries(*expr));
  return statement_.Shared(PrintNode(expr));
}

Fragment Printer::OperandOf(const plan::Operand& operand) {
  program::Parameter parameter;
  if (operand.runtime) {
    parameter.value = operand.runtime;
    parameter.steps = operand.steps;
  } else {
    ormc::Value constant = operand.steps.empty()
                               ? operand.constant
                               : plan::Settled(statement_.context(), operand, Span{}).constant;
    parameter.value = program::Make(Span{}, program::Constant{std::move(constant)});
  }
  parameter.type = operand.type;
  return statement_.Parameter(std::move(parameter));
}

Fragment Printer::Constant(ormc::Value value, program::ParameterType type) {
  plan::Operand operand = plan::Constant(std::move(value));
  operand.type = type;
  return OperandOf(operand);
}

Fragment Printer::Unit(const std::string& unit) {
  return Constant(ormc::Value::Str(unit), program::ParameterType::kText);
}

Fragment Printer::PrintNode(const ExprPtr& expr) {
  switch (expr->op) {
    case Op::kColumn:
      statement_.Read(*expr->field);
      return statement_.Column(expr->alias, *expr->field);
    case Op::kReference:
      return ReferenceTo(*expr);
    case Op::kValue:
      return Value(*expr);
    case Op::kDirect:
      return OperandOf(expr->operand);
    case Op::kStar:
      return "*";
    case Op::kFunction:
      return Call(*expr);
    case Op::kArithmetic: {
      const std::vector<Fragment> sides = {Print(expr->args[0]), Print(expr->args[1])};
      if (expr->name == "-" && expr->zone == "DateField") {
        return Fill("(interval '1 day' * ({0} - {1}))", sides);
      }
      return Fragment("(") + sides[0] + Fragment(" " + expr->name + " ") + sides[1] + ")";
    }
    case Op::kAggregate:
      return Aggregate(*expr);
    case Op::kCase:
      return Case(*expr);
    case Op::kWhen:  // Case() prints its own
      Reject(Kind::DatabaseRefuses, expr->span, std::string("`When` outside of `Case`"));
    case Op::kSubquery:
      return Fragment(expr->name + "(") + SelectSql(statement_, *expr->query) + ")";
    case Op::kExists: {
      const auto query = expr->query->Exists();
      query->subquery = true;
      try {
        return Fragment("EXISTS(") + SelectSql(statement_, *query) + ")";
      } catch (const EmptyResult&) {
        return "FALSE";
      }
    }
    case Op::kNot:
      try {
        return Fragment(Planted("exists-negation") ? "" : "NOT ") + Print(expr->args[0]);
      } catch (const EmptyResult&) {
        return "TRUE";
      }
    case Op::kWrapper:
      return Print(expr->args[0]);
    case Op::kOrderBy: {
      Fragment out = Print(expr->args[0]) + (expr->descending ? " DESC" : " ASC");
      if (expr->nulls_first) out += " NULLS FIRST";
      if (expr->nulls_last) out += " NULLS LAST";
      return out;
    }
    case Op::kLookup:
      return Lookup(*expr);
    case Op::kWhere:
      return Where(*expr);
    case Op::kNothing:
      throw EmptyResult{};
    case Op::kWindow:
      return Window(*expr);
    case Op::kOuterColumn:
    case Op::kOuterName:
      Reject(Kind::BadValue, expr->span,
             std::string("this queryset contains a reference to an outer query and may only be "
                         "used in a subquery"));
    case Op::kName:
    case Op::kCondition:
    case Op::kItem:
      throw InternalError("an unresolved expression reached the printer");
    case Op::kDirectList: {
      Check(plan::IsTuple(*expr), "a list of values reached the printer");
      std::vector<Fragment> parts;
      for (const ExprPtr& part : expr->args) {
        parts.push_back(part->op == Op::kDirect ? OperandOf(part->operand) : Print(part));
      }
      return Fragment("(") + Joined(parts, ", ") + ")";
    }
  }
  throw InternalError("an unknown expression");
}

Fragment Printer::Condition(const ExprPtr& where) {
  const Shows decides(statement_, false);
  return Print(where);
}

Fragment Printer::ReferenceTo(const Expr& reference) {
  for (const Reference& known : references_) {
    if (known.name != reference.name) continue;
    if (!Planted("masked-wrapped")) statement_.Read(known.reads);
    return known.sql;
  }
  return Print(reference.args[0]);
}

Fragment Printer::Where(const Expr& where) {
  if (where.connector == Connector::kXor && where.args.size() > 1 && !Planted("xor-as-or")) {
    // a XOR b XOR c: some of them, and an odd number of them.
    std::vector<Fragment> any;
    std::vector<Fragment> sum;
    for (const ExprPtr& child : where.args) {
      Fragment sql;
      try {
        sql = Print(child);
      } catch (const EmptyResult&) {
        sql = "FALSE";
      } catch (const FullResult&) {
        sql = "TRUE";
      }
      any.push_back(sql);
      sum.push_back(Fragment("CASE WHEN ") + sql + " THEN 1 ELSE 0 END");
    }
    Fragment odd = Fragment("(") + Joined(sum, " + ") + ")";
    const bool parity = !plan::IsBefore(statement_.context(), catalog::Change::kXorParity);
    if (where.args.size() > 2 && parity) odd = Fragment("MOD(") + odd + ", 2)";
    const Fragment both = Fragment("((") + Joined(any, " OR ") + ") AND 1 = " + odd + ")";
    return where.negated ? Fragment("NOT ") + both : both;
  }
  size_t full_needed = where.connector == Connector::kAnd ? where.args.size() : 1;
  size_t empty_needed = where.connector == Connector::kAnd ? 1 : where.args.size();
  std::vector<Fragment> parts;
  const auto all = [&]() -> Fragment {
    if (where.negated) throw EmptyResult{};
    throw FullResult{};
  };
  const auto none = [&]() -> Fragment {
    if (where.negated) throw FullResult{};
    throw EmptyResult{};
  };
  for (const ExprPtr& child : where.args) {
    try {
      parts.push_back(Print(child));
    } catch (const EmptyResult&) {
      --empty_needed;
    } catch (const FullResult&) {
      --full_needed;
    }
    if (empty_needed == 0) return none();
    if (full_needed == 0) return all();
  }
  if (parts.empty()) throw FullResult{};
  Fragment out = Joined(parts, where.connector == Connector::kAnd ? " AND " : " OR ");
  if (where.negated) return Fragment("NOT (") + out + ")";
  return parts.size() > 1 ? Fragment("(") + out + ")" : out;
}

Fragment Printer::Value(const Expr& value) {
  plan::Operand operand = value.operand;
  if (value.output && operand.steps.empty()) {
    operand = plan::PreparedFor(statement_.context(), *value.output, operand, value.span);
  }
  if (value.output && HasPlaceholder(*value.output)) {
    return OperandOf(operand) + Fragment("::" + plan::CastDbType(*value.output));
  }
  if (!operand.runtime && operand.constant.is_none() && operand.steps.empty()) return "NULL";
  return OperandOf(operand);
}

Fragment Printer::Aggregate(const Expr& aggregate) {
  const NoWindows guard(statement_,
                        "aggregate function calls cannot contain window function calls");
  std::string name(aggregate.aggregate->sql);
  if (aggregate.sample) name.replace(name.size() - 3, 3, "SAMP");
  Fragment out(name + (aggregate.distinct ? "(DISTINCT " : "("));
  std::vector<Fragment> sources;
  std::vector<Fragment> order;
  for (const ExprPtr& arg : aggregate.args) {
    if (arg->op == Op::kOrderBy) {
      order.push_back(Print(arg));
    } else {
      sources.push_back(Argument(arg));
    }
  }
  out += Joined(sources, ", ");
  if (!order.empty()) out += Fragment(" ORDER BY ") + Joined(order, ", ");
  out += ")";
  if (Planted("sum-empty") && name == "SUM") return Fragment("COALESCE(") + out + ", 0)";
  if (!aggregate.filter) return out;
  try {
    const Fragment condition = Condition(aggregate.filter);
    return out + " FILTER (WHERE " + condition + ")";
  } catch (const FullResult&) {
    return out;
  }
}

Fragment Printer::Case(const Expr& node) {
  Fragment otherwise;
  bool decided = false;
  std::vector<Fragment> whens;
  for (size_t i = 0; i + 1 < node.args.size() && !decided; ++i) {
    const Expr& when = *node.args[i];
    try {
      const Fragment condition = Condition(when.args[0]);
      whens.push_back(Fragment("WHEN ") + condition + " THEN " + Print(when.args[1]));
    } catch (const EmptyResult&) {
      continue;
    } catch (const FullResult&) {
      otherwise = Print(when.args[1]);
      decided = true;
    }
  }
  if (!decided) otherwise = Print(node.args.back());
  if (whens.empty()) return otherwise;
  Fragment out = Fragment("CASE ") + Joined(whens, " ") + " ELSE " + otherwise + " END";
  // Branches that are all values would be text to PostgreSQL.
  if (node.output &&
      (node.output->kind == FieldKind::kGenericIPAddressField ||
       node.output->kind == FieldKind::kTimeField || node.output->kind == FieldKind::kUUIDField)) {
    return Fragment("CAST(") + out + Fragment(" AS " + plan::CastDbType(*node.output) + ")");
  }
  return out;
}

}  // namespace ormc::sql
