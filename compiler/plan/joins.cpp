#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

using manifest::Field;
using manifest::Model;

bool SameJoin(const TableAlias& table, const Hop& hop, AliasId parent) {
  return table.type != JoinType::kBase && table.model->table == hop.to->table &&
         table.parent == parent && table.join_field == hop.join_field &&
         table.reverse == hop.reverse && table.filtered == hop.filtered;
}

}  // namespace

Query::Query(PlanContext& plan_context, const Model& of)
    : context(&plan_context), model(&of), where_root(MakeWhere(Connector::kAnd, false, {})) {}

std::shared_ptr<Query> Query::Clone() const { return std::make_shared<Query>(*this); }

TableAlias& Query::Table(AliasId id) {
  for (TableAlias& table : tables) {
    if (table.id == id) return table;
  }
  throw InternalError("no such alias");
}

const TableAlias* Query::FindTable(AliasId id) const {
  for (const TableAlias& table : tables) {
    if (table.id == id) return &table;
  }
  return nullptr;
}

AliasId Query::InitialAlias() {
  if (!tables.empty()) {
    ++tables.front().references;
    return tables.front().id;
  }
  TableAlias table;
  table.id = context->next_alias++;
  table.model = &Concrete(*model);
  table.django_name = table.model->table;
  table.references = 1;
  tables.push_back(std::move(table));
  return tables.front().id;
}

void Query::KeepRows(AliasId alias) {
  TableAlias& table = Table(alias);
  if (table.references > 1 || table.type != JoinType::kInner) return;
  if (table.nullable || Table(table.parent).type == JoinType::kLeft) table.type = JoinType::kLeft;
}

bool Query::MayTakeUpInner() const {
  const auto has_xor = [](const auto& self, const Expr& where) -> bool {
    return where.op == Op::kWhere && (where.connector == Connector::kXor ||
                                      std::ranges::any_of(where.args, [&](const ExprPtr& child) {
                                        return self(self, *child);
                                      }));
  };
  return has_xor(has_xor, *where_root) && std::ranges::any_of(tables, [](const TableAlias& table) {
           return table.references == 0 && table.nullable && table.type == JoinType::kInner;
         });
}

AliasId Query::AddJoin(const Hop& hop, AliasId parent, const AliasSet* reuse) {
  std::optional<AliasId> reused;
  for (const TableAlias& table : tables) {
    if ((reuse == nullptr || reuse->contains(table.id)) && SameJoin(table, hop, parent)) {
      reused = table.id;  // the most recent one
    }
  }
  if (reused) {
    ++Table(*reused).references;
    return *reused;
  }
  if (++context->joins > context->limits.joins * 8) {
    Reject(Kind::LimitExceeded, Span{}, std::to_string(context->limits.joins),
           std::string("joins"));
  }
  const TableAlias& above = Table(parent);
  TableAlias table;
  static_cast<Link&>(table) = hop;
  table.id = context->next_alias++;
  table.model = hop.to;
  bool table_is_new = true;
  for (const TableAlias& other : tables) table_is_new &= other.model->table != hop.to->table;
  table.django_name = hop.filtered   ? hop.filtered->name
                      : table_is_new ? hop.to->table
                                     : "T" + std::to_string(tables.size() + 1);
  table.parent = parent;
  table.type = above.type == JoinType::kLeft || hop.nullable ? JoinType::kLeft : JoinType::kInner;
  table.references = 1;
  const AliasId id = table.id;
  tables.push_back(std::move(table));
  if (hop.filtered) {
    AliasSet with_own;
    if (reuse != nullptr) {
      with_own = *reuse;
      with_own.insert(id);
    }
    const size_t known = tables.size();
    const Clause clause =
        BuildCondition(hop.filtered->condition, reuse != nullptr ? &with_own : nullptr,
                       FilterOptions{.split_subquery = false, .update_join_types = false});
    Table(id).filtered_condition = clause.where;
    // What its condition joins must come before it.
    const auto own = tables.begin() + static_cast<std::ptrdiff_t>(known) - 1;
    std::rotate(own, own + 1, tables.end());
  }
  return id;
}

JoinInfo Query::SetupJoins(const std::vector<std::string>& names, AliasId start, AliasSet* reuse,
                           bool allow_many, Span span, const Model* from) {
  JoinInfo info;
  const Model* const at = from != nullptr ? from : model;
  const auto first = [&names](size_t count) {
    return std::vector<std::string>(names.begin(),
                                    names.begin() + static_cast<std::ptrdiff_t>(count));
  };
  // Names that are no fields at the end are transforms.
  size_t fields = names.size();
  while (true) {
    try {
      info.end = NamesToPath(first(fields), at, allow_many, false, span);
      break;
    } catch (const Rejection&) {
      if (--fields == 0) throw;
    }
  }
  if (info.end.final_field != nullptr && !info.end.composite) {
    fields -= info.end.rest.size();
    info.end.rest.clear();
  }
  info.transforms.assign(names.begin() + static_cast<std::ptrdiff_t>(fields), names.end());
  // A transform that does not exist is better told as the field that does not.
  if (!info.transforms.empty() && info.end.final_field != nullptr &&
      catalog::FindTransform(info.transforms.front()) == nullptr &&
      SiteTransform(TypeOf(*info.end.final_field), info.transforms.front()) == nullptr &&
      InternalType(TypeOf(*info.end.final_field)) != "JSONField" &&
      InternalType(TypeOf(*info.end.final_field)) != "ArrayField" &&
      InternalType(TypeOf(*info.end.final_field)) != "HStoreField") {
    static_cast<void>(NamesToPath(first(fields + 1), at, allow_many, true, span));
  }
  info.joins.push_back(start);
  AliasId alias = start;
  for (const Hop& hop : info.end.hops) {
    alias = AddJoin(hop, alias, hop.multi_valued ? reuse : nullptr);
    info.joins.push_back(alias);
    if (hop.filtered && reuse != nullptr) reuse->insert(alias);
  }
  return info;
}

Query::Trimmed Query::TrimJoins(const JoinInfo& info) {
  Trimmed trimmed{info.end.targets, 0, info.joins};
  for (auto hop = info.end.hops.rbegin(); hop != info.end.hops.rend(); ++hop) {
    const bool trims_reverse =
        Planted("isnull-join-trim") && hop->reverse && hop->columns.size() == 1;
    if (info.end.composite || trimmed.joins.size() == 1 || (!hop->direct && !trims_reverse) ||
        hop->filtered)
      break;
    if (trims_reverse) trimmed.targets = {hop->columns[0].second};
    std::vector<const Field*> nearer;
    for (const Field* target : trimmed.targets) {
      for (const auto& [from, to] : hop->columns) {
        if (to->column == target->column) {
          nearer.push_back(from);
          break;
        }
      }
    }
    if (nearer.size() != trimmed.targets.size()) break;
    trimmed.targets = std::move(nearer);
    --Table(trimmed.joins.back()).references;
    trimmed.joins.pop_back();
  }
  trimmed.alias = trimmed.joins.back();
  return trimmed;
}

void Query::Promote(std::vector<AliasId> aliases) {
  for (size_t i = 0; i < aliases.size(); ++i) {
    TableAlias& table = Table(aliases[i]);
    if (table.type == JoinType::kBase) continue;
    const TableAlias* parent = FindTable(table.parent);
    const bool parent_is_left = parent != nullptr && parent->type == JoinType::kLeft;
    if ((!table.nullable && !parent_is_left) || table.type == JoinType::kLeft) continue;
    table.type = JoinType::kLeft;
    // What hangs on it must follow.
    for (const TableAlias& below : tables) {
      if (below.type != JoinType::kBase && below.parent == table.id &&
          std::find(aliases.begin(), aliases.end(), below.id) == aliases.end()) {
        aliases.push_back(below.id);
      }
    }
  }
}

void Query::Demote(std::vector<AliasId> aliases) {
  for (size_t i = 0; i < aliases.size(); ++i) {
    TableAlias& table = Table(aliases[i]);
    if (table.type != JoinType::kLeft) continue;
    table.type = JoinType::kInner;
    const TableAlias* parent = FindTable(table.parent);
    if (parent != nullptr && parent->type == JoinType::kInner) aliases.push_back(parent->id);
  }
}

AliasId Query::JoinParent(const Model& from, const Model& parent, AliasId alias,
                          std::map<const Model*, AliasId>& seen) {
  if (&Concrete(from) == &Concrete(parent)) return alias;
  AliasId at = alias;
  for (const Hop& hop : PathToParent(from, parent)) {
    const auto known = seen.find(hop.to);
    at = known != seen.end() ? known->second : AddJoin(hop, at, nullptr);
    seen[hop.to] = at;
  }
  return at;
}

}  // namespace ormc::plan
