#include <algorithm>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/checks.h"
#include "compiler/plan/query.h"

namespace ormc::plan {

std::shared_ptr<Query> Query::Relabeled() const {
  auto copy = Clone();
  std::map<AliasId, AliasId> names;
  for (TableAlias& table : copy->tables) {
    const AliasId fresh = context->next_alias++;
    names[table.id] = fresh;
    table.id = fresh;
  }
  const auto renamed = [&names](AliasId id) {
    const auto found = names.find(id);
    return found == names.end() ? id : found->second;
  };
  const Replacement relabel = [&](const ExprPtr& expr) -> ExprPtr {
    if (expr->op == Op::kColumn && names.contains(expr->alias)) {
      Expr column = *expr;
      column.alias = renamed(expr->alias);
      return Finish(std::move(column));
    }
    if (expr->query) {
      // Columns of this query that a sub-query uses.
      auto inner = expr->query->Clone();
      bool used = false;
      for (const ExprPtr& column : inner->ExternalColumns()) used |= names.contains(column->alias);
      if (!used) return nullptr;
      inner->RewriteAll([&](const ExprPtr& part) -> ExprPtr {
        if (part->op != Op::kColumn || !names.contains(part->alias)) return nullptr;
        Expr column = *part;
        column.alias = renamed(part->alias);
        return Finish(std::move(column));
      });
      Expr placed = *expr;
      placed.query = inner;
      return Finish(std::move(placed));
    }
    return nullptr;
  };
  for (TableAlias& table : copy->tables) table.parent = renamed(table.parent);
  // The first part has the tables of the whole: its columns are renamed with them.
  for (std::shared_ptr<Query>& part : copy->combined) part = part->Relabeled();
  copy->RewriteAll(relabel);
  for (AliasId& id : copy->lookup_joins) id = renamed(id);
  return copy;
}

void Query::RewriteAll(const Replacement& replace) {
  const Replacement deep = [&](const ExprPtr& expr) -> ExprPtr {
    if (ExprPtr replaced = replace(expr)) return replaced;
    if (!expr->query) return nullptr;
    auto inner = expr->query->Clone();
    inner->RewriteAll(replace);
    Expr placed = *expr;
    placed.query = inner;
    return Finish(std::move(placed));
  };
  where_root = Rewrite(where_root, deep);
  for (auto& [name, expr] : annotations) expr = Rewrite(expr, deep);
  for (ExprPtr& expr : select) expr = Rewrite(expr, deep);
  for (ExprPtr& expr : group_by) expr = Rewrite(expr, deep);
  for (ExprPtr& expr : order_by) expr = Rewrite(expr, deep);
  for (TableAlias& table : tables) {
    if (table.filtered_condition) {
      table.filtered_condition = Rewrite(table.filtered_condition, deep);
    }
  }
  for (std::shared_ptr<Query>& part : combined) {
    part = part->Clone();
    part->RewriteAll(replace);
  }
}

std::shared_ptr<Query> Query::ResolvedIn(Query& outer, bool allow_joins, AliasSet* reuse,
                                         bool summarize) const {
  // A statement's own sub-queries are counted when it is built (bind/queries.cpp).  This ends the
  // planning of chains that double: q = A.filter(Q(id__in=q) | Q(id__in=q)), and again.
  constexpr size_t kPlacedForEach = 200;
  if (++context->subqueries > context->limits.subqueries * kPlacedForEach) {
    Reject(Kind::LimitExceeded, Span{}, std::to_string(context->limits.subqueries),
           std::string("sub-queries"));
  }
  auto copy = Relabeled();
  copy->subquery = true;
  const Replacement resolve = [&](const ExprPtr& expr) -> ExprPtr {
    if (expr->op == Op::kOuterColumn || expr->op == Op::kOuterName) {
      return outer.Resolve(expr, allow_joins, reuse, summarize);
    }
    if (expr->op == Op::kFunction) {
      // What it is given has a type only now.
      std::vector<ExprPtr> sources = Sources(*expr);
      for (ExprPtr& source : sources) source = Rewrite(source, resolve);
      if (sources == Sources(*expr)) return expr;
      ExprPtr call = WithSources(*expr, std::move(sources));
      if (call->function->shape == catalog::FunctionShape::kExtract) CheckExtract(*call);
      return call;
    }
    if (!expr->query) return nullptr;
    Expr placed = *expr;
    placed.query = expr->query->ResolvedIn(outer, allow_joins, reuse, summarize);
    return Finish(std::move(placed));
  };
  copy->where_root = Rewrite(copy->where_root, resolve);
  for (auto& [name, expr] : copy->annotations) expr = Rewrite(expr, resolve);
  for (ExprPtr& expr : copy->group_by) expr = Rewrite(expr, resolve);
  for (TableAlias& table : copy->tables) {
    if (table.filtered_condition) {
      table.filtered_condition = Rewrite(table.filtered_condition, resolve);
    }
  }
  for (std::shared_ptr<Query>& part : copy->combined) {
    part = part->ResolvedIn(outer, allow_joins, reuse, summarize);
  }
  return copy;
}

void CollectColumns(const ExprPtr& expr, bool resolve_references, bool external,
                    std::vector<ExprPtr>& out) {
  if (expr->op == Op::kColumn) {
    out.push_back(expr);
    return;
  }
  if (external && expr->query) {
    for (const ExprPtr& column : expr->query->ExternalColumns()) out.push_back(column);
    return;
  }
  if (!resolve_references && expr->op == Op::kReference) return;
  for (const ExprPtr& source : Sources(*expr)) {
    CollectColumns(source, resolve_references, external, out);
  }
}

std::vector<ExprPtr> Query::ExternalColumns() const {
  std::vector<ExprPtr> columns;
  for (const auto& [name, expr] : annotations) CollectColumns(expr, true, true, columns);
  CollectColumns(where_root, true, true, columns);
  for (const TableAlias& table : tables) {
    if (table.filtered_condition) CollectColumns(table.filtered_condition, true, true, columns);
  }
  std::erase_if(columns, [this](const ExprPtr& column) { return FindTable(column->alias); });
  for (const std::shared_ptr<Query>& part : combined) {
    for (const ExprPtr& column : part->ExternalColumns()) columns.push_back(column);
  }
  return columns;
}

std::set<std::string> References(const ExprPtr& expr) {
  if (expr->op == Op::kReference) return {expr->name};
  std::set<std::string> names;
  for (const ExprPtr& source : Sources(*expr)) names.merge(References(source));
  return names;
}

}  // namespace ormc::plan
