#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/bind/binder.h"

namespace ormc::bind {
namespace {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;
using plan::Query;

ExprPtr OrderName(Span span, std::string name, bool descending) {
  Expr expr;
  expr.op = Op::kName;
  expr.span = span;
  expr.name = std::move(name);
  expr.descending = descending;
  return plan::Finish(std::move(expr));
}

// QuerySet.ordered
bool IsOrdered(const Query& query) {
  if (query.IsEmpty() || !query.order_by.empty()) return true;
  return query.default_ordering && !query.model->ordering.empty() &&
         query.grouping == Query::Grouping::kNone;
}

std::shared_ptr<const Batch> Unordered(const Batch& ordered) {
  QuerySet rows = *ordered.rows;
  auto query = rows.query->Clone();
  query->ClearOrdering(false);
  rows.query = std::move(query);
  auto batch = std::make_shared<Batch>(ordered);
  batch->rows = std::make_shared<const QuerySet>(std::move(rows));
  return batch;
}

}  // namespace

// What only Django's own reading of the rows finds, and a count of them does not.
void Binder::RejectUncounted(const QuerySet& queryset, Span span) const {
  RejectDroppedRows(queryset, span);
  for (const auto& [name, expr] : queryset.query->SelectedAnnotations()) {
    (void)plan::OutputOf(expr);
  }
  const auto outer = [](const auto& self, const ExprPtr& expr) -> bool {
    return expr->op == Op::kOuterName ||
           std::ranges::any_of(plan::Sources(*expr),
                               [&](const ExprPtr& s) { return self(self, s); });
  };
  for (const ExprPtr& item : queryset.query->order_by) {
    if (!outer(outer, item)) continue;
    Reject(Kind::BadValue, item->span,
           std::string("this queryset contains a reference to an outer query and may only be used "
                       "in a subquery"));
  }
}

// Django's select_related takes up a join that a condition has left behind as an inner one.
void Binder::RejectDroppedRows(const QuerySet& queryset, Span span) const {
  if (queryset.followed.empty() || !queryset.query->MayTakeUpInner()) return;
  Reject(Kind::NotSupported, span, std::string("`select_related` behind a `^` that may drop rows"),
         std::string("leave out `select_related`"));
}

// count(), or, with the joins and columns that the order adds, the number of the rows themselves.
BoundPtr Binder::CountRows(const QuerySet& queryset, bool keep_order, Span span) {
  Expr star;
  star.op = Op::kStar;
  Expr count;
  count.op = Op::kAggregate;
  count.span = span;
  count.aggregate = catalog::FindAggregate("Count");
  count.args = {plan::Finish(std::move(star))};
  PendingQuery pending;
  auto query = queryset.query->Clone();
  pending.query = query->Aggregation({{"__count", plan::Finish(std::move(count))}}, keep_order);
  pending.rows = Rows::kFlat;
  pending.fetch = program::FetchKind::kScalar;
  pending.empty_value = Value::Int(0);
  pending.span = span;
  const auto index = static_cast<uint32_t>(pending_.size());
  pending_.push_back(std::move(pending));
  return MakeBound(
      span,
      PythonValue{program::Make(span, program::RunQuery{index}), MakeType(TypeKind::kInt), {}});
}

BoundPtr Binder::End(QuerySet queryset, const catalog::Method& method, Arguments arguments,
                     Span span) {
  using catalog::MethodId;
  if (queryset.batch) {
    const bool fixed = queryset.batch->fixed;
    const bool first = method.id == MethodId::kFirst || method.id == MethodId::kLast;
    // count() and exists() drop the order.
    const bool counts = method.id == MethodId::kCount || method.id == MethodId::kExists;
    if (counts && queryset.batch->rows->query->OrderMultiplies()) {
      queryset.batch = fixed ? nullptr : Unordered(*queryset.batch);
    } else if (!counts && (!first || fixed)) {
      queryset.batch = nullptr;
    }
    if (queryset.batch && method.id == MethodId::kCount) {
      return OfRelated(queryset, "len", TypeKind::kInt, span);
    }
  }
  switch (method.id) {
    case MethodId::kCount:
      return CountRows(queryset, false, span);
    case MethodId::kExists:
      return Fetch(queryset, program::FetchKind::kExists, span);
    case MethodId::kGet: {
      if (queryset.query->combinator != plan::Combinator::kNone &&
          (!arguments.positional.empty() || !arguments.keywords.empty())) {
        Reject(Kind::DjangoNotSupported, span,
               std::string("calling QuerySet.get(...) with filters after a combinator is not "
                           "supported"));
      }
      if (!arguments.positional.empty() || !arguments.keywords.empty()) {
        queryset = *Filter(queryset, arguments, false, span)->As<QuerySet>();
      }
      auto query = queryset.query->Clone();
      if (!query->IsSliced() && query->distinct_fields.empty()) {
        query->ClearOrdering(true);
      }
      queryset.query = query;
      return Fetch(queryset, program::FetchKind::kGet, span);
    }
    case MethodId::kFirst:
      return FirstOrLast(queryset, false, span);
    case MethodId::kLast:
      return FirstOrLast(queryset, true, span);
    case MethodId::kLatest:
      return LatestOrEarliest(queryset, arguments, true, span);
    case MethodId::kEarliest:
      return LatestOrEarliest(queryset, arguments, false, span);
    case MethodId::kAggregate:
      return Aggregate(queryset, std::move(arguments), span);
    case MethodId::kInBulk:
      return InBulk(queryset, std::move(arguments), span);
    case MethodId::kContains: {
      if (queryset.rows != Rows::kInstances) {
        Reject(Kind::TypeMismatch, span,
               std::string("Cannot call QuerySet.contains() after .values() or .values_list()."));
      }
      const BoundPtr given =
          arguments.positional.empty() ? arguments.Take("obj") : arguments.positional[0];
      Arguments filter;
      filter.span = span;
      filter.keywords.emplace_back("pk", given);
      const PythonValue object = ToPython(given);
      if (object.type.kind != TypeKind::kInstance) {
        Reject(Kind::TypeMismatch, span, std::string("'obj' must be a model instance."));
      }
      // A row of another model is in none of this one's, whatever their keys.
      if (&plan::Concrete(*object.type.model) != &plan::Concrete(*queryset.query->model)) {
        const auto none = queryset.query->Clone();
        none->SetEmpty();
        queryset.query = none;
        return Fetch(queryset, program::FetchKind::kExists, span);
      }
      filter.keywords[0].second = InstanceAttribute(object, "pk", span);
      const BoundPtr filtered = Filter(queryset, filter, false, span);
      return Fetch(*filtered->As<QuerySet>(), program::FetchKind::kExists, span);
    }
    case MethodId::kAll:
    case MethodId::kNone:
    case MethodId::kFilter:
    case MethodId::kExclude:
    case MethodId::kComplexFilter:
    case MethodId::kAnnotate:
    case MethodId::kAlias:
    case MethodId::kOrderBy:
    case MethodId::kReverse:
    case MethodId::kDistinct:
    case MethodId::kValues:
    case MethodId::kValuesList:
    case MethodId::kDates:
    case MethodId::kDatetimes:
    case MethodId::kUnion:
    case MethodId::kIntersection:
    case MethodId::kDifference:
    case MethodId::kSelectRelated:
    case MethodId::kPrefetchRelated:
    case MethodId::kOnly:
    case MethodId::kDefer:
    case MethodId::kGetQueryset:
    case MethodId::kIterator:
      break;
  }
  throw InternalError("no evaluating method");
}

// The rows in the order of which first() takes the first; last() takes it of the reverse.
std::shared_ptr<Query> Binder::OrderedForEnd(const Query& given, bool last, Span span) {
  auto query = given.Clone();
  if (IsOrdered(*query)) {
    if (last) {
      if (query->IsSliced()) Reject(Kind::AfterSlice, span, std::string("last"));
      query->standard_ordering = !query->standard_ordering;
    }
  } else {
    // QuerySet._check_ordering_first_last_queryset_aggregation()
    if (query->grouping == Query::Grouping::kList) {
      bool grouped_by_key = false;
      for (const ExprPtr& expr : query->group_by) {
        grouped_by_key |= expr->field != nullptr && expr->field->primary_key;
        // values("pk"): a composite key is an annotation of this name.
        grouped_by_key |= expr->op == Op::kReference && expr->name == "pk";
      }
      const std::vector<std::string>& parts = query->model->primary_key;
      grouped_by_key |=
          parts.size() > 1 && std::all_of(parts.begin(), parts.end(), [&](const auto& part) {
            return std::any_of(
                query->group_by.begin(), query->group_by.end(), [&](const ExprPtr& expr) {
                  return expr->field != nullptr && expr->field == query->model->FindField(part);
                });
          });
      if (!grouped_by_key) {
        Reject(Kind::TypeMismatch, span,
               std::string("cannot use QuerySet.first() or last() on an unordered queryset that "
                           "aggregates: add an ordering with order_by()"));
      }
    }
    if (query->IsSliced()) {
      Reject(Kind::AfterSlice, span, std::string(last ? "last" : "first"));
    }
    if (query->combinator != plan::Combinator::kNone) {
      query->order_by = {OrderName(span, "pk", last)};
    } else {
      query->ClearOrdering(true, false);
      query->AddOrdering({OrderName(span, "pk", last && !Planted("last-unordered"))});
    }
  }
  return query;
}

BoundPtr Binder::FirstOrLast(QuerySet queryset, bool last, Span span) {
  if (queryset.batch) {
    auto batch = std::make_shared<Batch>(*queryset.batch);
    auto rows = std::make_shared<QuerySet>(*batch->rows);
    rows->query = OrderedForEnd(*rows->query, last, span);
    batch->rows = std::move(rows);
    queryset.batch = std::move(batch);
    return FirstOfRelated(queryset, span);
  }
  auto query = OrderedForEnd(*queryset.query, last, span);
  query->SetLimits(std::nullopt, 1);
  queryset.query = query;
  return Fetch(queryset, program::FetchKind::kFirst, span);
}

BoundPtr Binder::LatestOrEarliest(QuerySet queryset, const Arguments& arguments, bool latest,
                                  Span span) {
  if (queryset.query->IsSliced()) {
    Reject(Kind::AfterSlice, span, std::string(latest ? "latest" : "earliest"));
  }
  std::vector<BoundPtr> fields = arguments.positional;
  if (fields.empty()) {
    for (const std::string& name : queryset.query->model->get_latest_by) {
      fields.push_back(ConstantOf(span, Value::Str(name)));
    }
  }
  if (fields.empty()) Reject(Kind::NoOrdering, span, std::string(latest ? "latest" : "earliest"));
  auto query = queryset.query->Clone();
  query->ClearOrdering(true, false);
  query->SetLimits(std::nullopt, 1);
  query->AddOrdering(OrderingItems(fields, span));
  if (latest) query->standard_ordering = !query->standard_ordering;
  queryset.query = query;
  return Fetch(queryset, program::FetchKind::kGet, span);
}

BoundPtr Binder::Aggregate(QuerySet queryset, Arguments arguments, Span span) {
  if (!queryset.query->distinct_fields.empty()) {
    Reject(Kind::DjangoNotImplemented, span,
           std::string("aggregate() + distinct(fields) is not implemented"));
  }
  std::vector<std::pair<std::string, ExprPtr>> aggregates;
  const auto add = [&](const std::string& name, const BoundPtr& value) {
    const auto* expression = value->As<Expression>();
    if (expression == nullptr) {
      Reject(Kind::TypeMismatch, value->span,
             std::string("aggregate takes expressions of the ORM"));
    }
    aggregates.emplace_back(name, expression->expr);
  };
  // Django adds the unnamed ones after the named.
  for (const auto& [name, value] : arguments.keywords) add(name, value);
  for (const BoundPtr& positional : arguments.positional) {
    const auto* expression = positional->As<Expression>();
    if (expression == nullptr || expression->default_alias.empty()) {
      Reject(Kind::NeedsAlias, positional->span, std::string("..."));
    }
    add(expression->default_alias, positional);
  }
  if (aggregates.empty()) {
    return MakeBound(span, Mapping{});
  }
  auto query = queryset.query->Clone();
  PendingQuery pending;
  pending.query = query->Aggregation(aggregates);
  pending.rows = Rows::kDicts;
  pending.fetch = program::FetchKind::kRow;
  pending.span = span;
  // Where no row can match, Django answers without a query if every part has a value then.
  bool elide = true;
  std::vector<std::pair<BoundPtr, BoundPtr>> empty;
  Type type = MakeType(TypeKind::kDict);
  for (const auto& [name, annotation] : pending.query->SelectedAnnotations()) {
    pending.names.push_back(name);
    const std::optional<Value> value = plan::EmptyResultValue(annotation);
    elide = elide && value.has_value();
    if (value) empty.emplace_back(ConstantOf(span, Value::Str(name)), ConstantOf(span, *value));
    const plan::FieldType& output = plan::OutputOf(annotation);
    Type part = TypeOfField(output, true);
    if (annotation->op == Op::kAggregate && annotation->aggregate->name == "Count") {
      part.nullable = false;
    }
    type.fields.push_back({name, part});
  }
  pending.elide_empty = elide;
  if (elide) {
    const BoundPtr mapping = MakeBound(span, Mapping{empty});
    const BoundPtr constant = Computed(span, ToProgram(mapping), Type(), true);
    pending.empty_value = *ConstantIn(constant);
  }
  type.key = std::make_shared<const Type>(MakeType(TypeKind::kStr));
  if (type.fields.size() == 1) {
    type.element = std::make_shared<const Type>(type.fields[0].second);
  } else if (!type.fields.empty()) {
    Type element = type.fields[0].second;
    for (const auto& [name, part] : type.fields) element = Union(element, part);
    type.element = std::make_shared<const Type>(element);
  }
  pending_.push_back(std::move(pending));
  return MakeBound(
      span, PythonValue{
                program::Make(span, program::RunQuery{static_cast<uint32_t>(pending_.size() - 1)}),
                std::move(type),
                {}});
}

BoundPtr Binder::InBulk(QuerySet queryset, Arguments arguments, Span span) {
  if (queryset.query->IsSliced()) {
    Reject(Kind::AfterSlice, span, std::string("in_bulk"));
  }
  if (queryset.rows != Rows::kInstances) {
    Reject(Kind::TypeMismatch, span,
           std::string("in_bulk() cannot be used with values() or values_list()"));
  }
  const manifest::Model& model = *queryset.query->model;
  std::string field_name = "pk";
  if (const BoundPtr given = arguments.Take("field_name")) {
    field_name = RequireText(given, "field_name");
    const manifest::Field* field = scope_.FindField(model, field_name);
    const bool unique = field_name == "pk" || (field != nullptr && field->unique) ||
                        (queryset.query->distinct_fields.size() == 1 &&
                         queryset.query->distinct_fields[0] == field_name);
    if (!unique) {
      Reject(Kind::BadValue, span,
             "in_bulk()'s field_name must be a unique field but '" + field_name + "' isn't.");
    }
  }
  BoundPtr ids = arguments.Take("id_list");
  if (!ids && !arguments.positional.empty()) ids = arguments.positional[0];
  const auto* keys = ids ? ids->As<QuerySet>() : nullptr;
  if ((keys != nullptr && keys->rows != Rows::kFlat) || (ids && ids->As<Expression>() != nullptr)) {
    Reject(Kind::TypeMismatch, ids->span,
           std::string("in_bulk() takes keys: write `.values_list(\"pk\", flat=True)`"));
  }
  const Value* none = ids ? ConstantIn(ids) : nullptr;
  if (ids && (none == nullptr || !none->is_none())) {
    Arguments filter;
    filter.span = span;
    filter.keywords.emplace_back(field_name + "__in", ids);
    queryset = *Filter(queryset, filter, false, span)->As<QuerySet>();
  }
  queryset.names = {field_name};
  return Fetch(queryset, program::FetchKind::kInBulk, span);
}

}  // namespace ormc::bind
