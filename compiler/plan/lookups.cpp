#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/postgres.h"
#include "compiler/plan/prepare.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"

namespace ormc::plan {
namespace {

using K = FieldKind;
using catalog::LookupId;
using catalog::LookupKind;
using program::Prepare;
using program::PrepareStep;

void CheckQuerysetColumns(const std::string& lookup, const Query& query, size_t wanted, Span span) {
  const size_t has = query.HasSelectFields() ? query.selected->size() : 1;
  if (has != wanted) {
    Reject(Kind::SubqueryColumns, span, lookup, std::to_string(wanted), std::to_string(has));
  }
}

// The queryset of `__in` or `exact` selects what the left side is compared with.
ExprPtr QuerysetSide(const ExprPtr& left, const ExprPtr& right, LookupId id, Span span) {
  auto query = right->query->Clone();
  if (id == LookupId::kExact && !query->HasLimitOne()) {
    Reject(Kind::ExactNeedsOneRow, span);
  }
  CheckQuerysetColumns(id == LookupId::kExact ? "exact" : "in", *query, 1, span);
  if (id == LookupId::kIn) query->ClearOrdering(false, true);
  if (!query->HasSelectFields()) {
    std::string wanted = "pk";
    if (IsRelationColumn(left) && id == LookupId::kIn) {
      const FieldType target = left->output->base ? *left->output->base : TargetType(*left->output);
      const manifest::Field* field = target.field;
      if (field != nullptr && !field->primary_key) wanted = field->name;
    }
    query->ClearSelectClause();
    query->AddFields({wanted}, true, span);
  }
  query->subquery = true;
  Expr copy = *right;
  copy.query = query;
  return Finish(std::move(copy));
}

bool AllowsOnRelation(const catalog::Lookup& row) {
  return row.kind == LookupKind::kCompare || row.kind == LookupKind::kNullTest ||
         row.id == LookupId::kIn;
}

std::string ClassNameOf(const ExprPtr& expr) {
  return expr->output ? std::string(manifest::NameOf(expr->output->kind)) : "an expression";
}

// Is the transform registered for the class of field (Field.register_lookup)?
bool HasTransform(const PlanContext& context, const FieldType& type, const catalog::Function& row) {
  using catalog::FunctionShape;
  const std::string_view name = row.lookup_name;
  if (name == "unaccent") {
    return context.scope->manifest().postgres_app &&
           (IsA(type, K::kCharField) || IsA(type, K::kTextField));
  }
  if (row.shape != FunctionShape::kExtract && row.shape != FunctionShape::kTruncDate &&
      row.shape != FunctionShape::kTruncTime) {
    return false;
  }
  const bool time_part = name == "hour" || name == "minute" || name == "second";
  if (name == "date" || name == "time") return IsA(type, K::kDateTimeField);
  if (time_part) return IsA(type, K::kDateTimeField) || IsA(type, K::kTimeField);
  return IsA(type, K::kDateField);
}

void CheckPattern(const PlanContext& context, const ExprPtr& right, Span span) {
  if (context.limits.regex_bytes == 0) Reject(Kind::RegexRefused, span);
  if (right->op != Op::kDirect || right->operand.runtime) {
    Reject(Kind::NotSupported, span, std::string("a regular expression that is no constant"),
           std::string("write the pattern as a text of its own: `__regex=\"^a\"`"));
  }
  const std::string* pattern = right->operand.constant.text();
  if (pattern == nullptr) Reject(Kind::TypeMismatch, span, std::string("a pattern must be text"));
  if (pattern->size() > context.limits.regex_bytes && !Planted("regex-length")) {
    Reject(Kind::LimitExceeded, span, std::to_string(context.limits.regex_bytes),
           std::string("bytes in a regular expression"));
  }
  for (size_t i = 0; i + 1 < pattern->size(); ++i) {
    if ((*pattern)[i] != '\\') continue;
    const char next = (*pattern)[i + 1];
    if (next >= '1' && next <= '9') {
      Reject(Kind::NotSupported, span, std::string("a back-reference in a regular expression"),
             std::string("write the pattern without `\\1`, or use `__startswith`, `__contains`, "
                         "`__endswith`"));
    }
    ++i;
  }
}

Prepare PatternStep(LookupId id) {
  if (id == LookupId::kContains || id == LookupId::kIContains) return Prepare::kLikeContains;
  if (id == LookupId::kStartsWith || id == LookupId::kIStartsWith) return Prepare::kLikeStartsWith;
  return Prepare::kLikeEndsWith;
}

// The values among expressions, as the left side wants them.
ExprPtr PreparedItems(const PlanContext& context, const ExprPtr& left, Expr list, Span span) {
  for (ExprPtr& item : list.args) {
    if (item->op == Op::kDirectList) {
      Reject(Kind::NotSupported, span, std::string("a list of expressions within a list"),
             std::string("write the values themselves, or compare with one list alone"));
    }
    if (item->op != Op::kDirect) continue;
    item = WithOperand(item, Prepared(context, left, item->operand, StepsForSide(left), span));
  }
  return Finish(std::move(list));
}

// Django compares a plain column with str(instance), or raises.
void RejectInstances(const Expr& right, Span span) {
  const bool direct = right.op == Op::kDirect;
  if (direct && (right.operand.model != nullptr || right.operand.items_of != nullptr)) {
    Reject(Kind::NotSupported, span, std::string("comparing a plain column with an instance"),
           std::string("write its attribute: `customer.id`, `[c.name for c in customers]`"));
  }
  if (right.op != Op::kDirectList) return;
  for (const ExprPtr& item : right.args) RejectInstances(*item, span);
}

}  // namespace

void RejectLookup(const ExprPtr& left, const std::string& name, Span span) {
  Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownLookup, span, name, ClassNameOf(left));
  std::vector<std::string> known;
  for (const catalog::Lookup& row : catalog::AllLookups()) known.emplace_back(row.name);
  for (const catalog::Function& row : catalog::AllFunctions()) {
    if (!row.lookup_name.empty()) known.emplace_back(row.lookup_name);
  }
  std::erase(known, name);  // it is a row, and not for this type
  diagnostic.suggestion = DidYouMean(name, known);
  throw Rejection(std::move(diagnostic));
}

bool IsNegative(const Value& integer) { return IntText(integer).starts_with("-"); }

std::pair<Value, Value> YearBounds(const eval::Context& context, int32_t year, bool iso,
                                   bool with_time) {
  const Date first = iso ? DateFromIsoWeek(year, 1, 1) : MakeDate(year, 1, 1);
  const Date last = iso ? AddDays(DateFromIsoWeek(year + 1, 1, 1), -1) : MakeDate(year, 12, 31);
  if (!with_time) return {Value(Value::Storage(first)), Value(Value::Storage(last))};
  const std::string name = Planted("year-extract-utc") ? "UTC" : context.zone;
  const TimeZonePtr zone = context.use_tz ? FindZone(name) : nullptr;
  const DateTime begin{first, MakeTime(0, 0, 0, 0, zone)};
  const DateTime end{last, MakeTime(23, 59, 59, 999'999, zone)};
  return {Value(Value::Storage(begin)), Value(Value::Storage(end))};
}

// The function that the site registered under this name for the type, or null.
const catalog::Function* Query::SiteTransform(const FieldType& type, std::string_view name) const {
  for (const manifest::Transform& transform : context->scope->manifest().transforms) {
    if (transform.name != name || transform.field != type.kind) continue;
    const catalog::Function* row = catalog::FindFunction(transform.function);
    if (row != nullptr && row->shape == catalog::FunctionShape::kCall && row->most == 1) return row;
  }
  return nullptr;
}

ExprPtr Query::Transform(const ExprPtr& left, const std::string& name, Span span) const {
  // What is registered hides the keys of JSON and hstore, as in Django.
  const catalog::Function* row =
      IsRelationColumn(left) ? nullptr : SiteTransform(OutputOf(left), name);
  if (row != nullptr) return MakeCall(span, *row, {left});
  if (ExprPtr own = PostgresTransform(left, name, span)) return own;
  row = catalog::FindTransform(name);
  if (row == nullptr || !HasTransform(*context, OutputOf(left), *row))
    RejectLookup(left, name, span);
  return MakeCall(span, *row, {left});
}

ExprPtr Query::BuildLookup(const std::vector<std::string>& lookups, ExprPtr left, ExprPtr right,
                           Span span) const {
  std::vector<std::string> names = lookups;
  if (names.empty()) names.emplace_back("exact");
  for (size_t i = 0; i + 1 < names.size(); ++i) left = Transform(left, names[i], span);
  const bool relation = IsRelationColumn(left);
  if (!relation) RejectInstances(*right, span);
  // A type's own transform hides the lookup of its name: `seats__startswith` is the lower bound.
  const bool hidden = FindPostgresTransform(OutputOf(left), names.back()) != nullptr;
  if (!hidden) {
    const bool is_lookup = catalog::FindLookup(names.back()) != nullptr ||
                           catalog::FindPostgresLookup(names.back()) != nullptr;
    if (is_lookup) right = Bilateral(*context, names.back(), left, right, span);
    if (ExprPtr own = PostgresLookup(*this, names.back(), left, right, span)) return own;
  }
  const catalog::Lookup* row = hidden ? nullptr : catalog::FindLookup(names.back());
  if (row == nullptr) {
    return BuildLookup({"exact"}, Transform(left, names.back(), span), std::move(right), span);
  }
  const FieldType& type = OutputOf(left);
  if (relation && !AllowsOnRelation(*row)) RejectLookup(left, std::string(row->name), span);
  if (IsTuple(*right)) {
    Reject(Kind::BadValue, span,
           std::string(row->class_name) + " expression does not support composite primary keys.");
  }
  const bool direct = right->op == Op::kDirect;
  const Span value_span = right->span.end != 0 ? right->span : span;  // what is wrong with it
  const bool constant_none = direct && !right->operand.runtime && right->operand.constant.is_none();
  switch (row->kind) {
    case LookupKind::kNullTest: {
      const bool known =
          direct && !right->operand.runtime && right->operand.constant.As<bool>() != nullptr;
      if (!known && direct && right->operand.runtime) {
        Reject(Kind::NotSupported, span, std::string("`isnull` with a computed value"),
               std::string("write True or False"));
      }
      if (!known) {
        Reject(Kind::BadValue, value_span,
               std::string("the value for an isnull lookup must be True or False"));
      }
      return MakeLookup(*row, std::move(left), std::move(right), span);
    }
    case LookupKind::kList:
      if (constant_none) {
        Reject(Kind::TypeMismatch, value_span, std::string("`NoneType` is not iterable"));
      }
      if (right->from_queryset) {
        return MakeLookup(*row, left, QuerysetSide(left, right, row->id, span), span);
      }
      if (direct)
        return MakeLookup(*row, left, ListElements(*context, left, right, true, value_span), span);
      if (right->op == Op::kDirectList) {
        return MakeLookup(*row, left, PreparedItems(*context, left, *right, value_span), span);
      }
      return MakeLookup(*row, std::move(left), std::move(right), span);
    case LookupKind::kRange:
      if (constant_none) Reject(Kind::NoneInLookup, value_span, std::string(row->name));
      if (direct && right->operand.runtime) {
        Reject(Kind::NotSupported, span, std::string("`range` with a computed pair"),
               std::string("write `(low, high)`, or `__gte` and `__lte`"));
      }
      if (direct) {
        right = ListElements(*context, left, right, false, value_span);
        const List* pair = right->operand.constant.list();
        if (pair->items.size() != 2) Reject(Kind::RangeBounds, span);
      } else if (right->op == Op::kDirectList) {
        if (right->args.size() != 2) Reject(Kind::RangeBounds, span);
        right = PreparedItems(*context, left, *right, value_span);
      } else {
        Reject(Kind::NotSupported, span, std::string("`range` with an expression"),
               std::string("write two conditions: `__gte=low, __lte=high`"));
      }
      return MakeLookup(*row, std::move(left), std::move(right), span);
    case LookupKind::kText:
    case LookupKind::kPattern: {
      if (constant_none) {
        if (row->id != LookupId::kIExact)
          Reject(Kind::NoneInLookup, value_span, std::string(row->name));
        return BuildLookup({"isnull"}, left, MakeDirect(span, Constant(Value::Bool(true))), span);
      }
      if (row->id == LookupId::kRegex || row->id == LookupId::kIRegex) {
        CheckPattern(*context, right, span);
      }
      if (direct) {
        std::vector<PrepareStep> steps;
        if (right->operand.runtime && right->operand.maybe_none) {
          steps.push_back(Step(Prepare::kNotNone));
        }
        if (row->kind == LookupKind::kPattern && Planted("iexact-like-escape")) {
          const std::string* raw = right->operand.constant.text();
          right = WithOperand(right, Constant(Value::Str("%" + (raw ? *raw : "") + "%")));
        } else if (row->kind == LookupKind::kPattern) {
          steps.push_back(Step(PatternStep(row->id)));
        }
        right = WithOperand(right, Prepared(*context, left, right->operand, steps, value_span));
      }
      return MakeLookup(*row, std::move(left), std::move(right), span);
    }
    case LookupKind::kCompare: {
      // JSON's own null is a value.
      const bool json = type.kind == K::kJSONField && row->id == LookupId::kExact;
      if (constant_none && !json) {
        if (row->id != LookupId::kExact)
          Reject(Kind::NoneInLookup, value_span, std::string(row->name));
        return BuildLookup({"isnull"}, left, MakeDirect(span, Constant(Value::Bool(true))), span);
      }
      if (right->from_queryset) {
        return MakeLookup(*row, left, QuerysetSide(left, right, LookupId::kExact, span), span);
      }
      if (direct) {
        std::vector<PrepareStep> steps;
        if (right->operand.runtime && right->operand.maybe_none && row->id != LookupId::kExact) {
          steps.push_back(Step(Prepare::kNotNone));
        }
        if (!relation && IsA(type, K::kIntegerField) &&
            (row->id == LookupId::kGreaterThanOrEqual || row->id == LookupId::kLessThan)) {
          steps.push_back(Step(Prepare::kCeiling));
        }
        for (PrepareStep& step : StepsForSide(left)) steps.push_back(std::move(step));
        Operand operand = Prepared(*context, left, right->operand, std::move(steps), value_span);
        operand.type = ParameterTypeFor(type);
        right = WithOperand(right, std::move(operand));
      } else if (right->op == Op::kDirectList) {
        Reject(Kind::NotSupported, span, std::string("a list of expressions here"),
               std::string("use `__in=[...]`"));
      }
      return MakeLookup(*row, std::move(left), std::move(right), span);
    }
    case LookupKind::kOperator:
      break;
  }
  throw InternalError("an unknown kind of lookup");
}

}  // namespace ormc::plan
