#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sql/builder.h"

namespace ormc::sql {

using plan::ExprPtr;
using plan::Op;

namespace {

// Expressions that the query around the windows reads from the query within.
class Outside {
 public:
  Outside(const std::vector<SelectBuilder::Column>& selected, plan::Query& inner)
      : selected_(selected), inner_(inner) {}

  // `expr` as the query around sees it.
  ExprPtr Placed(const ExprPtr& expr) {
    switch (expr->op) {
      case Op::kWhere:
      case Op::kLookup:
      case Op::kDirectList: {
        if (expr->op == Op::kLookup) CheckLookup(*expr);
        std::vector<ExprPtr> sources = plan::Sources(*expr);
        for (ExprPtr& source : sources) source = Placed(source);
        return plan::WithSources(*expr, std::move(sources));
      }
      case Op::kReference:
        return Placed(expr->args[0]);
      case Op::kDirect:
      case Op::kValue:
      case Op::kNothing:
        return expr;
      case Op::kOrderBy:
      case Op::kName:
      case Op::kOuterName:
      case Op::kOuterColumn:
      case Op::kCondition:
      case Op::kItem:
      case Op::kStar:
      case Op::kFunction:
      case Op::kArithmetic:
      case Op::kAggregate:
      case Op::kCase:
      case Op::kWhen:
      case Op::kSubquery:
      case Op::kExists:
      case Op::kNot:
      case Op::kWrapper:
      case Op::kWindow:
      case Op::kColumn:
        return Read(expr);
    }
    throw InternalError("an unknown expression");
  }

  size_t added() const { return added_; }

  // Their names without, once the labels within are known.
  ReferenceNames Names(const std::vector<SelectBuilder::Column>& columns) const {
    ReferenceNames names;
    for (const auto& [expr, name] : read_) {
      // What was selected is found by its expression, what was added by its name.
      const auto column =
          std::find_if(columns.begin(), columns.end(), [&](const SelectBuilder::Column& other) {
            return other.name == name || plan::Same(other.expr, expr);
          });
      Check(column != columns.end(), "a column of the inner query is missing");
      names.push_back({name, "q." + column->label, column->reads});
    }
    return names;
  }

 private:
  // What Django cannot compile around a window.
  static void CheckLookup(const plan::Expr& test) {
    const ExprPtr& left = test.args[0];
    const ExprPtr& right = test.args[1];
    if (left->op == Op::kFunction && right->op == Op::kDirect &&
        (left->function->lookup_name == "year" || left->function->lookup_name == "iso_year")) {
      Reject(Kind::NotSupported, test.span, std::string("a year of a window function here"),
             std::string("annotate `ExtractYear(...)` and compare with `F(...)`"));
    }
    if (test.lookup->kind == catalog::LookupKind::kList && right->op == Op::kSubquery) {
      Reject(Kind::DatabaseRefuses, test.span,
             std::string("`in` with a sub-query beside a window function"));
    }
  }

  ExprPtr Read(const ExprPtr& expr) {
    for (const auto& [known, name] : read_) {
      if (plan::Same(known, expr)) return plan::MakeReference(name, expr);
    }
    // No name that a snippet may write has a space.
    const std::string name = "read " + std::to_string(read_.size());
    const bool is_selected = std::any_of(
        selected_.begin(), selected_.end(),
        [&](const SelectBuilder::Column& column) { return plan::Same(column.expr, expr); });
    if (!is_selected) {
      inner_.PutAnnotation(name, expr, true);
      ++added_;
    }
    read_.emplace_back(expr, name);
    return plan::MakeReference(name, expr);
  }

  const std::vector<SelectBuilder::Column>& selected_;
  plan::Query& inner_;
  std::vector<std::pair<ExprPtr, std::string>> read_;
  size_t added_ = 0;
};

}  // namespace

// Conditions on window functions belong to a query around the one that has them
// (SQLCompiler.get_qualify_sql()).
Fragment SelectBuilder::QualifySql(const plan::Query::Split& split, const RelatedPaths* related) {
  auto inner = query_->Clone();
  inner->subquery = true;
  std::vector<ExprPtr> within;
  if (split.where) within.push_back(split.where);
  if (split.having) within.push_back(split.having);
  inner->where_root = plan::MakeWhere(plan::Connector::kAnd, false, std::move(within));
  Outside outside(columns_, *inner);
  const ExprPtr condition = outside.Placed(split.qualify);
  std::vector<ExprPtr> orderings;
  for (const Ordering& ordering : order_by_) {
    orderings.push_back(outside.Placed(ordering.expr->args[0]));
  }
  SelectBuilder builder = [&] {
    const Shows shown(statement_, shows_);
    return SelectBuilder(statement_, *inner, elide_empty_);
  }();
  const Fragment inner_sql = builder.Build(false, true, related);
  references_ = outside.Names(builder.columns());
  Printer printer(statement_, references_);
  for (size_t i = 0; i < order_by_.size(); ++i) {
    if (!order_by_[i].is_reference) order_by_[i].sql = printer.Print(orderings[i]);
  }
  // The added columns come before those of related rows.
  const size_t first_related = related_.empty() ? columns_.size() : related_[0].first;
  std::vector<Fragment> list;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const size_t place = i < first_related ? i : i + outside.added();
    const std::string& label = columns_[i].label;
    list.emplace_back("q." + builder.columns().at(place).label +
                      (label.empty() ? "" : " AS " + label));
  }
  const Fragment out = Fragment("SELECT ") + Joined(list, ", ") + " FROM (" + inner_sql + ") q";
  try {
    return out + " WHERE " + printer.Condition(condition);
  } catch (const FullResult&) {
    Reject(Kind::NotSupported, split.qualify->span,
           std::string("a condition on a window function that every row meets"),
           std::string("leave it out"));
  }
}

}  // namespace ormc::sql
