#include <algorithm>
#include <set>

#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sql/builder.h"

namespace ormc::sql {

using plan::ExprPtr;
using plan::Op;

// Columns that depend on a primary key in the list need not be listed; behind a barrier PostgreSQL
// knows no key.
std::vector<ExprPtr> SelectBuilder::Collapsed(std::vector<ExprPtr> exprs,
                                              const std::vector<ExprPtr>& having) const {
  std::set<plan::AliasId> keyed;
  std::vector<ExprPtr> keys;
  for (const ExprPtr& expr : exprs) {
    const bool is_key = expr->op == Op::kColumn && expr->field->primary_key &&
                        expr->field->model != nullptr && expr->field->model->managed;
    const plan::TableAlias* table = is_key ? query_->FindTable(expr->alias) : nullptr;
    if (!is_key || (table != nullptr && RowsOf(*table) != nullptr)) continue;
    keyed.insert(expr->alias);
    keys.push_back(expr);
  }
  const auto within = [](const ExprPtr& expr, const std::vector<ExprPtr>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const ExprPtr& other) { return plan::Same(expr, other); });
  };
  std::erase_if(exprs, [&](const ExprPtr& expr) {
    return expr->op == Op::kColumn && keyed.contains(expr->alias) && !within(expr, keys) &&
           !within(expr, having);
  });
  return exprs;
}

// Does a composite key stand before this column?
bool SelectBuilder::IsBehindKey(size_t column) const {
  for (size_t i = 0; i < column; ++i) {
    if (columns_[i].parts > 0 && i + columns_[i].parts <= column) return true;
  }
  return false;
}

// Django groups by the places of what is selected under a name of its own, and counts a composite key as
// one place where PostgreSQL has its columns.
void SelectBuilder::RejectPlaces(const plan::Expr& expr) const {
  size_t plain = 0;
  for (const Column& column : columns_) plain += column.expr->contains_aggregate ? 0 : 1;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const bool labelled = !column.label.empty() && !query_->counted_here;
    const bool named = column.aliased || labelled;
    const bool key = labelled && column.parts > 0 && plan::IsTuple(expr) &&
                     plan::Same(*column.expr, *expr.args[0]);
    if (key && column.parts == plain) {
      Reject(Kind::DatabaseRefuses, expr.span,
             std::string("a composite key in groups of which only its first column is one"));
    }
    if (key) {
      Reject(Kind::NotSupported, expr.span,
             std::string("grouping by a composite key within another query"),
             std::string("select its parts one by one"));
    }
    if (named && plan::Same(*column.expr, expr) && IsBehindKey(i)) {
      Reject(Kind::NotSupported, expr.span,
             std::string("grouping by a column that is selected behind a composite key"),
             std::string("select the key last"));
    }
  }
}

std::vector<Fragment> SelectBuilder::GroupBy(const std::vector<ExprPtr>& extra,
                                             const ExprPtr& having) {
  const plan::Query& query = *query_;
  if (query.grouping == plan::Query::Grouping::kNone) return {};
  std::vector<ExprPtr> exprs;
  std::set<std::string> references;
  const auto add = [&](const ExprPtr& expr) {
    for (ExprPtr& column : plan::GroupByColumns(expr)) exprs.push_back(std::move(column));
  };
  if (query.grouping == plan::Query::Grouping::kList) {
    for (const ExprPtr& expr : query.group_by) {
      if (expr->op != Op::kReference) {
        exprs.push_back(expr);
      } else if (references.insert(expr->name).second) {
        exprs.push_back(expr->args[0]);
      }
    }
  }
  for (const Column& column : columns_) {
    if (!column.aliased || !references.contains(column.name)) add(column.expr);
  }
  for (const ExprPtr& expr : extra) add(expr);
  if (!ordered_by_site_ || Planted("groupby-meta-ordering")) {
    for (const Ordering& ordering : order_by_) {
      if (!ordering.is_reference) add(ordering.expr);
    }
  }
  std::vector<ExprPtr> having_columns;
  if (having) having_columns = plan::GroupByColumns(having);
  exprs.insert(exprs.end(), having_columns.begin(), having_columns.end());
  std::vector<Fragment> out;
  const NoWindows guard(statement_, "window functions are not allowed in GROUP BY");
  Printer printer(statement_, references_);
  for (const ExprPtr& expr : Collapsed(std::move(exprs), having_columns)) {
    Fragment sql;
    try {
      sql = printer.Print(expr);
    } catch (const EmptyResult&) {
      continue;
    } catch (const FullResult&) {
      continue;
    }
    RejectPlaces(*expr);
    // A selected expression is named by its place, so that its parameters are the same.
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (expr->op != Op::kColumn && plan::Same(columns_[i].expr, expr)) {
        sql = std::to_string(i + 1);
        break;
      }
    }
    const bool known = std::any_of(out.begin(), out.end(),
                                   [&](const Fragment& other) { return Same(other, sql); });
    if (!known) out.push_back(std::move(sql));
  }
  return out;
}

}  // namespace ormc::sql
