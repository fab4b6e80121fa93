#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/queryset_checks.h"
#include "compiler/syntax/parse.h"

namespace ormc::bind {
using plan::Expr;
using plan::ExprPtr;
using plan::Op;
using plan::Query;

std::optional<QuerySet> Binder::AsQuerySet(const BoundPtr& value) {
  if (const auto* queryset = value->As<QuerySet>()) return *queryset;
  if (const auto* manager = value->As<ManagerRef>()) {
    return FromModel(*manager->model, manager->manager, value->span);
  }
  if (const auto* related = value->As<RelatedRows>()) return related->queryset;
  return std::nullopt;
}

QuerySet Binder::FromModel(const manifest::Model& model, const manifest::Manager* manager,
                           Span span) {
  if (!model.swapped.empty()) {
    Reject(Kind::UnknownAttribute, span, model.name, std::string("objects"));
  }
  QuerySet queryset;
  queryset.query = std::make_shared<const Query>(plan_, model);
  queryset.manager = manager;
  if (manager == nullptr || manager->kind == manifest::Manager::Kind::kPlain) return queryset;
  if (manager->kind == manifest::Manager::Kind::kOpaque) {
    Reject(Kind::OpaquePart, span, model.name + "." + manager->name, manager->opaque);
  }
  // The site's own default filter, written in our language over `self`.
  manifest::Method method;
  method.name = manager->name;
  method.parameters = {"self"};
  method.source = manager->queryset;
  BoundPtr filtered;
  try {
    filtered = Inlined(method, MakeBound(span, queryset), Arguments{}, span);
  } catch (const Rejection&) {
    std::optional<QuerySet> seen_by_site = SiteRows(model, *manager, span);
    if (!seen_by_site) throw;
    notes_.push_back("`" + manager->name + "` is the site's own");
    return *std::move(seen_by_site);
  }
  const auto* result = filtered->As<QuerySet>();
  if (result == nullptr) {
    Reject(Kind::OpaquePart, span, model.name + "." + manager->name,
           std::string("it gives no queryset"));
  }
  return *result;
}

BoundPtr Binder::QuerySetMethod(const QuerySet& queryset, const catalog::Method& method,
                                Arguments arguments, Span span) {
  using catalog::MethodId;
  if (queryset.batch) return RelatedMethod(queryset, method, std::move(arguments), span);
  switch (method.id) {
    case MethodId::kAll:
    case MethodId::kGetQueryset:
      return MakeBound(span, queryset);
    case MethodId::kIterator: {
      BoundPtr chunk = arguments.Take("chunk_size");
      if (!chunk && !arguments.positional.empty()) chunk = arguments.positional[0];
      const Value* size = chunk ? ConstantIn(chunk) : nullptr;
      const auto* number = size != nullptr ? size->As<int64_t>() : nullptr;
      const bool other = size != nullptr ? !size->is_none() && number == nullptr
                                         : chunk && TypeOf(chunk).kind != TypeKind::kInt;
      if (other) {
        Reject(Kind::TypeMismatch, chunk->span, std::string("chunk_size is a number"));
      }
      if (number != nullptr && *number <= 0) {
        Reject(Kind::BadValue, span, std::string("Chunk size must be strictly positive."));
      }
      const bool unknown = !chunk || (size != nullptr && size->is_none());
      if (unknown && !queryset.prefetches.empty()) {
        Reject(Kind::BadValue, span,
               std::string("chunk_size must be provided when using QuerySet.iterator() after "
                           "prefetch_related()."));
      }
      return MakeBound(span, queryset);
    }
    case MethodId::kNone: {
      QuerySet empty = queryset;
      auto query = queryset.query->Clone();
      query->SetEmpty();
      empty.query = query;
      return MakeBound(span, std::move(empty));
    }
    case MethodId::kFilter:
      return Filter(queryset, arguments, false, span);
    case MethodId::kExclude:
      return Filter(queryset, arguments, true, span);
    case MethodId::kComplexFilter: {
      if (arguments.positional.size() != 1) {
        Reject(Kind::MissingArgument, span, std::string("complex_filter"),
               std::string("a Q or a dict"));
      }
      if (arguments.positional[0]->As<Expression>() != nullptr) {
        return Filter(queryset, arguments, false, span);
      }
      Arguments conditions;
      conditions.span = span;
      SpreadKeywords(arguments.positional[0], conditions);
      return Filter(queryset, conditions, false, span);
    }
    case MethodId::kAnnotate:
      return Annotate(queryset, std::move(arguments), true, span);
    case MethodId::kAlias:
      return Annotate(queryset, std::move(arguments), false, span);
    case MethodId::kOrderBy:
      return OrderBy(queryset, arguments, span);
    case MethodId::kReverse: {
      RejectAfterSlice(queryset, "reverse", span);
      QuerySet reversed = queryset;
      auto query = queryset.query->Clone();
      query->standard_ordering = !query->standard_ordering;
      reversed.query = query;
      return MakeBound(span, std::move(reversed));
    }
    case MethodId::kDistinct:
      return Distinct(queryset, arguments, span);
    case MethodId::kValues:
      return Values(queryset, std::move(arguments), false, span);
    case MethodId::kValuesList:
      return Values(queryset, std::move(arguments), true, span);
    case MethodId::kDates:
      return Dates(queryset, std::move(arguments), false, span);
    case MethodId::kDatetimes:
      return Dates(queryset, std::move(arguments), true, span);
    case MethodId::kUnion: {
      const bool all = Flag(arguments.Take("all"));
      return Combinator(queryset, arguments, plan::Combinator::kUnion, all, span);
    }
    case MethodId::kIntersection:
      return Combinator(queryset, arguments, plan::Combinator::kIntersection, false, span);
    case MethodId::kDifference:
      return Combinator(queryset, arguments, plan::Combinator::kDifference, false, span);
    case MethodId::kSelectRelated:
      return SelectRelated(queryset, arguments, span);
    case MethodId::kPrefetchRelated:
      return PrefetchRelated(queryset, arguments, span);
    case MethodId::kOnly:
      return Defer(queryset, arguments, true, span);
    case MethodId::kDefer:
      return Defer(queryset, arguments, false, span);
    case MethodId::kCount:
    case MethodId::kExists:
    case MethodId::kGet:
    case MethodId::kFirst:
    case MethodId::kLast:
    case MethodId::kLatest:
    case MethodId::kEarliest:
    case MethodId::kAggregate:
    case MethodId::kInBulk:
    case MethodId::kContains:
      break;
  }
  throw InternalError("no queryset method");
}

BoundPtr Binder::Filter(QuerySet queryset, const Arguments& arguments, bool negated, Span span) {
  RejectCombined(queryset, negated ? "exclude" : "filter", span);
  const bool any = !arguments.positional.empty() || !arguments.keywords.empty();
  if (any) RejectAfterSlice(queryset, negated ? "exclude" : "filter", span);
  const ExprPtr condition = Condition(arguments, span, negated);
  auto query = queryset.query->Clone();
  if (queryset.sticky) {
    query->AddCondition(condition, &queryset.sticky_joins);
    queryset.sticky = false;
  } else {
    query->AddCondition(condition);
  }
  queryset.query = query;
  return MakeBound(span, std::move(queryset));
}

BoundPtr Binder::Annotate(QuerySet queryset, Arguments arguments, bool select, Span span) {
  RejectCombined(queryset, select ? "annotate" : "alias", span);
  std::vector<std::pair<std::string, BoundPtr>> named;
  for (const BoundPtr& positional : arguments.positional) {
    const auto* expression = positional->As<Expression>();
    if (expression == nullptr) {
      Reject(Kind::TypeMismatch, positional->span,
             std::string("annotate takes expressions of the ORM"));
    }
    if (expression->default_alias.empty()) {
      Reject(Kind::NeedsAlias, positional->span, std::string("..."));
    }
    for (const auto& [name, value] : arguments.keywords) {
      if (name == expression->default_alias) Reject(Kind::AliasConflict, value->span, name);
    }
    named.emplace_back(expression->default_alias, positional);
  }
  for (auto& keyword : arguments.keywords) named.push_back(std::move(keyword));
  auto query = queryset.query->Clone();
  const manifest::Model& model = *query->model;
  for (const auto& [name, value] : named) {
    if (queryset.rows == Rows::kInstances) {
      // A hidden name is free, as an unknown one is; the annotation stands for itself alone.
      const bool conflict =
          scope_.FindField(model, name) != nullptr || scope_.FindReverse(model, name) != nullptr;
      if (conflict) Reject(Kind::AliasConflict, value->span, name);
    }
    const auto selected = queryset.names.begin() + static_cast<std::ptrdiff_t>(queryset.written);
    if (std::find(queryset.names.begin(), selected, name) != selected) {
      Reject(Kind::AliasConflict, value->span, name);
    }
    if (const auto* relation = value->As<FilteredRelationValue>()) {
      plan::FilteredRelation filtered = relation->relation;
      filtered.name = name;
      query->AddFilteredRelation(std::move(filtered), value->span);
      continue;
    }
    ExprPtr expr;
    if (value->As<Expression>() == nullptr && value->As<QuerySet>() == nullptr) {
      Reject(Kind::TypeMismatch, value->span,
             std::string("annotate takes expressions of the ORM: wrap a value in `Value(...)`"));
    }
    expr = ToExpression(value, false);
    query->AddAnnotation(name, expr, select);
  }
  for (const auto& [name, value] : named) {
    const ExprPtr* annotation = query->FindAnnotation(name);
    if (annotation == nullptr || !(*annotation)->contains_aggregate) continue;
    if (queryset.rows == Rows::kInstances) {
      query->grouping = Query::Grouping::kAll;
    } else {
      query->SetGroupBy();
    }
    break;
  }
  if (select && queryset.rows != Rows::kInstances) {
    for (const auto& [name, value] : named) {
      if (!queryset.names.empty() && query->FindAnnotation(name) != nullptr) {
        queryset.names.push_back(name);
      }
    }
  }
  queryset.query = query;
  return MakeBound(span, std::move(queryset));
}

BoundPtr Binder::Distinct(QuerySet queryset, const Arguments& arguments, Span span) {
  RejectCombined(queryset, "distinct", span);
  RejectAfterSlice(queryset, "distinct", span);
  auto query = queryset.query->Clone();
  query->distinct = true;
  query->distinct_fields.clear();
  query->distinct_span = span;
  for (const BoundPtr& argument : arguments.positional) {
    query->distinct_fields.push_back(RequireText(argument, "a field's name"));
  }
  queryset.query = query;
  return MakeBound(span, std::move(queryset));
}

}  // namespace ormc::bind
