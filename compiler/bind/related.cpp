#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/bind/batches.h"
#include "compiler/bind/making.h"
#include "compiler/bind/queryset_checks.h"
#include "compiler/plan/versions.h"

namespace ormc::bind {
namespace {

using manifest::Field;
using manifest::Model;
using manifest::RelationKind;
using plan::ExprPtr;
using plan::Op;

// The rows between may point to another column than the owner's key: than its model's, or than the
// key that a child of it has of its own.
void ThroughKey(const manifest::Relation& relation, bool reverse, const Model& owner,
                RelatedKey& related) {
  const Field* source =
      relation.through->FindField(reverse ? relation.through_to : relation.through_from);
  const Model* here = source != nullptr && source->relation ? source->relation->to : nullptr;
  if (here == nullptr) return;
  if (source->relation->to_fields.size() > 1) {
    for (const std::string& name : source->relation->to_fields) {
      const Field* part = here->FindField(name);
      Check(part != nullptr, "a relation names no field");
      related.columns.emplace_back(related.path + "__" + part->name, part->attname);
    }
    return;
  }
  const Field* pointed = here->FindField(source->relation->to_fields[0]);
  if (pointed == nullptr) return;
  const bool to_key =
      pointed == plan::Concrete(*here).PrimaryKey() || pointed == here->PrimaryKey();
  if (to_key && &plan::Concrete(owner) == &plan::Concrete(*here)) return;
  related.key = pointed->attname;
  if (!to_key) related.path += "__" + related.key;
}

RelatedKey RelatedKeyOf(const Field& field, bool reverse, const Model& owner) {
  const manifest::Relation& relation = *field.relation;
  RelatedKey related;
  related.field = &field;
  related.key = "pk";
  if (relation.kind == RelationKind::kManyToMany) {
    related.path = reverse ? field.name : "+" + field.owner->label + "." + field.name;
    ThroughKey(relation, reverse, owner, related);
  } else if (relation.kind == RelationKind::kGenericRelation) {
    related.path = relation.object_id_field;
  } else {
    related.path = field.name;
    if (!relation.to_fields.empty()) related.key = relation.to_fields[0];
    if (const Field* pointed = relation.to->FindField(related.key)) related.key = pointed->attname;
    related.composite = relation.to_fields.size() > 1;
  }
  return related;
}

// The owners' keys and the column that holds them must be equal as values of Python.
bool SameKeys(const RelatedKey& related) {
  const manifest::Relation& relation = *related.field->relation;
  if (relation.kind != RelationKind::kGenericRelation) {
    return !related.composite && related.columns.empty();
  }
  const Field* object_id = relation.to->FindField(relation.object_id_field);
  const Field* key = related.field->owner->PrimaryKey();
  return object_id != nullptr && key != nullptr &&
         TypeOfField(plan::TypeOf(*object_id), false).kind ==
             TypeOfField(plan::TypeOf(*key), false).kind;
}

// A Prefetch's queryset that joins further tables: its condition on the owner reuses those joins.
bool SpansRelations(const plan::Query& query, const RelatedKey& related) {
  return related.field->relation->kind == RelationKind::kManyToMany && query.tables.size() > 1;
}

}  // namespace

// `base` with the condition that Django's related managers start with.
QuerySet Binder::Narrowed(QuerySet base, const RelatedKey& related, const std::string& path,
                          program::ExprPtr key, Span span) {
  const manifest::Relation& relation = *related.field->relation;
  auto query = base.query->Clone();
  plan::Expr condition = NewExpr(Op::kCondition, span);
  const auto compare = [&](const std::string& compared, program::ExprPtr with) {
    plan::Expr item = NewExpr(Op::kItem, span);
    item.name = compared;
    plan::Operand operand;
    operand.runtime = std::move(with);
    // Of a key of several columns the row itself is given, and its columns are compared.
    if (related.composite) operand.model = relation.to;
    item.args = {plan::MakeDirect(span, std::move(operand))};
    condition.args.push_back(plan::Finish(std::move(item)));
  };
  for (const auto& [column, attribute] : related.columns) {
    compare(column, program::Make(span, program::Attribute{key, attribute}));
  }
  if (related.columns.empty()) compare(path, std::move(key));
  if (relation.kind == RelationKind::kGenericRelation) {
    // The rows of this model alone: its content type.
    const Model& owner = plan::Concrete(*related.field->owner);
    const std::string type = relation.content_type_field;
    condition.args.push_back(
        ConditionItem(type + "__app_label", ConstantOf(span, Value::Str(owner.app)), span));
    condition.args.push_back(ConditionItem(
        type + "__model", ConstantOf(span, Value::Str(manifest::ModelName(owner))), span));
  }
  query->AddCondition(plan::Finish(std::move(condition)), &base.sticky_joins);
  base.sticky = relation.kind == RelationKind::kManyToMany;
  base.query = query;
  return base;
}

// _filter_prefetch_queryset(): the rows of each owner are numbered, and those of the slice taken.
ExprPtr Binder::SliceOfEach(const plan::Query& sliced, const ExprPtr& owner_key, Span span) {
  const auto refuse = [&] {
    Reject(Kind::NotSupported, span,
           std::string("a slice of related rows in the order of another relation's rows"),
           std::string("order by a column"));
  };
  if (!sliced.standard_ordering) refuse();
  std::vector<ExprPtr> ordering = sliced.order_by;
  if (ordering.empty() && sliced.default_ordering) ordering = SiteOrdering(*sliced.model);
  plan::Expr window = NewExpr(Op::kWindow, span);
  window.args = {plan::MakeCall(span, *catalog::FindFunction("RowNumber"), {}), owner_key};
  window.partitions = 1;
  for (const ExprPtr& item : ordering) {
    if (item->op == Op::kOrderBy) {
      window.args.push_back(item);
      continue;
    }
    plan::Expr order = NewExpr(Op::kOrderBy, span);
    order.descending = item->op == Op::kName && item->descending;
    order.args = {item};
    if (item->op == Op::kName) {
      const std::vector<std::string> names = plan::SplitPath(item->name);
      const bool annotation = sliced.FindAnnotation(names[0]) != nullptr;
      if (!annotation) {
        const plan::PathEnd end = sliced.NamesToPath(names, sliced.model, true, true, span);
        const Field* last = end.final_field;
        if (last != nullptr && last->relation && last->attname != names.back()) refuse();
      }
      order.args = {plan::MakeName(span, item->name)};
    }
    window.args.push_back(plan::Finish(std::move(order)));
  }
  const ExprPtr number = plan::Finish(std::move(window));
  plan::Expr condition = NewExpr(Op::kCondition, span);
  const auto compare = [&](const char* lookup, uint64_t bound) {
    Arguments sides;
    sides.positional = {MakeBound(span, Expression{number, {}}),
                        ConstantOf(span, Value::Int(static_cast<int64_t>(bound)))};
    const BoundPtr test = LookupExpression(*catalog::FindLookupClass(lookup), sides, span);
    condition.args.push_back(test->As<Expression>()->expr);
  };
  compare("GreaterThan", sliced.low);
  if (sliced.high) compare("LessThanOrEqual", *sliced.high);
  return plan::Finish(std::move(condition));
}

// Owners that are the rows of one query are served at once.  What cuts or groups rows would do so
// for all of them together.
std::shared_ptr<const Batch> Binder::BatchOf(QuerySet base, bool given, const RelatedKey& related,
                                             const PythonValue& value, Span span) {
  const std::optional<Origin> origin = SingleOrigin(value.type);
  if (!origin || !SameKeys(related)) return nullptr;
  switch (pending_[origin->query].fetch) {
    case program::FetchKind::kRows:
    case program::FetchKind::kGrouped:
    case program::FetchKind::kInBulk:
      break;
    case program::FetchKind::kFirst:
    case program::FetchKind::kGet:
    case program::FetchKind::kEarliest:
    case program::FetchKind::kScalar:
    case program::FetchKind::kExists:
    case program::FetchKind::kRow:
      return nullptr;
  }
  if (base.query->computed_limits || !AreAlike(*base.query, 0)) return nullptr;
  if (!given && HasWindow(*base.query)) return nullptr;
  auto batch = std::make_shared<Batch>();
  batch->keys_slot = NewSlot();
  const std::shared_ptr<const plan::Query> sliced = base.query;
  auto whole = sliced->Clone();
  whole->ClearLimits();
  base.query = whole;
  const bool spans = given && SpansRelations(*sliced, related);
  if (spans) {
    plan::RequireDjango(plan_, catalog::Change::kPrefetchThroughOwn, span);
    for (const plan::TableAlias& table : whole->tables) base.sticky_joins.insert(table.id);
  }
  QuerySet rows = Narrowed(base, related, related.path + "__in",
                           program::Make(span, program::Local{batch->keys_slot}), span);
  auto query = rows.query->Clone();
  batch->owner_key = query->ResolveRef(related.path, span, true, &rows.sticky_joins, false);
  batch->owned = batch->owner_key->alias == query->InitialAlias();
  batch->fixed = sliced->IsSliced() || HasWindow(*sliced) || spans;
  if (sliced->IsSliced()) query->AddCondition(SliceOfEach(*sliced, batch->owner_key, span));
  if (!IsDivisible(*query, *batch)) return nullptr;
  batch->conditions = query->where_root->args.size();
  rows.query = query;
  batch->rows = std::make_shared<const QuerySet>(std::move(rows));
  batch->origin = *origin;
  batch->owner = value.expr;
  batch->key = related.key;
  return batch;
}

// Is it the only row of its query?
bool Binder::IsOne(const PythonValue& value) const {
  const std::optional<Origin> origin = SingleOrigin(value.type);
  if (!origin || !origin->path.empty()) return false;
  const program::FetchKind fetch = pending_[origin->query].fetch;
  return fetch == program::FetchKind::kGet || fetch == program::FetchKind::kFirst ||
         fetch == program::FetchKind::kEarliest;
}

// The related rows of `value`; `given`: by a Prefetch.
QuerySet Binder::RelatedQuery(const QuerySet& base, bool given, const PythonValue& value,
                              const Field& field, bool reverse, Span span) {
  const RelatedKey related = RelatedKeyOf(field, reverse, *value.type.model);
  QuerySet queryset;
  {
    const plan::InternalPaths internal(plan_);
    const bool by_row = related.composite || !related.columns.empty();
    queryset = Narrowed(
        base, related, related.path,
        by_row ? value.expr : program::Make(span, program::Attribute{value.expr, related.key}),
        span);
    queryset.batch = BatchOf(base, given, related, value, span);
  }
  // Django fetches them for all owners at once: what is computed over several rows, or reached by
  // the join to the owner, is not the same for one.
  const bool of_all =
      (HasWindow(*base.query) && !IsOne(value)) || SpansRelations(*base.query, related);
  if (given && !queryset.batch && of_all) {
    Reject(Kind::NotSupported, span,
           std::string("a Prefetch whose rows depend on those of other owners"),
           std::string("ask for the related rows by themselves"));
  }
  return queryset;
}

// All rows, as a related manager of this manager's class reads them.
QuerySet Binder::FromRelation(const Model& model, const std::string& manager, Span span) {
  const manifest::Manager* found = model.FindManager(manager);
  return FromModel(model, found != nullptr ? &found->ForRelations() : nullptr, span);
}

// `blog.entry_set`, `article.tags`: the related rows of one instance.
BoundPtr Binder::RelatedManager(const PythonValue& value, const std::string& name,
                                const Field& field, bool reverse, Span span,
                                const std::string& manager) {
  const Model& holder = field.model != nullptr ? *field.model : *field.owner;
  const Model& target = reverse ? holder : *field.relation->to;
  const PrefetchPart* prefetch = PrefetchOf(value, name, span);
  const bool given = prefetch != nullptr && prefetch->queryset != nullptr;
  QuerySet base =
      given ? *prefetch->queryset
            : FromRelation(target, manager.empty() ? target.default_manager : manager, span);
  for (PrefetchPart& part : FurtherPrefetches(value, name)) {
    base.prefetches.push_back(std::move(part));
  }
  BoundPtr rows =
      MakeBound(span, RelatedRows{RelatedQuery(base, given, value, field, reverse, span)});
  if (IsPrefetched(value, name)) read_.insert(rows);
  return rows;
}

// `book.authors(manager="fun_people")`: the related rows that another manager of theirs shows.
BoundPtr Binder::CallRelated(const PythonValue& value, const std::string& name, Arguments arguments,
                             Span span) {
  const BoundPtr given = arguments.Take("manager");
  const std::optional<RelationStep> step = RelationNamed(*value.type.model, name);
  if (!given || !step || !step->many || !arguments.keywords.empty() ||
      !arguments.positional.empty()) {
    (void)InstanceAttribute(value, name, span);  // an unknown name is told as such
    Reject(Kind::BadArgument, span, "`" + name + "` cannot be called");
  }
  const std::string manager = RequireText(given, "manager");
  if (step->to->FindManager(manager) == nullptr) {
    Reject(Kind::UnknownAttribute, given->span, step->to->name, manager);
  }
  if (IsPrefetched(value, name)) {
    Reject(Kind::NotSupported, span, "another manager of the prefetched `" + name + "`",
           std::string("leave the prefetch out: its rows would be the answer"));
  }
  return RelatedManager(value, name, *step->field, step->reverse, span, manager);
}

}  // namespace ormc::bind
