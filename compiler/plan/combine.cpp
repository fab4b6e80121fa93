#include <map>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"

namespace ormc::plan {

void Query::Combine(const Query& other, Connector connector, Span span) {
  const auto refuse = [&](const char* why) { Reject(Kind::CannotCombine, span, std::string(why)); };
  if (model != other.model) refuse("they are of different models");
  if (IsSliced()) refuse("it is sliced");  // the other's slice is not looked at
  if (distinct != other.distinct) refuse("one is distinct");
  if (distinct_fields != other.distinct_fields) refuse("they are distinct on different fields");
  const bool conjunction = connector == Connector::kAnd;
  const AliasId initial = InitialAlias();
  auto right = other.Relabeled();
  const AliasId right_initial = right->InitialAlias();
  std::map<AliasId, AliasId> names = {{right_initial, initial}};
  AliasSet reuse;
  if (!conjunction) {
    for (const TableAlias& table : tables) reuse.insert(table.id);
  }
  std::map<AliasId, size_t> votes;
  for (const TableAlias& table : tables) {
    if (table.type == JoinType::kInner) ++votes[table.id];
  }
  for (size_t i = 1; i < right->tables.size(); ++i) {
    const TableAlias& join = right->tables[i];
    Hop hop;
    static_cast<Link&>(hop) = join;
    hop.to = join.model;
    const auto parent = names.find(join.parent);
    const AliasId above = parent == names.end() ? join.parent : parent->second;
    const AliasId added = AddJoin(hop, above, &reuse);
    if (join.type == JoinType::kInner) ++votes[added];
    reuse.erase(added);
    names[join.id] = added;
    if (join.references == 0) --Table(added).references;
  }
  std::vector<AliasId> promote;
  std::vector<AliasId> demote;
  for (const auto& [alias, count] : votes) {
    if (connector == Connector::kOr && count < 2) promote.push_back(alias);
    if (conjunction || (connector == Connector::kOr && count >= 2)) demote.push_back(alias);
  }
  Promote(promote);
  Demote(demote);
  right->RewriteAll([&](const ExprPtr& expr) -> ExprPtr {
    if (expr->op != Op::kColumn || !names.contains(expr->alias)) return nullptr;
    Expr column = *expr;
    column.alias = names.at(expr->alias);
    return Finish(std::move(column));
  });
  const auto joined = [&](const ExprPtr& left_where, const ExprPtr& right_where) {
    std::vector<ExprPtr> children;
    for (const ExprPtr& side : {left_where, right_where}) {
      const bool flat = !side->negated && (side->connector == connector || side->args.size() == 1);
      if (flat) {
        children.insert(children.end(), side->args.begin(), side->args.end());
      } else {
        children.push_back(side);
      }
    }
    return MakeWhere(connector, false, std::move(children));
  };
  if (connector != Connector::kXor &&
      (where_root->args.empty() || right->where_root->args.empty())) {
    // WhereNode.add(): an empty side gives way to the other under AND; under OR it matches all.
    if (conjunction) {
      where_root = where_root->args.empty() ? right->where_root : where_root;
    } else {
      where_root = MakeWhere(Connector::kAnd, false, {});
    }
  } else {
    where_root = joined(where_root, right->where_root);
  }
  if (!right->select.empty()) {
    SetSelect(right->select);
  } else {
    select.clear();
  }
  if (!right->order_by.empty()) order_by = right->order_by;
}

}  // namespace ormc::plan
