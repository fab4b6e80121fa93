#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/versions.h"
#include "compiler/sql/builder.h"

namespace ormc::sql {

using manifest::Model;
using plan::Expr;
using plan::ExprPtr;
using plan::Op;

namespace {

// The names within, seen through a relation.
ExprPtr Prefixed(const ExprPtr& expr, const std::string& prefix) {
  if (prefix.empty()) return expr;
  return plan::Rewrite(expr, [&](const ExprPtr& part) -> ExprPtr {
    if (part->op != Op::kName) return nullptr;
    return plan::MakeName(part->span, prefix + "__" + part->name);
  });
}

}  // namespace

ExprPtr Ordered(const ExprPtr& expr, bool descending) {
  Expr order;
  order.op = Op::kOrderBy;
  order.span = expr->span;
  order.descending = descending;
  order.args = {expr};
  return plan::Finish(std::move(order));
}

ExprPtr Reversed(const ExprPtr& order_by) {
  Expr copy = *order_by;
  copy.descending = !copy.descending;
  if (!Planted("reverse-nulls")) std::swap(copy.nulls_first, copy.nulls_last);
  return plan::Finish(std::move(copy));
}

std::optional<size_t> SelectBuilder::SelectedColumn(const ExprPtr& expr,
                                                    const std::string& name) const {
  for (size_t i = columns_.size(); i-- > 0;) {
    if (!name.empty() && columns_[i].aliased && columns_[i].name == name) return i;
    if (expr && plan::Same(columns_[i].expr, expr)) return i;
  }
  return std::nullopt;
}

void SelectBuilder::AddOrderBy(ExprPtr order_by, std::optional<size_t> column) {
  if (!column) {
    order_by = query_->Resolve(order_by, true, nullptr, false);
    if (plan::IsTuple(*order_by->args[0])) {
      if (query_->distinct && query_->distinct_fields.empty()) RejectCutTuples(order_by->span);
      // Each part in the same direction.
      for (const ExprPtr& part : order_by->args[0]->args) {
        Expr copy = *order_by;
        copy.args = {part};
        AddOrderBy(plan::Finish(std::move(copy)), std::nullopt);
      }
      return;
    }
  }
  if (column &&
      std::any_of(columns_.begin(), columns_.begin() + static_cast<std::ptrdiff_t>(*column),
                  [](const Column& before) { return before.parts > 0; })) {
    // Django counts a composite key as one place, PostgreSQL its columns.
    Reject(Kind::NotSupported, order_by->span,
           std::string("ordering by a column that is selected behind a composite key"),
           std::string("select the key last"));
  }
  Ordering ordering;
  ordering.is_reference = column.has_value();
  if (column) {
    if (!Planted("masked-order-place")) statement_.Read(columns_[*column].reads);
    Expr copy = *order_by;
    copy.args = {columns_[*column].expr};
    ordering.expr = plan::Finish(std::move(copy));
    ordering.sql = std::to_string(*column + 1);
  } else {
    ordering.expr = order_by;
    ordering.sql = PrintColumn(ordering.expr->args[0]);
    // ORDER BY a constant would be a place in the list.
    if (ordering.expr->args[0]->op == Op::kValue) {
      ordering.sql = Fragment("(") + ordering.sql +
                     ")::" + Fragment(plan::CastDbType(plan::OutputOf(ordering.expr->args[0])));
    }
  }
  const bool known = std::any_of(order_by_.begin(), order_by_.end(), [&](const Ordering& other) {
    return Same(other.sql, ordering.sql);
  });
  if (!known) order_by_.push_back(std::move(ordering));
}

void SelectBuilder::AddOrderItem(const ExprPtr& item, const std::string& prefix, bool reversed,
                                 const Model& model, std::optional<plan::AliasId> alias,
                                 OrderingPaths& seen, bool by_site) {
  if (item->op == Op::kName) {
    const bool descending = item->descending != reversed;
    if (prefix.empty() && !alias) {
      const bool known = !plan::IsBefore(*query_->context, catalog::Change::kOrderByValues) ||
                         query_->FindAnnotation(item->name) != nullptr;
      if (const auto column = known ? SelectedColumn(nullptr, item->name) : std::nullopt) {
        AddOrderBy(Ordered(item, descending), column);
        return;
      }
      const std::vector<std::string> names = plan::SplitPath(item->name);
      const ExprPtr* annotation = query_->FindAnnotation(item->name);
      ExprPtr expr = annotation != nullptr ? *annotation : nullptr;
      if (!expr && query_->FindAnnotation(names[0]) != nullptr) {
        expr = *query_->FindAnnotation(names[0]);
        for (size_t i = 1; i < names.size(); ++i)
          expr = query_->Transform(expr, names[i], item->span);
      }
      if (expr) {
        AddOrderBy(Ordered(expr, descending), std::nullopt);
        return;
      }
    }
    try {
      AddOrderName(item->name, prefix, descending, model, alias, seen);
    } catch (const Rejection& rejection) {
      const Kind kind = rejection.diagnostic().kind;
      if (!by_site || (kind != Kind::UnknownField && kind != Kind::JoinAfterField)) throw;
      Reject(Kind::ImpliedHidden, item->span, model.name);
    }
    return;
  }
  ExprPtr order_by = item->op == Op::kOrderBy ? item : Ordered(item, false);
  if (reversed) order_by = Reversed(order_by);
  order_by = Prefixed(order_by, prefix);
  const ExprPtr& source = order_by->args[0];
  std::optional<size_t> column;
  if (source->op == Op::kName) {
    column = SelectedColumn(nullptr, source->name);
  } else {
    column = SelectedColumn(source, "");
  }
  AddOrderBy(order_by, column);
}

// A relation's name brings the ordering of its model; its key and its attname do not.
void SelectBuilder::AddOrderName(const std::string& name, const std::string& prefix,
                                 bool descending, const Model& model,
                                 std::optional<plan::AliasId> alias, OrderingPaths& seen) {
  const std::vector<std::string> names = plan::SplitPath(name);
  const plan::AliasId start = alias ? *alias : query_->InitialAlias();
  plan::JoinInfo info = query_->SetupJoins(names, start, nullptr, true, Span{}, &model);
  const Model* end = info.end.model;
  const bool is_attname = info.end.relation && info.end.final_field != nullptr &&
                          !info.end.reverse && info.end.final_field->attname == names.back();
  if (info.end.relation && !end->ordering.empty() && !is_attname && name != "pk" &&
      info.transforms.empty()) {
    OrderingPaths::value_type path;
    for (const plan::AliasId join : info.joins) path.push_back(query_->Table(join).columns);
    if (!seen.insert(std::move(path)).second) Reject(Kind::OrderingLoop, Span{});
    // From the query's own model on.
    const std::string path_here = prefix.empty() ? name : prefix + "__" + name;
    for (const ExprPtr& item : query_->context->ordering_of(*end)) {
      if (item->op == Op::kName) {
        AddOrderItem(item, path_here, descending, *end, info.joins.back(), seen, true);
      } else {
        // Django keeps the direction of a related model's expressions as it was written.
        AddOrderItem(item, path_here, false, model, alias, seen, true);
      }
    }
    return;
  }
  const manifest::Field* unseen = info.end.relation ? nullptr : info.end.final_field;
  if (unseen != nullptr && unseen->relation && unseen->relation->to != nullptr &&
      !unseen->relation->to->ordering.empty() && unseen->attname != names.back()) {
    // Django would order by what that model is ordered by.
    Reject(Kind::NotSupported, Span{}, "ordering by the relation `" + unseen->name + "`",
           "order by `" + unseen->attname + "`");
  }
  if (info.end.composite && query_->distinct && query_->distinct_fields.empty()) {
    RejectCutTuples(Span{});
  }
  const plan::Query::Trimmed trimmed = query_->TrimJoins(info);
  for (const manifest::Field* target : trimmed.targets) {
    ExprPtr column =
        plan::MakeColumn(trimmed.alias, *target, plan::TargetType(plan::TypeOf(*target)));
    for (const std::string& transform : info.transforms) {
      column = query_->Transform(column, transform, Span{});
    }
    AddOrderBy(Ordered(column, descending), std::nullopt);
  }
}

// DISTINCT selects what it is ordered by, too, and Django cuts the row again: within a key.
void SelectBuilder::RejectCutTuples(Span span) const {
  for (const Column& column : columns_) {
    if (column.parts == 0) continue;
    Reject(Kind::NotSupported, span,
           std::string("a distinct composite key that is ordered by what is not selected"),
           std::string("select the fields of the key"));
  }
}

std::vector<ExprPtr> SelectBuilder::ordering() const {
  std::vector<ExprPtr> out;
  for (const Ordering& ordering : order_by_) out.push_back(ordering.expr);
  return out;
}

void SelectBuilder::SetupOrdering() {
  const plan::Query& query = *query_;
  std::vector<ExprPtr> items = query.order_by;
  if (items.empty() && query.default_ordering && !query.wrapped) {
    items = query.context->ordering_of(*query.model);
    ordered_by_site_ = !items.empty();
  }
  const bool by_site = ordered_by_site_;
  for (const ExprPtr& item : items) {
    OrderingPaths seen;
    if (query.combinator != plan::Combinator::kNone) {
      AddCombinedOrder(item);
      continue;
    }
    AddOrderItem(item, "", !query.standard_ordering, *query.model, std::nullopt, seen, by_site);
  }
}

}  // namespace ormc::sql
