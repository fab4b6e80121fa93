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

// Query.check_related_objects().  Where a relation leads to what is hidden, its own name is said.
void CheckRelated(const PlanContext& context, const Expr& value, const PathEnd& end, Span span) {
  const auto check = [&](const Model* given) {
    if (given == nullptr || Compatible(*given, *end.model, end.final_field)) return;
    const bool seen = context.scope->Sees(*end.model);
    Reject(Kind::WrongModel, span, given->name, seen ? end.model->name : end.final_field->name);
  };
  if (value.from_queryset && !value.query->HasSelectFields()) check(value.query->model);
  if (value.op == Op::kDirect) {
    check(value.operand.model);
    check(value.operand.items_of);
  }
  if (value.op != Op::kDirectList) return;
  for (const ExprPtr& item : value.args) CheckRelated(context, *item, end, span);
}

// `customer__citty`: Django takes what is no field for a lookup, and says so.
void RejectMisspelt(const PlanContext& context, const std::string& name, const Model& model,
                    Span span) {
  if (catalog::FindLookup(name) != nullptr || catalog::FindTransform(name) != nullptr) return;
  Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownLookup, span, name,
                                         std::string(manifest::NameOf(FieldKind::kForeignKey)));
  diagnostic.suggestion = DidYouMean(name, context.scope->FieldNames(model));
  if (!diagnostic.suggestion.empty()) throw Rejection(std::move(diagnostic));
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
      if ((*annotation)->op == Op::kWhere && (*annotation)->args.empty()) {
        Reject(Kind::NotSupported, span, std::string("a comparison of an empty `Q()`"),
               std::string("leave it out"));
      }
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
  if (info.end.relation) {
    CheckRelated(*context, *value, info.end, item->span);
    if (!solved.lookups.empty()) {
      RejectMisspelt(*context, solved.lookups[0], *info.end.model, item->span);
    }
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

}  // namespace ormc::plan
