#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"
#include "compiler/values/value.h"

// db/models/fields/tuple_lookups.py: rows of columns are compared with rows of values.
namespace ormc::plan {
namespace {

using catalog::LookupId;
using manifest::Field;

bool IsNone(const ExprPtr& value) {
  return value->op == Op::kDirect && !value->operand.runtime && value->operand.constant.is_none();
}

// The elements of a list or tuple that is known now, as right sides of their own.
std::optional<std::vector<ExprPtr>> Parts(const ExprPtr& value) {
  if (value->op == Op::kDirectList && !IsTuple(*value)) return value->args;
  if (value->op != Op::kDirect || value->operand.runtime) return std::nullopt;
  const std::vector<Value>* items = nullptr;
  if (const List* list = value->operand.constant.list()) items = &list->items;
  if (const Tuple* tuple = value->operand.constant.tuple()) items = &tuple->items;
  if (items == nullptr) return std::nullopt;
  std::vector<ExprPtr> parts;
  for (const Value& item : *items) parts.push_back(MakeDirect(value->span, Constant(item)));
  return parts;
}

class TupleSide {
 public:
  TupleSide(const PlanContext& context, const JoinInfo& info, const ExprPtr& left,
            std::string lookup)
      : context_(context), info_(info), left_(left), lookup_(std::move(lookup)) {}

  // One row of values.
  ExprPtr Of(const ExprPtr& value) const {
    std::vector<ExprPtr> parts = PartsOf(value);
    if (parts.size() != left_->args.size()) {
      Refuse("must have " + std::to_string(left_->args.size()) + " elements", value->span);
    }
    for (size_t i = 0; i < parts.size(); ++i) {
      if (parts[i]->op == Op::kOuterColumn || parts[i]->op == Op::kOuterName) {
        // Django leaves it unresolved in a tuple.
        Refuse("takes no OuterRef as a part", value->span);
      }
      if (parts[i]->op != Op::kDirect) continue;
      Expr part = *parts[i];
      part.operand =
          PreparedFor(context_, TypeOf(*left_->args[i]->field), part.operand, value->span);
      parts[i] = Finish(std::move(part));
    }
    return MakeTuple(value->span, std::move(parts));
  }

  [[noreturn]] void Refuse(const std::string& why, Span span) const {
    Reject(Kind::BadValue, span, "'" + lookup_ + "' lookup of several columns " + why);
  }

 private:
  // related_lookups.get_normalized_value()
  std::vector<ExprPtr> PartsOf(const ExprPtr& value) const {
    if (value->op == Op::kDirect && value->operand.model != nullptr && info_.end.relation) {
      if (value->operand.maybe_none) {
        Reject(Kind::NotSupported, value->span,
               std::string("comparing a relation by several columns with what may be None"),
               std::string("use `.get(...)` for the object, or `__isnull=True`"));
      }
      std::vector<ExprPtr> parts;
      for (const Field* target : info_.end.targets) {
        Operand operand;
        operand.runtime =
            program::Make(value->span, program::Attribute{value->operand.runtime, target->attname});
        parts.push_back(MakeDirect(value->span, std::move(operand)));
      }
      return parts;
    }
    const bool is_list = value->op == Op::kDirect ? value->operand.constant.list() != nullptr
                                                  : value->name == "list";
    if (info_.end.relation && is_list) Refuse("takes a tuple", value->span);
    if (auto parts = Parts(value)) return *std::move(parts);
    if (value->op == Op::kDirect && value->operand.runtime) {
      Reject(Kind::NotSupported, value->span, std::string("a key of several columns as one value"),
             std::string("write the tuple of its parts"));
    }
    Refuse("must be a tuple or a list", value->span);
  }

  const PlanContext& context_;
  const JoinInfo& info_;
  const ExprPtr& left_;
  std::string lookup_;
};

// A queryset on the right side: it selects as many columns.
ExprPtr QuerySide(const ExprPtr& value, const JoinInfo& info, const ExprPtr& left, LookupId id,
                  Span span) {
  if (id == LookupId::kExact && !value->query->HasLimitOne()) {
    Reject(Kind::ExactNeedsOneRow, span);
  }
  if (id != LookupId::kExact && id != LookupId::kIn && !value->query->HasSelectFields()) {
    Reject(Kind::DatabaseRefuses, span,
           std::string("a sub-query that selects more than it is compared with"));
  }
  auto query = value->query->Clone();
  if (id == LookupId::kIn) query->ClearOrdering(false, true);
  if (!query->HasSelectFields()) {
    std::vector<std::string> names;
    for (const Field* target : info.end.targets) names.push_back(target->name);
    query->ClearSelectClause();
    query->AddFields(names, true, span);
  }
  size_t columns = left->args.size();
  if (value->query->HasSelectFields()) {
    // Query._subquery_fields_len: only `pk` counts for several.
    columns = 0;
    for (const auto& [name, what] : *query->selected) {
      columns += name == "pk" ? query->model->primary_key.size() : 1;
    }
  }
  if (columns != left->args.size()) {
    Reject(Kind::SubqueryColumns, span, std::string(id == LookupId::kIn ? "in" : "exact"),
           std::to_string(left->args.size()), std::to_string(columns));
  }
  query->subquery = true;
  Expr copy = *value;
  copy.query = query;
  return Finish(std::move(copy));
}

ExprPtr NullTest(const ExprPtr& left, bool wanted, Span span) {
  std::vector<ExprPtr> tests;
  for (const ExprPtr& column : left->args) {
    tests.push_back(MakeLookup(catalog::LookupOf(LookupId::kIsNull), column,
                               MakeDirect(span, Constant(Value::Bool(wanted))), span));
  }
  return MakeWhere(wanted ? Connector::kOr : Connector::kAnd, false, std::move(tests));
}

bool Allows(LookupId id) {
  return id == LookupId::kExact || id == LookupId::kIn || id == LookupId::kIsNull ||
         id == LookupId::kGreaterThan || id == LookupId::kGreaterThanOrEqual ||
         id == LookupId::kLessThan || id == LookupId::kLessThanOrEqual;
}

}  // namespace

ExprPtr MakeTuple(Span span, std::vector<ExprPtr> parts) {
  Expr tuple;
  tuple.op = Op::kDirectList;
  tuple.span = span;
  tuple.args = std::move(parts);
  tuple.output = Plain(FieldKind::kCompositePrimaryKey);
  tuple.explicit_output = true;
  return Finish(std::move(tuple));
}

void RejectTuples(const Expr& expr, std::string_view name) {
  for (const ExprPtr& source : Sources(expr)) {
    if (IsTuple(*source)) {
      Reject(Kind::BadValue, expr.span,
             std::string(name) + " expression does not support composite primary keys.");
    }
  }
}

ExprPtr Query::TupleOf(const Trimmed& trimmed, Span span) const {
  std::vector<ExprPtr> columns;
  for (const Field* target : trimmed.targets) {
    columns.push_back(MakeColumn(trimmed.alias, *target, TargetType(TypeOf(*target))));
  }
  return MakeTuple(span, std::move(columns));
}

ExprPtr Query::BuildTupleLookup(const std::vector<std::string>& lookups, const JoinInfo& info,
                                const Trimmed& trimmed, const ExprPtr& value, Span span) const {
  const std::string name = lookups.empty() ? "exact" : lookups[0];
  const catalog::Lookup* row = catalog::FindLookup(name);
  if (lookups.size() > 1 || row == nullptr || !Allows(row->id)) {
    Reject(Kind::UnknownLookup, span, name, std::string("CompositePrimaryKey"));
  }
  const ExprPtr left = TupleOf(trimmed, span);
  const TupleSide side(*context, info, left, name);
  if (row->id == LookupId::kIsNull) {
    const bool* wanted = value->op == Op::kDirect && !value->operand.runtime
                             ? value->operand.constant.As<bool>()
                             : nullptr;
    if (wanted == nullptr) {
      Reject(Kind::BadValue, span,
             std::string("the value for an isnull lookup must be True or False"));
    }
    return NullTest(left, *wanted, span);
  }
  const bool relation = info.end.relation;
  if (IsNone(value) && relation && row->id == LookupId::kExact) return NullTest(left, true, span);
  if (IsNone(value) && row->id == LookupId::kIn) {
    Reject(Kind::TypeMismatch, span, std::string("`NoneType` is not iterable"));
  }
  const bool outer = value->op == Op::kOuterColumn || value->op == Op::kOuterName;
  if (row->id == LookupId::kIn) {
    if (value->op == Op::kSubquery) {
      return MakeLookup(*row, left, QuerySide(value, info, left, row->id, span), span);
    }
    const auto items = Parts(value);
    if (!items) {
      Reject(Kind::NotSupported, span, std::string("a computed list of keys"),
             std::string("write a list of tuples, or a queryset"));
    }
    Expr list;
    list.op = Op::kDirectList;
    list.span = span;
    for (const ExprPtr& item : *items) {
      ExprPtr tuple = side.Of(item);
      if (std::none_of(tuple->args.begin(), tuple->args.end(), IsNone)) {
        list.args.push_back(std::move(tuple));
      }
    }
    return MakeLookup(*row, left, Finish(std::move(list)), span);
  }
  if (value->op == Op::kSubquery || IsTuple(*value) || outer) {
    if (relation) side.Refuse("doesn't support multi-column subqueries", span);
    if (outer) return MakeLookup(*row, left, value, span);
    if (!value->from_queryset) {
      side.Refuse("only supports OuterRef and QuerySet objects", span);
    }
    return MakeLookup(*row, left, QuerySide(value, info, left, row->id, span), span);
  }
  if (value->op != Op::kDirect && value->op != Op::kDirectList) {
    side.Refuse("only supports OuterRef and QuerySet objects", span);
  }
  return MakeLookup(*row, left, side.Of(value), span);
}

}  // namespace ormc::plan
