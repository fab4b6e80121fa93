#include <algorithm>

#include "compiler/bind/binder.h"
#include "compiler/diagnostics/diagnostic.h"

namespace ormc::bind {

using manifest::Field;
using manifest::Model;
using manifest::RowRule;
using plan::Query;

namespace {

constexpr plan::AliasId kSiteAliases = 1U << 31U;

}  // namespace

QuerySet Binder::Ruled(QuerySet rows, const RowRule& rule) {
  if (rule.where.empty()) {
    auto none = rows.query->Clone();
    none->SetEmpty();
    rows.query = std::move(none);
    return rows;
  }
  manifest::Method method;
  method.name = "rows of " + rule.model->label;
  method.parameters = {"user"};
  method.source = rule.where;
  const BoundPtr user = MakeBound(Span{}, Named{Named::Kind::kModule, "user"});
  const BoundPtr condition = Inlined(method, user, Arguments{}, Span{});
  if (condition->As<Expression>() == nullptr) {
    Reject(Kind::OpaquePart, Span{}, method.name, std::string("a Q is expected"));
  }
  Arguments arguments;
  arguments.positional = {condition};
  return *Filter(std::move(rows), arguments, false, Span{})->As<QuerySet>();
}

// Those of `rows` whose `path` is among `others`.
QuerySet Binder::Within(QuerySet rows, const std::string& path,
                        std::shared_ptr<const Query> others) {
  QuerySet among;
  among.query = std::move(others);
  Arguments arguments;
  arguments.keywords.emplace_back(path + "__in", MakeBound(Span{}, std::move(among)));
  return *Filter(std::move(rows), arguments, false, Span{})->As<QuerySet>();
}

// Null where all rows are seen.
std::shared_ptr<const Query> Binder::RuledRows(const Model& model,
                                               const std::vector<RowRule>& rules) {
  QuerySet rows = FromModel(model, nullptr, Span{});
  for (const RowRule& rule : rules) {
    if (&model == rule.model) rows = Ruled(std::move(rows), rule);
  }
  // A child's row is part of its parent's.
  for (const Model::Parent& parent : model.parents) {
    std::shared_ptr<const Query> whole = RuledRows(*parent.model->concrete, rules);
    if (whole && !parent.link.empty()) {
      rows = Within(std::move(rows), parent.link, std::move(whole));
    }
  }
  // The own table of a many-to-many tells of both its ends.
  if (!model.auto_created.empty()) {
    for (const Field& field : model.fields) {
      if (!field.relation || field.relation->to == nullptr) continue;
      std::shared_ptr<const Query> end = RuledRows(*field.relation->to->concrete, rules);
      if (end) rows = Within(std::move(rows), field.name, std::move(end));
    }
  }
  if (rows.query->where_root->args.empty()) return nullptr;
  // Joins may give a row twice; a barrier gives each row once.
  const auto joined = std::ranges::count_if(
      rows.query->tables, [](const plan::TableAlias& table) { return table.references > 0; });
  if (joined > 1) rows = Within(FromModel(model, nullptr, Span{}), "pk", rows.query);
  return rows.query;
}

// What is the site's own may read what is hidden from the user.
Binder& Binder::Site() {
  if (!site_) {
    all_ = std::make_unique<manifest::ScopedManifest>(scope_.manifest());
    all_->SetUser(scope_.user());
    BindOptions options;
    options.eval = options_.eval;
    site_ = std::make_unique<Binder>(*all_, options);
    // So that no table of a rule is named as one of the snippet.
    site_->plan_.next_alias = kSiteAliases;
  }
  return *site_;
}

// The rows that a manager of the site gives; none where it cannot be expressed either.
std::optional<QuerySet> Binder::SiteRows(const Model& model, const manifest::Manager& manager,
                                         Span span) {
  Binder& site = Site();
  if (this == &site || site.depth_ > 0) return std::nullopt;
  try {
    QuerySet rows = site.FromModel(model, &manager, span);
    // The value of a query that runs before is numbered there.
    if (!site.pending_.empty()) return std::nullopt;
    auto query = rows.query->Clone();
    query->context = &plan_;
    std::vector<plan::ExprPtr> conditions;
    for (const plan::ExprPtr& condition : query->where_root->args) {
      plan::Expr unsaid(*condition);
      unsaid.unsaid = true;
      conditions.push_back(plan::Finish(std::move(unsaid)));
    }
    query->where_root = plan::MakeWhere(query->where_root->connector, query->where_root->negated,
                                        std::move(conditions));
    rows.query = std::move(query);
    return rows;
  } catch (const Rejection&) {
    return std::nullopt;
  }
}

const Query* Binder::RowsOf(const Model& model) {
  const Model& table = *model.concrete;
  if (const auto known = rows_.find(&table); known != rows_.end()) return known->second.get();
  try {
    return (rows_[&table] = Site().RuledRows(table, scope_.row_rules())).get();
  } catch (const Rejection&) {
    // Its words may name what the user does not see.
    Reject(Kind::OpaquePart, Span{}, "rows of " + table.name,
           std::string("the site's rule for them does not hold for this user"));
  }
}

void Binder::TryRule(const RowRule& rule) { RuledRows(*rule.model, {rule}); }

void Binder::ReadBySite(const RowRule& rule, ColumnSet& columns) {
  if (const auto rows = RuledRows(*rule.model, {rule})) AddColumns(*rows, columns);
}

void Binder::ReadBySite(const Model& model, const manifest::Manager& manager, ColumnSet& columns) {
  if (manager.kind != manifest::Manager::Kind::kExpressible) return;
  AddColumns(*FromModel(model, &manager, Span{}).query, columns);
}

// What a statement about these rows reads beside its output.
void Binder::AddColumns(const Query& rows, ColumnSet& columns) {
  auto query = rows.Clone();
  query->ClearOrdering(true);
  const sql::Select select = sql::BuildSelect(*query, {}, false);
  for (const auto* fields : {&select.decisive, &select.joined}) {
    for (const Field* field : *fields) columns.emplace(field->model, field->name);
  }
}

ColumnSet ReadBySite(const manifest::ScopedManifest& all, const std::vector<RowRule>& rules) {
  ColumnSet columns;
  // What does not hold is refused where somebody asks, and reads nothing.
  const auto add = [&](const auto&... what) {
    try {
      Binder(all, {}).ReadBySite(what..., columns);
    } catch (const Rejection&) {
    }
  };
  for (const RowRule& rule : rules) {
    if (!rule.where.empty()) add(rule);
  }
  for (const auto& model : all.manifest().models) {
    for (const manifest::Manager& manager : model->managers) {
      add(*model, manager);
      add(*model, manager.ForRelations());
    }
  }
  return columns;
}

std::string WrongRule(const RowRule& rule, const manifest::ScopedManifest& scope) {
  try {
    Binder(scope, {}).TryRule(rule);
    return {};
  } catch (const Rejection& rejection) {
    return MessageOf(rejection.diagnostic());
  }
}

}  // namespace ormc::bind
