#include <algorithm>
#include <set>
#include <string>

#include "compiler/base/planted.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/queryset_checks.h"
#include "compiler/plan/versions.h"

namespace ormc::bind {
namespace {

// The SELECTs of a combined query.
size_t PartsOf(const plan::Query& query) {
  size_t parts = query.combined.empty() ? 1 : 0;
  for (const std::shared_ptr<plan::Query>& part : query.combined) parts += PartsOf(*part);
  return parts;
}

}  // namespace

BoundPtr Binder::Combinator(QuerySet queryset, const Arguments& arguments,
                            plan::Combinator combinator, bool all, Span span) {
  if (combinator == plan::Combinator::kUnion && arguments.positional.empty()) {
    plan::RequireDjango(plan_, catalog::Change::kUnionOfOne, span);
    return MakeBound(span, queryset);
  }
  std::vector<QuerySet> parts = {queryset};
  for (const BoundPtr& argument : arguments.positional) {
    const auto* other = argument->As<QuerySet>();
    if (other == nullptr)
      Reject(Kind::BadArgument, argument->span, std::string("a combinator takes querysets"));
    parts.push_back(*other);
  }
  // Empty querysets are known before any query is sent.
  if (combinator == plan::Combinator::kUnion) {
    std::vector<QuerySet> filled;
    for (const QuerySet& part : parts) {
      if (!part.query->IsEmpty()) filled.push_back(part);
    }
    if (queryset.query->IsEmpty() && filled.empty()) return MakeBound(span, queryset);
    if (queryset.query->IsEmpty() && filled.size() == 1) return MakeBound(span, filled[0]);
    if (queryset.query->IsEmpty()) parts = filled;
  } else if (combinator == plan::Combinator::kIntersection) {
    for (const QuerySet& part : parts) {
      if (part.query->IsEmpty()) return MakeBound(span, part);
    }
  } else if (queryset.query->IsEmpty()) {
    return MakeBound(span, queryset);
  }
  size_t count = 0;
  for (const QuerySet& part : parts) count += PartsOf(*part.query);
  if (count > plan_.limits.subqueries && !Planted("combined-parts")) {
    Reject(Kind::LimitExceeded, span, std::to_string(plan_.limits.subqueries),
           std::string("parts of a combined queryset"));
  }
  auto query = parts[0].query->Clone();
  query->ClearOrdering(true, true);
  query->ClearLimits();
  query->combinator = combinator;
  query->combine_all = all;
  query->combined.clear();
  for (const QuerySet& part : parts) query->combined.push_back(part.query->Relabeled());
  query->distinct_span = span;
  QuerySet combined = parts[0];
  combined.batch = nullptr;
  combined.query = query;
  return MakeBound(span, std::move(combined));
}

BoundPtr Binder::CombineQuerySets(ast::BinaryOp op, const QuerySet& left, const QuerySet& right,
                                  Span span) {
  const plan::Connector connector = op == ast::BinaryOp::kBitAnd  ? plan::Connector::kAnd
                                    : op == ast::BinaryOp::kBitOr ? plan::Connector::kOr
                                                                  : plan::Connector::kXor;
  if (left.query->combinator != plan::Combinator::kNone ||
      right.query->combinator != plan::Combinator::kNone) {
    Reject(Kind::CannotCombine, span, std::string("one is combined already"));
  }
  if (left.rows != right.rows) Reject(Kind::CannotCombine, span, std::string("their rows differ"));
  // QuerySet._merge_sanity_check()
  const auto names = [](const QuerySet& queryset) {
    std::set<std::string> out(queryset.query->values_select.begin(),
                              queryset.query->values_select.end());
    for (const auto& [name, expr] : queryset.query->SelectedAnnotations()) out.insert(name);
    return out;
  };
  if (left.rows != Rows::kInstances && names(left) != names(right)) {
    Reject(Kind::CannotCombine, span, std::string("they have different values"));
  }
  // An empty side decides.
  if (left.query->IsEmpty()) {
    return MakeBound(span, connector == plan::Connector::kAnd ? left : right);
  }
  if (right.query->IsEmpty()) {
    return MakeBound(span, connector == plan::Connector::kAnd ? right : left);
  }
  if (left.query->model != right.query->model) {
    Reject(Kind::CannotCombine, span, std::string("they are of different models"));
  }
  // Under OR and XOR a slice becomes `pk__in` of itself.
  const auto unsliced = [&](const QuerySet& queryset) {
    if (!queryset.query->IsSliced() || connector == plan::Connector::kAnd) return queryset;
    auto keys = queryset.query->Clone();
    keys->SetValues({"pk"}, span);
    QuerySet plain = FromModel(*queryset.query->model, nullptr, span);
    QuerySet key_set = queryset;
    key_set.query = keys;
    key_set.rows = Rows::kDicts;
    Arguments arguments;
    arguments.span = span;
    arguments.keywords.emplace_back("pk__in", MakeBound(span, key_set));
    return *Filter(plain, arguments, false, span)->As<QuerySet>();
  };
  QuerySet combined = unsliced(left);
  combined.batch = nullptr;
  auto query = combined.query->Clone();
  query->Combine(*unsliced(right).query, connector, span);
  combined.query = query;
  return MakeBound(span, std::move(combined));
}

}  // namespace ormc::bind
