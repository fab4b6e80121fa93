#include "compiler/plan/aggregates_only.h"

#include <algorithm>
#include <set>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/failing.h"
#include "compiler/plan/infer.h"

namespace ormc::plan {
namespace {

using catalog::LookupId;
using manifest::Model;

[[noreturn]] void RejectRows(const PlanContext& context, const Model& model, Span span,
                             std::string why) {
  const std::string smallest = std::to_string(context.scope->SmallestGroup(model));
  // The own table of a many-to-many is no model that people know.
  const Model* named = &model;
  for (const manifest::Field& field : model.fields) {
    if (model.auto_created.empty() || !field.relation || field.relation->to == nullptr) continue;
    if (context.scope->SmallestGroup(*field.relation->to) > 0) named = field.relation->to;
  }
  Reject(Kind::AggregatesOnly, span, named->name, smallest, std::move(why));
}

// The column that stands behind a name.
const Expr& Behind(const ExprPtr& expr) {
  const Expr* at = expr.get();
  while (at->op == Op::kReference || at->op == Op::kWrapper) at = at->args.at(0).get();
  return *at;
}

constexpr std::string_view kKeyTells = "the key tells its rows apart";
constexpr std::string_view kMayFail =
    "what may fail for the value of a row would tell it; compare and group by columns, parts of "
    "dates and `Case`";

// Of the table's rows themselves?
bool IsKey(const Expr& expr, AliasId table) {
  return expr.op == Op::kColumn && expr.alias == table && expr.field->primary_key;
}

bool IsCountOfRows(const Expr& expr) {
  return expr.op == Op::kAggregate && expr.aggregate->name == "Count" && !expr.filter &&
         expr.args.at(0)->op == Op::kStar;
}

ExprPtr AtLeast(const ExprPtr& count, uint32_t smallest, Span span) {
  Expr test(*MakeLookup(catalog::LookupOf(LookupId::kGreaterThanOrEqual), count,
                        MakeDirect(span, Constant(Value::Int(smallest))), span));
  test.unsaid = true;
  return Finish(std::move(test));
}

// One query that aggregates such a model's rows.
class Grouped {
 public:
  Grouped(Query& query, Span span)
      : query_(query),
        span_(span),
        key_(*query.model->PrimaryKey()),
        smallest_(query.context->scope->SmallestGroup(*query.model)),
        base_(query.InitialAlias()) {}

  void Restrict() {
    if (query_.combinator != Combinator::kNone) Fail("a combination gives rows");
    if (query_.default_cols) Fail("these are its rows");
    bool aggregates = false;
    for (const auto& [name, expr] : query_.annotations) {
      if (expr->contains_window) Fail("a window gives a value for each row");
      aggregates = aggregates || expr->contains_aggregate;
      RequireSafeShown(*expr);
      Look(expr);
    }
    if (!aggregates) Fail("nothing is aggregated");
    if (query_.grouping == Query::Grouping::kNone && !query_.select.empty()) {
      Fail("these are its rows");
    }
    for (const ExprPtr& key : query_.group_by) RequireGroupKey(key);
    for (const ExprPtr& column : query_.select) RequireGroupKey(column);
    RequireSafe(*query_.where_root);
    Look(query_.where_root);
    for (const TableAlias& table : query_.tables) {
      if (table.filtered_condition) RequireSafe(*table.filtered_condition);
    }
    Require(Count(nullptr, nullptr));
    // Looked at first, because these are aggregates themselves.
    for (const ExprPtr& condition : conditions_) Require(condition);
    query_.where_root = MakeWhere(Connector::kAnd, false, std::move(required_));
  }

 private:
  [[noreturn]] void Fail(std::string why) const {
    RejectRows(*query_.context, *query_.model, span_, std::move(why));
  }

  void RequireGroupKey(const ExprPtr& expr) const {
    if (IsKey(Behind(expr), base_)) Fail(std::string(kKeyTells));
    RequireSafeShown(*expr);
  }

  void RequireSafe(const Expr& expr) const {
    if (MayFail(expr)) Fail(std::string(kMayFail));
  }

  // What is made of a group's aggregates is computed when the small groups are left out.
  void RequireSafeShown(const Expr& expr) const {
    if (expr.op == Op::kReference) return;  // looked at where it is defined
    if (!expr.contains_aggregate || expr.op == Op::kAggregate) {
      RequireSafe(expr);
      return;
    }
    for (const ExprPtr& source : Sources(expr)) RequireSafeShown(*source);
  }

  // Each aggregate is made of enough rows, also those that only decide.
  void Look(const ExprPtr& expr) {
    if (expr->op == Op::kReference) return;  // looked at where it is defined
    if (expr->op == Op::kAggregate) {
      Aggregate(*expr);
      return;
    }
    for (const ExprPtr& source : Sources(*expr)) Look(source);
  }

  void Aggregate(const Expr& aggregate) {
    const std::string name(aggregate.aggregate->name);
    if (!aggregate.aggregate->pools) Fail("`" + name + "` tells the value of a row");
    ExprPtr column;
    for (const ExprPtr& arg : aggregate.args) {
      const Expr& behind = Behind(arg);
      if (behind.op == Op::kStar) continue;
      if (behind.op != Op::kColumn) {
        Fail("`" + name + "` of what is computed for each row may tell one; name a column");
      }
      const bool always = behind.alias == base_ && !behind.field->null;
      if (!always) column = std::make_shared<const Expr>(behind);
    }
    if (aggregate.fallback) {
      RequireSafe(*aggregate.fallback);
      Look(aggregate.fallback);
    }
    if (column || aggregate.filter) conditions_.push_back(Count(column, aggregate.filter));
  }

  // How many of the model's rows are there, of which `column` is no NULL and `filter` holds?
  ExprPtr Count(const ExprPtr& column, const ExprPtr& filter) const {
    Expr count;
    count.op = Op::kAggregate;
    count.span = span_;
    count.aggregate = catalog::FindAggregate("Count");
    count.args = {MakeColumn(base_, key_, TargetType(TypeOf(key_)))};
    count.distinct = true;  // joins repeat a row
    std::vector<ExprPtr> conditions;
    if (filter) conditions.push_back(filter);
    if (column) {
      conditions.push_back(MakeLookup(catalog::LookupOf(LookupId::kIsNull), column,
                                      MakeDirect(span_, Constant(Value::Bool(false))), span_));
    }
    if (!conditions.empty()) {
      count.filter = MakeWhere(Connector::kAnd, false, std::move(conditions));
    }
    InferOutput(count);
    return Finish(std::move(count));
  }

  void Require(const ExprPtr& count) {
    if (required_.empty() && !query_.where_root->args.empty()) {
      required_.push_back(query_.where_root);
    }
    ExprPtr enough = AtLeast(count, smallest_, span_);
    const bool known =
        std::ranges::any_of(required_, [&](const ExprPtr& other) { return Same(other, enough); });
    if (!known) required_.push_back(std::move(enough));
  }

  Query& query_;
  Span span_;
  const manifest::Field& key_;
  uint32_t smallest_;
  AliasId base_;
  std::vector<ExprPtr> conditions_;
  std::vector<ExprPtr> required_;
};

// `count()` of distinct rows: the rows themselves are within, and only their number leaves.
bool CountsDistinctRows(const Query& query) {
  return query.wrapped->default_cols && query.wrapped->distinct && !query.wrapped->IsSliced() &&
         query.wrapped->grouping == Query::Grouping::kNone &&
         query.wrapped->distinct_fields.empty() &&
         std::ranges::all_of(query.annotations,
                             [](const auto& entry) { return IsCountOfRows(*entry.second); });
}

std::shared_ptr<const Query> OfDistinctRows(const Query& query, uint32_t smallest, Span span) {
  if (MayFail(*query.wrapped)) {
    RejectRows(*query.context, *query.model, span, std::string(kMayFail));
  }
  auto made = query.Clone();
  made->where_root =
      MakeWhere(Connector::kAnd, false, {AtLeast(made->annotations.at(0).second, smallest, span)});
  return made;
}

// Is it part of the same row, or of what ties the row to others?
bool BelongsTo(const TableAlias& table, const std::set<AliasId>& own) {
  if (!own.contains(table.parent)) return false;
  if (!table.model->auto_created.empty()) return true;
  return !table.reverse && table.join_field != nullptr && table.join_field->relation &&
         table.join_field->relation->parent_link;
}

}  // namespace

std::shared_ptr<const Query> OfLargeGroups(const Query& query, Span span) {
  const uint32_t smallest = query.context->scope->SmallestGroup(*query.model);
  if (smallest == 0) return nullptr;
  if (query.wrapped && CountsDistinctRows(query)) return OfDistinctRows(query, smallest, span);
  auto made = query.Clone();
  if (query.wrapped) {
    // Of groups that may each be shown, anything may be told.
    auto groups = query.wrapped->Clone();
    Grouped(*groups, span).Restrict();
    made->wrapped = std::move(groups);
  } else {
    Grouped(*made, span).Restrict();
  }
  return made;
}

void RejectTellingRows(const Built& built, Span span) {
  const Query& query = built.query;
  const PlanContext& context = *query.context;
  std::set<AliasId> own;
  if (context.scope->SmallestGroup(*query.model) > 0) {
    const Query& base = query.wrapped ? *query.wrapped : query;
    for (const TableAlias& table : base.tables) {
      if (table.type == JoinType::kBase || BelongsTo(table, own)) own.insert(table.id);
    }
    for (const ExprPtr& item : built.ordering) {
      const Expr& by = Behind(item->args.at(0));
      if (own.contains(by.alias) && IsKey(by, by.alias)) {
        RejectRows(context, *query.model, span, std::string(kKeyTells));
      }
      // An aggregate is that of an annotation, which was looked at: order_by() takes no other.
      if (!by.contains_aggregate && MayFail(by)) {
        RejectRows(context, *query.model, span, std::string(kMayFail));
      }
    }
  }
  for (const TableAlias& table : built.tables) {
    if (own.contains(table.id) || context.scope->SmallestGroup(*table.model) == 0) continue;
    RejectRows(context, *table.model, span, "the query begins with another model");
  }
}

}  // namespace ormc::plan
