#include "compiler/base/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sql/builder.h"

namespace ormc::sql {

using plan::Combinator;
using plan::ExprPtr;
using plan::Op;
using plan::Query;

Fragment SelectBuilder::CombinedSql() {
  std::vector<Fragment> parts;
  const Query* empty_part = nullptr;
  bool first_is_ordered = false;
  for (const std::shared_ptr<Query>& combined : query_->combined) {
    auto part = combined->Clone();
    if (query_->selected && !part->selected) {
      std::vector<std::string> names;
      for (const auto& [name, what] : *query_->selected) names.push_back(name);
      part->SetValues(names, query_->distinct_span);
    }
    try {
      SelectBuilder builder(statement_, *part);
      parts.push_back(Fragment("(") + builder.Build(true, true, nullptr) + ")");
      if (parts.size() == 1) {
        first_is_ordered = !builder.ordering().empty();
        for (size_t i = 0; i < columns_.size() && i < builder.columns().size(); ++i) {
          columns_[i].label = builder.columns()[i].label;
        }
      }
    } catch (const EmptyResult&) {
      const bool skipped = query_->combinator == Combinator::kUnion ||
                           (query_->combinator == Combinator::kDifference && !parts.empty());
      if (!skipped) throw;
      empty_part = combined.get();
    }
  }
  if (parts.empty()) throw EmptyResult{};
  if (parts.size() == 1 && query_->combinator == Combinator::kUnion && query_->IsSliced() &&
      empty_part != nullptr) {
    SelectBuilder builder(statement_, *empty_part, false);
    parts.push_back(Fragment("(") + builder.Build(true, true, nullptr) + ")");
  }
  if (parts.size() == 1 && first_is_ordered && !order_by_.empty()) {
    Reject(Kind::DatabaseRefuses, query_->distinct_span,
           std::string("two orders of the only part of a combined queryset that may have rows"));
  }
  const char* word = "";
  switch (query_->combinator) {
    case Combinator::kUnion:
      word = query_->combine_all ? " UNION ALL " : " UNION ";
      break;
    case Combinator::kIntersection:
      word = " INTERSECT ";
      break;
    case Combinator::kDifference:
      word = " EXCEPT ";
      break;
    case Combinator::kNone:
      throw InternalError("no combinator");
  }
  return Joined(parts, word);
}

// What a combined query is ordered by must be among its columns (SQLCompiler.get_order_by()).
void SelectBuilder::AddCombinedOrder(const ExprPtr& item) {
  Query& query = *query_;
  const bool named = item->op == Op::kName;
  ExprPtr order = item->op == Op::kOrderBy ? item : Ordered(item, named && item->descending);
  if (!query.standard_ordering) order = Reversed(order);
  const ExprPtr source = order->args[0];
  const std::string name = source->op == Op::kName ? source->name : std::string();
  std::optional<size_t> place = SelectedColumn(nullptr, name);
  if (!place) {
    const std::vector<std::string> names = plan::SplitPath(name);
    if (named && names.size() > 1 && query.FindAnnotation(names[0]) != nullptr) {
      Reject(Kind::DjangoNotImplemented, item->span,
             std::string("ordering combined queries by transforms is not implemented"));
    }
    const ExprPtr resolved = query.Resolve(source, true, nullptr, false);
    for (size_t i = 0; i < columns_.size() && !place; ++i) {
      // An annotation that values() selects is known by its name alone.
      const bool by_name =
          query.selected && columns_[i].aliased && query.IsSelected(columns_[i].name);
      if (!by_name && plan::Same(columns_[i].expr, resolved)) place = i;
    }
  }
  if (!place) place = AddOrderColumn(source);
  AddOrderBy(order, place);
}

// Each part gets the column too, and is different by it.
size_t SelectBuilder::AddOrderColumn(const ExprPtr& source) {
  Query& query = *query_;
  for (const std::shared_ptr<Query>& part : query.combined) {
    if (part->selected) Reject(Kind::OrderNotSelected, source->span);
  }
  if (!query.selected) {
    // Django fails on it with a TypeError of its own.
    Reject(Kind::NotSupported, source->span,
           std::string("ordering a combined queryset by what it does not select"),
           std::string("order by a selected column"));
  }
  const std::string name = "_order" + std::to_string(query.select.size() + 1);
  for (std::shared_ptr<Query>& part : query.combined) {
    part = part->Clone();
    part->PutAnnotation(name, part->Resolve(source, true, nullptr, false), true);
  }
  const ExprPtr resolved = query.Resolve(source, true, nullptr, false);
  query.selected->emplace_back(name, query.select.size());
  query.select.push_back(resolved);
  query.values_select.push_back(name);
  AddColumn(resolved, name, true);
  columns_.back().order_only = true;
  return columns_.size() - 1;
}

}  // namespace ormc::sql
