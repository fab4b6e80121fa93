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
      return expr->aggregate->name == "Count" ? Value::Int(0) : Value::None();
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

std::shared_ptr<Query> Query::Aggregation(
    const std::vector<std::pair<std::string, ExprPtr>>& aggregates) {
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

  if (Planted("count-ignores-distinct")) distinct = false;
  if (Planted("count-ignores-slice")) ClearLimits();
  const Split split = SplitHaving(false);
  const bool existing_aggregation =
      split.having != nullptr ||
      std::any_of(annotations.begin(), annotations.end(),
                  [](const auto& entry) { return entry.second->contains_aggregate; });
  const bool wrap = grouping == Grouping::kList || IsSliced() || existing_aggregation ||
                    refs_subquery || refs_window || split.qualify != nullptr || distinct ||
                    combinator != Combinator::kNone;
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
  {
    std::set<std::string> mask;
    for (const auto& [name, expr] : SelectedAnnotations()) mask.insert(name);
    inner_query->SetAnnotationMask(mask);
  }
  inner_query->ClearOrdering(false);
  if (!inner_query->distinct) {
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
      for (const auto& [column, column_name] : column_names) {
        if (Same(column, part)) return MakeReference(column_name, part);
      }
      const std::string column_name = "__col" + std::to_string(column_names.size() + 1);
      column_names.emplace_back(part, column_name);
      inner_query->AddAnnotation(column_name, part, true);
      return MakeReference(column_name, part);
    });
    outer->annotations.emplace_back(name, placed);
  }
  if (inner_query->select.empty() && !inner_query->default_cols &&
      (!inner_query->annotation_mask || inner_query->annotation_mask->empty())) {
    inner_query->select = {KeyColumn(*inner_query)};
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
  if (limit) query->SetLimits(std::nullopt, 1);
  query->AddAnnotation("a", MakeValue(Span{}, Constant(Value::Int(1))), true);
  return query;
}

void Query::Combine(const Query& other, Connector connector, Span span) {
  const auto refuse = [&](const char* why) { Reject(Kind::CannotCombine, span, std::string(why)); };
  if (model != other.model) refuse("they are of different models");
  if (IsSliced() || other.IsSliced()) refuse("one is sliced");
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
    hop.to = join.model;
    hop.join_field = join.join_field;
    hop.reverse = join.reverse;
    hop.nullable = join.nullable;
    hop.columns = join.columns;
    hop.content_type_of = join.content_type_of;
    hop.content_type_on_parent = join.content_type_on_parent;
    hop.filtered = join.filtered;
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
      if (side->args.empty()) continue;
      const bool flat = !side->negated && (side->connector == connector || side->args.size() == 1);
      if (flat) {
        children.insert(children.end(), side->args.begin(), side->args.end());
      } else {
        children.push_back(side);
      }
    }
    return MakeWhere(connector, false, std::move(children));
  };
  if (where_root->args.empty() || right->where_root->args.empty()) {
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
