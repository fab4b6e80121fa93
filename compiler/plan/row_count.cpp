#include <algorithm>

#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

// Does a name of the order lead to many rows, or to a model that has an order of its own?
bool LeadsToMany(const Query& query, const std::string& path, Span span) {
  if (path == "?") return false;
  const std::vector<std::string> names = SplitPath(path);
  if (query.FindAnnotation(names[0]) != nullptr) return false;
  const PathEnd end = query.NamesToPath(names, query.model, true, false, span);
  const bool to_rows =
      end.relation && end.final_field != nullptr && end.final_field->attname != names.back();
  return to_rows || std::ranges::any_of(end.hops, [](const Hop& hop) { return hop.multi_valued; });
}

bool NamesMany(const Query& query, const ExprPtr& item) {
  if (item->op == Op::kName) return LeadsToMany(query, item->name, item->span);
  return std::ranges::any_of(Sources(*item),
                             [&](const ExprPtr& source) { return NamesMany(query, source); });
}

// Of several columns, by which count() cannot group (aggregation.cpp).
bool GroupsByKey(const Query& query) {
  return (query.default_cols && query.model->primary_key.size() > 1) ||
         std::ranges::any_of(query.group_by, [](const ExprPtr& key) {
           return IsTuple(key->op == Op::kReference ? *key->args[0] : *key);
         });
}

}  // namespace

bool Query::OrderMultiplies() const {
  if (grouping != Grouping::kNone && GroupsByKey(*this)) return true;
  std::vector<ExprPtr> items = order_by;
  // Meta.ordering is dropped where rows are grouped.
  if (items.empty() && default_ordering && grouping != Grouping::kList) {
    items = context->ordering_of(*model);
  }
  if (items.empty()) return false;
  return distinct || grouping != Grouping::kNone || combinator != Combinator::kNone ||
         std::ranges::any_of(items, [&](const ExprPtr& item) { return NamesMany(*this, item); });
}

}  // namespace ormc::plan
