#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

// Annotations' references become what they stand for, where `replace` knows them.
ExprPtr ReplaceReferences(const ExprPtr& expr,
                          const std::vector<std::pair<std::string, ExprPtr>>& known) {
  return Rewrite(expr, [&](const ExprPtr& part) -> ExprPtr {
    if (part->op != Op::kReference) return nullptr;
    for (const auto& [name, replacement] : known) {
      if (name == part->name) return replacement;
    }
    return nullptr;
  });
}

ExprPtr KeyColumn(Query& query) {
  const manifest::Model& model = Concrete(*query.model);
  Check(!model.primary_key.empty(), "a model without a key");
  Query::Trimmed key{{}, query.InitialAlias(), {}};
  for (const std::string& name : model.primary_key) key.targets.push_back(model.FindField(name));
  if (key.targets.size() > 1) return query.TupleOf(key, Span{});
  return MakeColumn(key.alias, *key.targets[0], TargetType(TypeOf(*key.targets[0])));
}

}  // namespace

std::optional<Value> EmptyResultValue(const ExprPtr& expr) {
  switch (expr->op) {
    case Op::kAggregate:
      return expr->aggregate->name == "Count" || expr->aggregate->name == "RegrCount"
                 ? Value::Int(0)
                 : Value::None();
    case Op::kValue:
      if (expr->operand.runtime) return std::nullopt;
      return expr->operand.constant;
    case Op::kExists:
      return Value::Bool(false);
    case Op::kSubquery:
      return Value::None();
    case Op::kFunction:
      if (expr->function->name != "Coalesce") return std::nullopt;
      for (const ExprPtr& source : expr->args) {
        const std::optional<Value> value = EmptyResultValue(source);
        if (!value || !value->is_none()) return value;
      }
      return Value::None();
    case Op::kName:
    case Op::kOuterName:
    case Op::kCondition:
    case Op::kItem:
    case Op::kDirect:
    case Op::kDirectList:
    case Op::kStar:
    case Op::kArithmetic:
    case Op::kCase:
    case Op::kWhen:
    case Op::kNot:
    case Op::kWrapper:
    case Op::kOrderBy:
    case Op::kLookup:
    case Op::kWindow:
    case Op::kOuterColumn:
    case Op::kColumn:
    case Op::kReference:
    case Op::kWhere:
    case Op::kNothing:
      return std::nullopt;
  }
  return std::nullopt;
}

// An aggregate takes the place of an annotation that has its name.
void Query::ForgetReplaced(const std::vector<std::pair<std::string, ExprPtr>>& aggregates) {
  std::set<std::string> replaced;
  for (const auto& [name, aggregate] : aggregates) {
    const auto erased = std::erase_if(
        annotations, [&name = name](const auto& entry) { return entry.first == name; });
    if (erased > 0) replaced.insert(name);
  }
  for (const auto& [name, aggregate] : aggregates) {
    for (const std::string& reference : References(aggregate)) {
      if (!replaced.contains(reference)) continue;
      Reject(Kind::DatabaseRefuses, aggregate->span,
             "an aggregate of `" + reference + "` where another of that name takes its place");
    }
  }
  for (const std::string& name : replaced) {
    const bool needed =
        (selected &&
         std::ranges::any_of(*selected, [&](const auto& entry) { return entry.first == name; })) ||
        std::ranges::any_of(group_by,
                            [&](const ExprPtr& key) { return References(key).contains(name); }) ||
        References(where_root).contains(name);
    if (!needed) continue;
    Reject(Kind::NotSupported, aggregates[0].second->span,
           "an aggregate with the name of the annotation `" + name + "`",
           std::string("give it another name"));
  }
}

std::shared_ptr<Query> Query::Aggregation(
    const std::vector<std::pair<std::string, ExprPtr>>& aggregates, bool keep_order) {
  bool refs_subquery = false;
  bool refs_window = false;
  const auto mask_before = annotation_mask;
  const auto selected_before = selected;
  const auto annotations_before = annotations;
  std::vector<std::pair<std::string, ExprPtr>> resolved;
  for (const auto& [name, expr] : aggregates) {
    CheckAlias(name, expr->span);
    ExprPtr aggregate = Resolve(expr, true, nullptr, true);
    if (!aggregate->contains_aggregate) Reject(Kind::NotAggregate, expr->span, name);
    AppendAnnotationMask({name});
    for (const std::string& reference : References(aggregate)) {
      const ExprPtr* annotation = FindAnnotation(reference);
      if (annotation == nullptr) continue;
      refs_subquery |= (*annotation)->contains_subquery;
      refs_window |= (*annotation)->contains_window;
    }
    // Earlier aggregates of the same call may be used by later ones.
    aggregate = ReplaceReferences(aggregate, resolved);
    Expr summary = *aggregate;
    summary.summary = true;
    aggregate = Finish(std::move(summary));
    resolved.emplace_back(name, aggregate);
    std::erase_if(annotations, [&](const auto& entry) { return entry.first == name; });
    annotations.emplace_back(name, aggregate);
  }
  annotations = annotations_before;
  selected = selected_before;
  annotation_mask = mask_before;
  ForgetReplaced(resolved);
  if (selected && annotation_mask) {  // for a moment each name was an annotation's
    std::erase_if(*selected, [&](const Selected& entry) {
      return std::ranges::any_of(
          resolved, [&](const auto& aggregate) { return aggregate.first == entry.first; });
    });
  }

  if (Planted("count-ignores-distinct")) distinct = false;
  if (Planted("count-ignores-slice")) ClearLimits();
  const Split split = SplitHaving(false);
  const bool existing_aggregation =
      split.having != nullptr ||
      std::any_of(annotations.begin(), annotations.end(),
                  [](const auto& entry) { return entry.second->contains_aggregate; });
  const bool wrap = grouping == Grouping::kList || IsSliced() || existing_aggregation ||
                    refs_subquery || refs_window || split.qualify != nullptr || distinct ||
                    combinator != Combinator::kNone || keep_order;
  if (!wrap) {
    select.clear();
    selected.reset();
    default_cols = false;
    const auto existing = annotations;
    annotations.clear();
    std::set<std::string> mask;
    for (auto& [name, aggregate] : resolved) {
      annotations.emplace_back(name, ReplaceReferences(aggregate, existing));
      mask.insert(name);
    }
    annotation_mask = mask;
    ClearOrdering(true);
    ClearLimits();
    return Clone();
  }

  auto inner_query = Clone();
  inner_query->subquery = true;
  inner_query->counted_here = keep_order;
  {
    std::set<std::string> mask;
    for (const auto& [name, expr] : SelectedAnnotations()) mask.insert(name);
    inner_query->SetAnnotationMask(mask);
  }
  if (!keep_order) inner_query->ClearOrdering(false);
  const bool in_its_order = keep_order && combinator != Combinator::kNone;  // by its columns
  if (!inner_query->distinct && !in_its_order) {
    if (inner_query->default_cols && existing_aggregation) {
      inner_query->group_by = {KeyColumn(*inner_query)};
      inner_query->grouping = Grouping::kList;
    }
    inner_query->default_cols = false;
    if (split.qualify == nullptr && combinator == Combinator::kNone) {
      std::set<std::string> mask;
      if (grouping == Grouping::kList) {
        for (const ExprPtr& expr : group_by) mask.merge(References(expr));
      }
      for (const auto& [name, aggregate] : resolved) mask.merge(References(aggregate));
      for (const auto& [name, annotation] : SelectedAnnotations()) {
        if (!GroupByColumns(annotation).empty()) mask.insert(name);
      }
      inner_query->SetAnnotationMask(mask);
    }
  }
  auto outer = std::make_shared<Query>(*context, *model);
  outer->default_cols = false;
  std::vector<std::pair<ExprPtr, std::string>> column_names;
  for (const auto& [name, aggregate] : resolved) {
    // The columns that the aggregate reads are selected within, under names of ours.
    const ExprPtr placed = Rewrite(aggregate, [&](const ExprPtr& part) -> ExprPtr {
      if (part->op == Op::kReference) return part;
      if (part->op != Op::kColumn) return nullptr;
      if (combinator != Combinator::kNone) {
        // Django gives the parts' columns names of their own, and looks for these in vain.
        Reject(Kind::DatabaseRefuses, part->span,
               std::string("an aggregate of a combined queryset's column"));
      }
      for (const auto& [column, column_name] : column_names) {
        if (Same(column, part)) return MakeReference(column_name, part);
      }
      if (inner_query->selected && inner_query->selected->empty()) {
        Reject(Kind::DatabaseRefuses, part->span,
               std::string("an aggregate of a column of groups of which nothing is selected"));
      }
      const std::string column_name = "__col" + std::to_string(column_names.size() + 1);
      column_names.emplace_back(part, column_name);
      inner_query->AddAnnotation(column_name, part, true);
      return MakeReference(column_name, part);
    });
    outer->annotations.emplace_back(name, placed);
  }
  if (inner_query->distinct && inner_query->selected && inner_query->selected->empty()) {
    Reject(Kind::DatabaseRefuses, aggregates[0].second->span,
           std::string("an aggregate with the name of all that a distinct query selects"));
  }
  if (inner_query->select.empty() && !inner_query->default_cols &&
      (!inner_query->annotation_mask || inner_query->annotation_mask->empty())) {
    inner_query->select = {KeyColumn(*inner_query)};
    if (!keep_order && IsTuple(*inner_query->select[0]) && !inner_query->group_by.empty()) {
      // Django groups by the place of the key, which is that of its first column.
      Reject(Kind::DatabaseRefuses, aggregates[0].second->span,
             std::string("a composite key in groups of which only its first column is one"));
    }
  }
  outer->wrapped = inner_query;
  outer->ClearOrdering(true);
  return outer;
}

std::shared_ptr<Query> Query::Exists(bool limit) const {
  auto query = Clone();
  if (!(query->distinct && query->IsSliced())) {
    if (query->grouping == Grouping::kAll) {
      std::vector<std::string> names;
      for (const manifest::Field& field : model->fields) {
        if (field.concrete && !field.column.empty() && context->scope->Sees(field)) {
          names.push_back(field.attname);
        }
      }
      query->AddFields(names, false, Span{});
      query->SetGroupBy(false);
    }
    query->ClearSelectClause();
  }
  if (query->combinator == Combinator::kUnion) {
    for (std::shared_ptr<Query>& part : query->combined) part = part->Exists(false);
  }
  query->ClearOrdering(true);
  if (limit && !query->computed_limits) query->SetLimits(std::nullopt, 1);
  query->AddAnnotation("a", MakeValue(Span{}, Constant(Value::Int(1))), true);
  return query;
}

}  // namespace ormc::plan
