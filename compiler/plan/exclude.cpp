#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"
#include "compiler/plan/slices.h"

// A negated condition across a relation with many rows: no row of theirs may meet it.
namespace ormc::plan {

using manifest::Field;
using manifest::Model;

namespace {

// Of the joins that were trimmed away only the first table is held, by a reference from further within.
bool HangsOnTrimmed(const Query& query) {
  return std::ranges::any_of(query.tables, [&](const TableAlias& table) {
    const bool joined = table.references > 0 && table.type != JoinType::kBase;
    return joined && query.FindTable(table.parent)->references == 0;
  });
}

// The column that is called as the key is, in a table whose alias has the name alone in common with the
// key's: Django takes the one for the other.
const Field& ColumnOfAlias(const PlanContext& context, const Model& model, const Field& key,
                           Span span) {
  const auto& fields = Concrete(model).fields;
  const auto named = std::ranges::find_if(fields, [&](const Field& field) {
    return field.model != nullptr && Concrete(*field.model).table == Concrete(model).table &&
           field.column == key.column;
  });
  const bool known = named != fields.end() && (&*named == &key || context.scope->Sees(*named));
  if (!known || TypeOf(*named).kind != TypeOf(key).kind) {
    Reject(Kind::NotSupported, span,
           std::string("a negated condition across a relation that the condition before it joins"),
           std::string("write `~Exists(...)` of the related rows"));
  }
  return *named;
}

}  // namespace

Query::Clause Query::SplitExclude(const ExprPtr& item, AliasSet* reuse, const NamedHops& names) {
  auto inner = std::make_shared<Query>(*context, *model);
  inner->filtered_relations = filtered_relations;
  if (IsSlice(*item->args[0])) {
    // Django takes the slice off here.
    Reject(Kind::NotSupported, item->span,
           std::string("a slice within a negated condition across a relation with many rows"),
           std::string("annotate it with `Substr(...)` first"));
  }
  Expr shifted = *item;
  if (item->args[0]->op == Op::kOuterName) {
    Expr outer;
    outer.op = Op::kOuterName;
    outer.span = item->span;
    outer.args = {item->args[0]};
    shifted.args = {Finish(std::move(outer))};
  } else if (item->args[0]->op == Op::kName) {
    Expr outer = *item->args[0];
    outer.op = Op::kOuterName;
    shifted.args = {Finish(std::move(outer))};
  }
  Expr condition;
  condition.op = Op::kCondition;
  condition.span = item->span;
  condition.args = {Finish(std::move(shifted))};
  inner->AddCondition(Finish(std::move(condition)));
  inner->ClearOrdering(true);
  const auto [prefix, contains_outer] = inner->TrimStart(names);
  if (HangsOnTrimmed(*inner)) {
    // What stands before the relation is trimmed away, and the sub-query reads the first of it.
    Reject(Kind::NotSupported, item->span,
           std::string("a sub-query that refers to this row within a negated condition across "
                       "several relations"),
           std::string("write `~Exists(...)` of the related rows"));
  }
  const ExprPtr column = inner->select[0];
  const Field& target = *column->field;
  const std::string name = inner->Table(column->alias).django_name;
  // Django compares alias names: the relation is already joined in this very filter().
  const TableAlias* joined = nullptr;
  for (const TableAlias& table : tables) {
    if (reuse != nullptr && reuse->contains(table.id) && table.django_name == name) {
      joined = &table;
    }
  }
  const auto equal = [&](const ExprPtr& left, const ExprPtr& right) {
    Expr test;
    test.op = Op::kLookup;
    test.span = item->span;
    test.lookup = &catalog::LookupOf(catalog::LookupId::kExact);
    test.args = {left, right};
    return Finish(std::move(test));
  };
  ExprPtr link;
  if (joined != nullptr) {
    const Model& holder = *inner->Table(column->alias).model;
    if (holder.PrimaryKey() == nullptr) {
      Reject(Kind::BadValue, item->span,
             std::string("CompositePrimaryKey cannot be used as a lookup value."));
    }
    const Field& key = *holder.PrimaryKey();
    const Field& named = ColumnOfAlias(*context, *joined->model, key, item->span);
    link = equal(MakeColumn(column->alias, key, TypeOf(key)),
                 MakeColumn(joined->id, named, TypeOf(named)));
  } else {
    Expr outer;
    outer.op = Op::kOuterColumn;
    outer.span = item->span;
    outer.name = prefix;
    link = equal(MakeColumn(column->alias, target, TargetType(TypeOf(target))),
                 Finish(std::move(outer)));
  }
  std::vector<ExprPtr> children = inner->where_root->args;
  children.push_back(link);
  inner->where_root = MakeWhere(Connector::kAnd, false, std::move(children));
  Expr exists;
  exists.op = Op::kExists;
  exists.span = item->span;
  exists.query = inner;
  Clause clause = BuildFilter(Finish(std::move(exists)), reuse, FilterOptions{});
  if (contains_outer) {
    Expr absent;
    absent.op = Op::kItem;
    absent.span = item->span;
    absent.name = prefix + "__isnull";
    absent.args = {MakeDirect(item->span, Constant(Value::Bool(true)))};
    FilterOptions negated;
    negated.current_negated = true;
    negated.branch_negated = true;
    const Clause or_absent = BuildFilter(Finish(std::move(absent)), reuse, negated);
    clause.where =
        MakeWhere(Connector::kOr, false, {clause.where->args[0], or_absent.where->args[0]});
  }
  return clause;
}

std::pair<std::string, bool> Query::TrimStart(const NamedHops& names) {
  std::vector<Hop> hops;
  for (const auto& [name, part] : names) hops.insert(hops.end(), part.begin(), part.end());
  std::vector<AliasId> lookup_tables;
  for (size_t i = 0; i < tables.size(); ++i) {
    const bool in_lookup =
        std::find(lookup_joins.begin(), lookup_joins.end(), tables[i].id) != lookup_joins.end();
    if (in_lookup || i == 0) lookup_tables.push_back(tables[i].id);
  }
  bool contains_outer = false;
  size_t trimmed = 0;
  for (; trimmed < hops.size() && !hops[trimmed].multi_valued; ++trimmed) {
    if (Table(lookup_tables[trimmed + 1]).type == JoinType::kLeft) contains_outer = true;
    --Table(lookup_tables[trimmed]).references;
  }
  Check(trimmed < hops.size(), "no multi-valued hop to start at");
  const Hop& first = hops[trimmed];
  std::vector<std::string> prefix;
  size_t left = trimmed;
  for (const auto& [name, part] : names) {
    if (left < part.size()) break;
    prefix.push_back(name);
    left -= part.size();
  }
  prefix.push_back(first.columns[0].first->name);
  const TableAlias& join = Table(lookup_tables[trimmed + 1]);
  AliasId alias = 0;
  std::vector<ExprPtr> columns;
  const bool trims_first = join.type != JoinType::kLeft && !join.filtered;
  if (trims_first) {
    alias = join.id;
    for (const auto& [from, to] : first.columns) {
      columns.push_back(MakeColumn(alias, *to, TargetType(TypeOf(*to))));
    }
    // The first hop itself is not needed: its columns are compared from outside.
    TableAlias& base = Table(lookup_tables[trimmed]);
    --base.references;
  } else {
    alias = lookup_tables[trimmed];
    for (const auto& [from, to] : first.columns) {
      columns.push_back(MakeColumn(alias, *from, TargetType(TypeOf(*from))));
    }
  }
  const auto base = std::find_if(tables.begin(), tables.end(),
                                 [](const TableAlias& table) { return table.references > 0; });
  Check(base != tables.end(), "a sub-query of an exclusion without a table");
  base->type = JoinType::kBase;
  base->filtered.reset();
  base->filtered_condition.reset();
  // What a trimmed join said of content types still holds.
  if (!trims_first) base->content_type_of = nullptr;
  SetSelect(std::move(columns));
  return {JoinPath(prefix), contains_outer};
}

}  // namespace ormc::plan
