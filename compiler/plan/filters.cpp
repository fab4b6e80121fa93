#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"
#include "compiler/plan/slices.h"

namespace ormc::plan {
namespace {

using manifest::Field;
using manifest::Model;

// Which aliases must be outer and which may be inner, by the votes of a connector's children.
class JoinPromoter {
 public:
  JoinPromoter(Connector connector, size_t children, bool negated) : children_(children) {
    effective_ = connector;
    if (negated && connector == Connector::kAnd) effective_ = Connector::kOr;
    if (negated && connector != Connector::kAnd) effective_ = Connector::kAnd;
  }

  void AddVotes(const std::vector<AliasId>& aliases) {
    for (const AliasId alias : AliasSet(aliases.begin(), aliases.end())) ++votes_[alias];
  }

  std::vector<AliasId> UpdateJoinTypes(Query& query) const {
    std::vector<AliasId> promote;
    std::vector<AliasId> demote;
    for (const auto& [alias, count] : votes_) {
      // Under OR, a join that one branch does not need must not drop rows.
      if (effective_ == Connector::kOr && count < children_ && !Planted("promote-or-joins")) {
        promote.push_back(alias);
      }
      if (effective_ == Connector::kAnd || (effective_ == Connector::kOr && count == children_)) {
        demote.push_back(alias);
      }
    }
    query.Promote(promote);
    query.Demote(demote);
    return demote;
  }

 private:
  Connector effective_;
  size_t children_;
  std::map<AliasId, size_t> votes_;
};

// tree.Node.add(): a child with the same connector is taken apart.
void AddChild(std::vector<ExprPtr>& children, Connector connector, const ExprPtr& child) {
  const bool flat = child->op == Op::kWhere && !child->negated &&
                    (child->connector == connector || child->args.size() == 1);
  if (flat) {
    children.insert(children.end(), child->args.begin(), child->args.end());
  } else {
    children.push_back(child);
  }
}

bool IsNone(const ExprPtr& value) {
  return value->op == Op::kDirect && !value->operand.runtime && value->operand.constant.is_none();
}

bool IsTrue(const ExprPtr& value, bool wanted) {
  const bool* b = value->op == Op::kDirect && !value->operand.runtime
                      ? value->operand.constant.As<bool>()
                      : nullptr;
  return b != nullptr && *b == wanted;
}

ExprPtr True(Span span) { return MakeDirect(span, Constant(Value::Bool(true))); }
ExprPtr False(Span span) { return MakeDirect(span, Constant(Value::Bool(false))); }

bool IsNullTest(const Expr& condition) {
  return condition.op == Op::kLookup && condition.lookup->id == catalog::LookupId::kIsNull;
}

ExprPtr MakeNotNull(const ExprPtr& left) {
  Expr test;
  test.op = Op::kLookup;
  test.span = left->span;
  test.lookup = &catalog::LookupOf(catalog::LookupId::kIsNull);
  test.args = {left, False(left->span)};
  return Finish(std::move(test));
}

void CheckFilterable(const ExprPtr& expr) {
  if (expr->op == Op::kAggregate || expr->op == Op::kWindow) return;  // HAVING and QUALIFY
  for (const ExprPtr& source : Sources(*expr)) CheckFilterable(source);
}

// May an instance or a queryset of `value` stand where `model` is meant?
bool Compatible(const Model& value, const Model& model, const Field* field) {
  const Model& a = Concrete(value);
  const auto same_family = [&a](const Model& b) {
    return &a == &b || !BaseChain(a, b).empty() || !BaseChain(b, a).empty();
  };
  if (same_family(Concrete(model))) return true;
  // A relation that is the key of its rows stands for them, too.
  return field != nullptr && field->primary_key && field->model != nullptr &&
         same_family(Concrete(*field->model));
}

}  // namespace

Query::LookupType Query::SolveLookupType(const std::string& path, bool summarize, Span span) const {
  const std::vector<std::string> names = SplitPath(path);
  LookupType solved;
  // The longest run of names that is an annotation is tried from the shortest on.
  std::string head;
  for (size_t n = 0; n < names.size() && !annotations.empty(); ++n) {
    head += (n == 0 ? "" : "__") + names[n];
    if (const ExprPtr* annotation = FindAnnotation(head)) {
      solved.annotation = summarize ? MakeReference(head, *annotation) : *annotation;
      solved.lookups.assign(names.begin() + static_cast<std::ptrdiff_t>(n) + 1, names.end());
      return solved;
    }
  }
  const PathEnd end = NamesToPath(names, model, true, false, span);
  solved.lookups = end.rest;
  solved.parts.assign(names.begin(), names.end() - static_cast<std::ptrdiff_t>(end.rest.size()));
  return solved;
}

ExprPtr Query::ResolveLookupValue(const ExprPtr& value, AliasSet* reuse, bool allow_joins,
                                  bool summarize) {
  if (value->op == Op::kDirect) return value;
  return Resolve(value, allow_joins, reuse, summarize);
}

Query::Clause Query::BuildCondition(const ExprPtr& condition, AliasSet* reuse,
                                    FilterOptions options) {
  options.current_negated ^= condition->negated;
  options.branch_negated |= condition->negated;
  JoinPromoter promoter(condition->connector, condition->args.size(), options.current_negated);
  std::vector<ExprPtr> children;
  for (const ExprPtr& child : condition->args) {
    if (++context->conditions > context->limits.conditions * 4) {
      Reject(Kind::LimitExceeded, child->span, std::to_string(context->limits.conditions),
             std::string("conditions"));
    }
    Clause clause = BuildFilter(child, reuse, options);
    promoter.AddVotes(clause.needed_inner);
    if (clause.where && !clause.where->args.empty()) {
      AddChild(children, condition->connector, clause.where);
    }
  }
  Clause result;
  if (options.update_join_types) result.needed_inner = promoter.UpdateJoinTypes(*this);
  if (!children.empty()) {
    result.where = MakeWhere(condition->connector, condition->negated, std::move(children));
  }
  return result;
}

Query::Clause Query::BuildFilter(const ExprPtr& item, AliasSet* reuse, FilterOptions options) {
  if (item->op == Op::kCondition) return BuildCondition(item, reuse, options);
  if (item->op != Op::kItem) {
    if (!IsConditional(*item)) {
      // A name's type is known only when it is resolved.
      if (item->op != Op::kOuterName) Reject(Kind::NotConditional, item->span);
    }
    ExprPtr condition = Resolve(item, options.allow_joins, reuse, options.summarize);
    if (condition->op != Op::kLookup) {
      condition = BuildLookup({"exact"}, condition, True(item->span), item->span);
    }
    return Clause{MakeWhere(Connector::kAnd, false, {condition}), {}};
  }
  const LookupType solved = SolveLookupType(item->name, options.summarize, item->span);
  if (solved.annotation) CheckFilterable(solved.annotation);
  if (!options.allow_joins && solved.parts.size() > 1) {
    Reject(Kind::JoinsNotPermitted, item->span);
  }
  std::map<AliasId, int> before;
  for (const TableAlias& table : tables) before[table.id] = table.references;
  const ExprPtr value =
      ResolveLookupValue(item->args[0], reuse, options.allow_joins, options.summarize);
  AliasSet used;
  for (const TableAlias& table : tables) {
    if (table.references > before[table.id]) used.insert(table.id);
  }
  CheckFilterable(value);
  if (solved.annotation) {
    const ExprPtr condition = BuildLookup(solved.lookups, solved.annotation, value, item->span);
    return Clause{MakeWhere(Connector::kAnd, false, {condition}), {}};
  }
  const AliasId initial = InitialAlias();
  JoinInfo info;
  try {
    info = SetupJoins(
        solved.parts, initial, reuse,
        !options.branch_negated || !options.split_subquery || Planted("exclude-no-subquery"),
        item->span);
  } catch (const MultiValuedJoin& multi) {
    return SplitExclude(item, reuse, multi.names);
  }
  if (info.end.relation && value->from_queryset && !value->query->HasSelectFields() &&
      !Compatible(*value->query->model, *info.end.model, info.end.final_field)) {
    Reject(Kind::WrongModel, item->span, value->query->model->name, info.end.model->name);
  }
  const manifest::Model* instance_of = value->op == Op::kDirect ? value->operand.model : nullptr;
  if (info.end.relation && instance_of != nullptr &&
      !Compatible(*instance_of, *info.end.model, info.end.final_field)) {
    Reject(Kind::WrongModel, item->span, instance_of->name, info.end.model->name);
  }
  lookup_joins = info.joins;
  used.insert(info.joins.begin(), info.joins.end());
  const Trimmed trimmed = TrimJoins(info);
  if (reuse != nullptr) reuse->insert(trimmed.joins.begin(), trimmed.joins.end());
  const Field& target = *trimmed.targets[0];
  FieldType type = TypeOf(info.end.final_field != nullptr ? *info.end.final_field : target);
  if (info.end.relation) {
    type = FieldType{FieldKind::kForeignKey, info.end.final_field, {}, {}, {}, nullptr};
    // What the right side is prepared for is the relation's target, from this side.
    type.base = std::make_shared<const FieldType>(TypeOf(*info.end.targets.back()));
  }
  ExprPtr condition;
  bool null_test = false;
  ExprPtr right = value;
  if (trimmed.targets.size() != 1) {
    condition = BuildTupleLookup(solved.lookups, info, trimmed, value, item->span);
    null_test = IsNone(value) || (!solved.lookups.empty() && solved.lookups[0] == "isnull");
    if (IsNone(value)) right = True(item->span);
  } else {
    Expr located = *MakeColumn(trimmed.alias, target, type);
    located.span = item->span;
    condition = BuildLookup(solved.lookups, Finish(std::move(located)), value, item->span);
    null_test = IsNullTest(*condition);
    right = condition->args[1];
  }
  std::vector<ExprPtr> clause = {condition};
  // A value that may be None at run time is both a comparison and a test for NULL.
  const bool json = condition->op == Op::kLookup && condition->args[0]->output &&
                    condition->args[0]->output->kind == FieldKind::kJSONField;
  const bool maybe_none = right->op == Op::kDirect && right->operand.maybe_none &&
                          condition->op == Op::kLookup &&
                          condition->lookup->id == catalog::LookupId::kExact;
  const bool maybe_null_test = maybe_none && !json;
  if (maybe_none && json && options.current_negated) {
    Reject(Kind::NotSupported, item->span, std::string("a JSON value here that may be None"),
           std::string("compare with a value that is known"));
  }
  bool require_outer =
      ((null_test && IsTrue(right, true)) || maybe_null_test) && !options.current_negated;
  if (options.current_negated && (!null_test || IsTrue(right, false)) && !IsNone(right)) {
    require_outer = true;
    if (!null_test && !maybe_null_test) {
      // NOT (x = v) must hold for a NULL x, as in Python: NOT (x = v AND x IS NOT NULL).
      if (!Planted("exclude-null") &&
          (target.null || Table(trimmed.joins.back()).type == JoinType::kLeft)) {
        clause.push_back(
            MakeNotNull(MakeColumn(trimmed.alias, target, TypeOf(*info.end.targets[0]))));
      }
      if (value->op == Op::kColumn && value->field->null) clause.push_back(MakeNotNull(value));
    }
  }
  Clause result{MakeWhere(Connector::kAnd, false, std::move(clause)), {}};
  if (!require_outer) result.needed_inner.assign(used.begin(), used.end());
  return result;
}

void Query::AddCondition(const ExprPtr& condition, AliasSet* reuse) {
  std::vector<AliasId> inner;
  for (const TableAlias& table : tables) {
    if (table.type == JoinType::kInner) inner.push_back(table.id);
  }
  AliasSet own;
  if (Planted("reuse-multi")) {
    for (const TableAlias& table : tables) own.insert(table.id);
  }
  const Clause clause = BuildCondition(condition, reuse != nullptr ? reuse : &own, FilterOptions{});
  if (clause.where && !clause.where->args.empty()) {
    std::vector<ExprPtr> children;
    if (where_root->connector == Connector::kAnd && !where_root->negated) {
      children = where_root->args;
    } else {
      children = {where_root};
    }
    AddChild(children, Connector::kAnd, clause.where);
    where_root = MakeWhere(Connector::kAnd, false, std::move(children));
  }
  // What was inner before stays inner: this is an AND with what was there.
  Demote(inner);
}

void Query::SetEmpty() {
  Expr nothing;
  nothing.op = Op::kNothing;
  std::vector<ExprPtr> children = {Finish(std::move(nothing))};
  if (!where_root->args.empty()) children.insert(children.begin(), where_root);
  where_root = MakeWhere(Connector::kAnd, false, std::move(children));
  for (std::shared_ptr<Query>& part : combined) {
    part = part->Clone();
    part->SetEmpty();
  }
}

bool Query::IsEmpty() const {
  return std::any_of(where_root->args.begin(), where_root->args.end(),
                     [](const ExprPtr& child) { return child->op == Op::kNothing; });
}

Query::Clause Query::SplitExclude(const ExprPtr& item, AliasSet* reuse, const NamedHops& names) {
  auto inner = std::make_shared<Query>(*context, *model);
  inner->filtered_relations = filtered_relations;
  if (IsSlice(*item->args[0])) {
    // Django takes the slice off here.
    Reject(Kind::NotSupported, item->span,
           std::string("a slice within a negated condition across a relation with many rows"),
           std::string("annotate it with `Substr(...)` first"));
  }
  Expr shifted = *item;
  if (item->args[0]->op == Op::kOuterName) {
    Expr outer;
    outer.op = Op::kOuterName;
    outer.span = item->span;
    outer.args = {item->args[0]};
    shifted.args = {Finish(std::move(outer))};
  } else if (item->args[0]->op == Op::kName) {
    Expr outer = *item->args[0];
    outer.op = Op::kOuterName;
    shifted.args = {Finish(std::move(outer))};
  }
  Expr condition;
  condition.op = Op::kCondition;
  condition.span = item->span;
  condition.args = {Finish(std::move(shifted))};
  inner->AddCondition(Finish(std::move(condition)));
  inner->ClearOrdering(true);
  const auto [prefix, contains_outer] = inner->TrimStart(names);
  const ExprPtr column = inner->select[0];
  const Field& target = *column->field;
  const std::string name = inner->Table(column->alias).django_name;
  // Django compares alias names: the relation is already joined in this very filter().
  const TableAlias* joined = nullptr;
  for (const TableAlias& table : tables) {
    if (reuse != nullptr && reuse->contains(table.id) && table.django_name == name) {
      joined = &table;
    }
  }
  const auto equal = [&](const ExprPtr& left, const ExprPtr& right) {
    Expr test;
    test.op = Op::kLookup;
    test.span = item->span;
    test.lookup = &catalog::LookupOf(catalog::LookupId::kExact);
    test.args = {left, right};
    return Finish(std::move(test));
  };
  ExprPtr link;
  if (joined != nullptr) {
    const Model& holder = *inner->Table(column->alias).model;
    if (holder.PrimaryKey() == nullptr) {
      Reject(Kind::BadValue, item->span,
             std::string("CompositePrimaryKey cannot be used as a lookup value."));
    }
    const Field& key = *holder.PrimaryKey();
    link = equal(MakeColumn(column->alias, key, TypeOf(key)),
                 MakeColumn(joined->id, key, TypeOf(key)));
  } else {
    Expr outer;
    outer.op = Op::kOuterColumn;
    outer.span = item->span;
    outer.name = prefix;
    link = equal(MakeColumn(column->alias, target, TargetType(TypeOf(target))),
                 Finish(std::move(outer)));
  }
  std::vector<ExprPtr> children = inner->where_root->args;
  children.push_back(link);
  inner->where_root = MakeWhere(Connector::kAnd, false, std::move(children));
  Expr exists;
  exists.op = Op::kExists;
  exists.span = item->span;
  exists.query = inner;
  Clause clause = BuildFilter(Finish(std::move(exists)), reuse, FilterOptions{});
  if (contains_outer) {
    Expr absent;
    absent.op = Op::kItem;
    absent.span = item->span;
    absent.name = prefix + "__isnull";
    absent.args = {True(item->span)};
    FilterOptions negated;
    negated.current_negated = true;
    negated.branch_negated = true;
    const Clause or_absent = BuildFilter(Finish(std::move(absent)), reuse, negated);
    clause.where =
        MakeWhere(Connector::kOr, false, {clause.where->args[0], or_absent.where->args[0]});
  }
  return clause;
}

std::pair<std::string, bool> Query::TrimStart(const NamedHops& names) {
  std::vector<Hop> hops;
  for (const auto& [name, part] : names) hops.insert(hops.end(), part.begin(), part.end());
  std::vector<AliasId> lookup_tables;
  for (size_t i = 0; i < tables.size(); ++i) {
    const bool in_lookup =
        std::find(lookup_joins.begin(), lookup_joins.end(), tables[i].id) != lookup_joins.end();
    if (in_lookup || i == 0) lookup_tables.push_back(tables[i].id);
  }
  bool contains_outer = false;
  size_t trimmed = 0;
  for (; trimmed < hops.size() && !hops[trimmed].multi_valued; ++trimmed) {
    if (Table(lookup_tables[trimmed + 1]).type == JoinType::kLeft) contains_outer = true;
    --Table(lookup_tables[trimmed]).references;
  }
  Check(trimmed < hops.size(), "no multi-valued hop to start at");
  const Hop& first = hops[trimmed];
  std::vector<std::string> prefix;
  size_t left = trimmed;
  for (const auto& [name, part] : names) {
    if (left < part.size()) break;
    prefix.push_back(name);
    left -= part.size();
  }
  prefix.push_back(first.columns[0].first->name);
  const TableAlias& join = Table(lookup_tables[trimmed + 1]);
  AliasId alias = 0;
  std::vector<ExprPtr> columns;
  const bool trims_first = join.type != JoinType::kLeft && !join.filtered;
  if (trims_first) {
    alias = join.id;
    for (const auto& [from, to] : first.columns) {
      columns.push_back(MakeColumn(alias, *to, TargetType(TypeOf(*to))));
    }
    // The first hop itself is not needed: its columns are compared from outside.
    TableAlias& base = Table(lookup_tables[trimmed]);
    --base.references;
  } else {
    alias = lookup_tables[trimmed];
    for (const auto& [from, to] : first.columns) {
      columns.push_back(MakeColumn(alias, *from, TargetType(TypeOf(*from))));
    }
  }
  const auto base = std::find_if(tables.begin(), tables.end(),
                                 [](const TableAlias& table) { return table.references > 0; });
  Check(base != tables.end(), "a sub-query of an exclusion without a table");
  base->type = JoinType::kBase;
  base->filtered.reset();
  base->filtered_condition.reset();
  // What a trimmed join said of content types still holds.
  if (!trims_first) base->content_type_of = nullptr;
  SetSelect(std::move(columns));
  return {JoinPath(prefix), contains_outer};
}

}  // namespace ormc::plan
