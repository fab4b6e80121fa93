#include "compiler/bind/batches.h"

#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/bind/making.h"

namespace ormc::bind {
namespace {

using catalog::MethodId;
using plan::ExprPtr;

// Is the value the same whenever it is computed?  The clock stands still while a program runs; what
// reads a local or the database may differ from row to row.
bool IsSteady(const program::ExprPtr& expr) {
  const auto all = [](const auto& call) {
    return std::all_of(call.arguments.begin(), call.arguments.end(), IsSteady) &&
           std::all_of(call.keywords.begin(), call.keywords.end(),
                       [](const program::Keyword& keyword) { return IsSteady(keyword.value); });
  };
  return std::visit(
      Overloaded{
          [](const program::Constant&) { return true; },
          [](const program::Unary& node) { return IsSteady(node.operand); },
          [](const program::Binary& node) { return IsSteady(node.left) && IsSteady(node.right); },
          [](const program::Attribute& node) { return IsSteady(node.value); },
          [&](const program::CallBuiltin& node) { return all(node); },
          [&](const program::CallMethod& node) { return IsSteady(node.receiver) && all(node); },
          [](const auto&) { return false; },
      },
      expr->node);
}

bool IsConstant(const ExprPtr& expr) {
  if (expr->query || (expr->operand.runtime && !IsSteady(expr->operand.runtime))) return false;
  const std::vector<ExprPtr> sources = plan::Sources(*expr);
  return std::all_of(sources.begin(), sources.end(), IsConstant);
}

// Methods that mean the same for the rows of one owner and of all of them.
bool IsSharedBy(MethodId method, const Arguments& arguments, const Batch& batch) {
  switch (method) {
    case MethodId::kAll:
    case MethodId::kGetQueryset:
      return true;
    case MethodId::kIterator:
    case MethodId::kFilter:
    case MethodId::kExclude:
    case MethodId::kComplexFilter:
    case MethodId::kAnnotate:
    case MethodId::kAlias:
    case MethodId::kOrderBy:
    case MethodId::kReverse:
    case MethodId::kSelectRelated:
    case MethodId::kPrefetchRelated:
    case MethodId::kOnly:
    case MethodId::kDefer:
    case MethodId::kValues:
    case MethodId::kValuesList:
      return !batch.fixed;
    case MethodId::kDistinct:
      return !batch.fixed && arguments.positional.empty();
    case MethodId::kNone:
    case MethodId::kDates:
    case MethodId::kDatetimes:
    case MethodId::kUnion:
    case MethodId::kIntersection:
    case MethodId::kDifference:
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
      return false;
  }
  return false;
}

}  // namespace

std::optional<Origin> SingleOrigin(const Type& type) {
  if (type.origins.empty()) return std::nullopt;
  const Origin& first = type.origins[0];
  const bool one = std::all_of(type.origins.begin(), type.origins.end(), [&](const Origin& other) {
    return other.query == first.query && other.path == first.path;
  });
  return one ? std::optional(first) : std::nullopt;
}

bool AreAlike(const plan::Query& query, size_t first) {
  const std::vector<ExprPtr>& conditions = query.where_root->args;
  return std::all_of(conditions.begin() + static_cast<std::ptrdiff_t>(first), conditions.end(),
                     IsConstant) &&
         std::all_of(query.annotations.begin(), query.annotations.end(),
                     [](const auto& entry) { return IsConstant(entry.second); });
}

bool HasWindow(const plan::Query& query) {
  return query.where_root->contains_window ||
         std::any_of(query.annotations.begin(), query.annotations.end(),
                     [](const auto& entry) { return entry.second->contains_window; });
}

bool IsDivisible(const plan::Query& query, const Batch& batch) {
  // Grouped by its key, a row keeps its owner where the owner is a column of the row.
  const bool grouped = query.grouping != plan::Query::Grouping::kNone;
  const bool by_row = query.grouping == plan::Query::Grouping::kAll && batch.owned && !batch.fixed;
  return !query.IsSliced() && query.combinator == plan::Combinator::kNone &&
         query.distinct_fields.empty() && (!grouped || by_row);
}

BoundPtr Binder::RelatedMethod(const QuerySet& queryset, const catalog::Method& method,
                               Arguments arguments, Span span) {
  QuerySet single = queryset;
  single.batch = nullptr;
  const BoundPtr result = QuerySetMethod(single, method, arguments, span);
  if (!IsSharedBy(method.id, arguments, *queryset.batch)) return result;
  QuerySet both = *result->As<QuerySet>();
  if (queryset.batch->fixed) {
    both.batch = queryset.batch;
    return MakeBound(span, std::move(both));
  }
  auto batch = std::make_shared<Batch>(*queryset.batch);
  const size_t before = plan_.conditions;
  const BoundPtr rows = QuerySetMethod(*batch->rows, method, std::move(arguments), span);
  plan_.conditions = before;
  batch->rows = std::make_shared<const QuerySet>(*rows->As<QuerySet>());
  const plan::Query& query = *batch->rows->query;
  if (AreAlike(query, batch->conditions) && !HasWindow(query) && IsDivisible(query, *batch)) {
    both.batch = std::move(batch);
  }
  return MakeBound(span, std::move(both));
}

BoundPtr Binder::FetchRelated(const QuerySet& queryset, Span span) {
  const Batch& batch = *queryset.batch;
  CheckFetched(*batch.rows, span);
  PendingQuery pending;
  pending.query = batch.rows->query;
  pending.rows = batch.rows->rows;
  pending.names = batch.rows->names;
  pending.related = batch.rows->related;
  pending.prefetches = batch.rows->prefetches;
  pending.fetch = program::FetchKind::kGrouped;
  pending.empty_value = std::nullopt;
  pending.span = span;
  const auto index = static_cast<uint32_t>(pending_.size());
  const Type row = RowType(pending, index);
  auto query = pending.query->Clone();
  query->PutAnnotation(std::string(kOwnerColumn), batch.owner_key, true);
  pending.query = query;
  pending_.push_back(std::move(pending));
  program::RelatedOf of;
  of.query = index;
  of.origin = batch.origin.query;
  of.path = batch.origin.path;
  of.owner = batch.owner;
  of.key = batch.key;
  of.keys_slot = batch.keys_slot;
  program::ExprPtr rows = program::Make(span, std::move(of));
  if (batch.low != 0 || batch.high) {
    const auto bound = [&](uint64_t number) {
      return program::Make(span, program::Constant{Value::Int(static_cast<int64_t>(number))});
    };
    rows =
        program::Make(span, program::SliceOf{rows, bound(batch.low),
                                             batch.high ? bound(*batch.high) : nullptr, nullptr});
  }
  return MakeBound(span, PythonValue{std::move(rows), ListOf(row), {}});
}

// `rows` of the keys that the runtime collects.
QuerySet Binder::Keyed(QuerySet rows, const std::string& key, uint32_t keys_slot, Span span) {
  auto query = rows.query->Clone();
  query->ClearOrdering(true);
  const PythonValue keys{program::Make(span, program::Local{keys_slot}), ListOf(Type()), {}};
  plan::Expr condition = NewExpr(plan::Op::kCondition, span);
  condition.args = {ConditionItem(key + "__in", MakeBound(span, keys), span)};
  query->AddCondition(plan::Finish(std::move(condition)), nullptr);
  rows.query = std::move(query);
  return rows;
}

// Fetched as a dict from the key to its rows.
uint32_t Binder::GroupedByKey(QuerySet rows, const std::string& key, Span span) {
  CheckFetched(rows, span);
  auto query = rows.query->Clone();
  query->PutAnnotation(std::string(kOwnerColumn),
                       query->ResolveRef(key, span, true, nullptr, false), true);
  PendingQuery pending;
  pending.query = std::move(query);
  pending.rows = rows.rows;
  pending.names = std::move(rows.names);
  pending.fetch = program::FetchKind::kGrouped;
  pending.related = std::move(rows.related);
  pending.prefetches = std::move(rows.prefetches);
  pending.span = span;
  pending_.push_back(std::move(pending));
  return static_cast<uint32_t>(pending_.size() - 1);
}

BoundPtr Binder::OfRelated(const QuerySet& queryset, const char* builtin, TypeKind type,
                           Span span) {
  const PythonValue rows = ToPython(FetchRelated(queryset, span));
  return MakeBound(
      span,
      PythonValue{
          program::Make(span, program::CallBuiltin{builtin, {rows.expr}, {}}), MakeType(type), {}});
}

// The first of the batched rows, or None.
BoundPtr Binder::FirstOfRelated(const QuerySet& queryset, Span span) {
  const PythonValue rows = ToPython(FetchRelated(queryset, span));
  Type row = ElementOf(rows.type);
  row.nullable = true;
  const auto constant = [&](Value value) {
    return program::Make(span, program::Constant{std::move(value)});
  };
  const program::ExprPtr first =
      program::Make(span, program::Subscript{rows.expr, constant(Value::Int(0))});
  return MakeBound(
      span, PythonValue{program::Make(
                            span, program::Conditional{rows.expr, first, constant(Value::None())}),
                        std::move(row),
                        {}});
}

}  // namespace ormc::bind
