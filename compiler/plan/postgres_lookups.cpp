// Lookups whose meaning is that of PostgreSQL's own types (django/db/models/fields/json.py and
// django/contrib/postgres); what is as on any field is left to Query::BuildLookup.
#include <algorithm>
#include <array>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/postgres.h"

namespace ormc::plan {
namespace {

using K = FieldKind;
using catalog::LookupKind;
using program::Prepare;
using program::PrepareStep;

struct Sides {
  const Query& query;
  const catalog::Lookup& row;
  ExprPtr left;
  ExprPtr right;
  Span span;

  const FieldType& type() const { return *left->output; }
  std::string_view name() const { return row.name; }
  bool direct() const { return right->op == Op::kDirect; }
  bool constant() const { return direct() && !right->operand.runtime; }
  bool none() const { return constant() && right->operand.constant.is_none(); }
  ExprPtr Make() const { return MakeLookup(row, left, right, span); }
};

ExprPtr CastTo(const ExprPtr& source, const FieldType& type) {
  Expr cast = *MakeCall(source->span, *catalog::FindFunction("Cast"), {source});
  cast.output = type;
  cast.explicit_output = true;
  return Finish(std::move(cast));
}

void RefuseNone(Sides& sides) { sides.right = NeverNone(sides.row, sides.right, sides.span); }

// The right side as `type` prepares it; expressions stay.
void Prepare(Sides& sides, const FieldType& type) {
  if (!sides.direct()) return;
  sides.right = WithOperand(sides.right, PreparedAs(*sides.query.context, sides.left, type,
                                                    sides.right->operand, sides.span));
}

void PrepareBy(Sides& sides, program::Prepare what) {
  if (!sides.direct()) return;
  Operand operand = sides.right->operand;
  PrepareStep step;
  step.what = what;
  operand.steps.push_back(step);
  sides.right =
      WithOperand(sides.right, Settled(*sides.query.context, std::move(operand), sides.span));
}

bool IsKeyLookup(std::string_view name) {
  return name == "has_key" || name == "has_keys" || name == "has_any_keys";
}

// The keys that lead to a value within a JSON column, from the column on.
std::vector<std::string> KeysOf(const Expr& value) {
  std::vector<std::string> keys;
  for (const Expr* at = &value; IsJsonKey(*at); at = at->args[0].get()) {
    keys.insert(keys.begin(), at->name);
  }
  return keys;
}

// One key, or a list of them.
ExprPtr KeyLookup(Sides sides) {
  RefuseNone(sides);
  if (sides.name() == "has_key" && IsJsonKey(*sides.right)) {
    // HasKeyLookup.as_postgresql(): only the keys of the right side count, asked of the left.
    const std::vector<std::string> keys = KeysOf(*sides.right);
    for (size_t i = 0; i + 1 < keys.size(); ++i) {
      sides.left = sides.query.Transform(sides.left, keys[i], sides.span);
    }
    sides.right = MakeDirect(sides.span, Constant(Value::Str(keys.back())));
  }
  if (sides.right->op == Op::kDirectList || (!sides.direct() && IsJsonKey(*sides.right))) {
    Reject(Kind::NotSupported, sides.span, "`" + std::string(sides.name()) + "` with an expression",
           std::string("write the key as text"));
  }
  if (sides.name() != "has_key") PrepareBy(sides, Prepare::kTexts);
  return sides.Make();
}

// ---- JSON

ExprPtr AsText(const ExprPtr& key) {
  Expr text = *key;
  text.function = catalog::FindFunction("KeyTextTransform");
  text.name = key->name;
  return Finish(std::move(text));
}

ExprPtr JsonLookup(Sides sides) {
  if (IsKeyLookup(sides.name())) return KeyLookup(std::move(sides));
  if (sides.row.kind != LookupKind::kOperator) return nullptr;
  if (sides.name() != "contains" && sides.name() != "contained_by") return nullptr;
  RefuseNone(sides);
  Prepare(sides, sides.type());
  return sides.Make();
}

// `data__name__icontains`: a text lookup of a key is one of its text.
ExprPtr JsonKeyLookup(const Query& query, const catalog::Lookup& row, const ExprPtr& left,
                      const ExprPtr& right, Span span) {
  const bool text =
      row.kind == LookupKind::kText || (row.kind == LookupKind::kPattern && row.name != "contains");
  const bool none =
      right->op == Op::kDirect && !right->operand.runtime && right->operand.constant.is_none();
  if (!text || none || left->output->kind != K::kJSONField) return nullptr;
  return query.BuildLookup({std::string(row.name)}, AsText(left), right, span);
}

// ---- arrays

const catalog::Function kArray{"ARRAY", catalog::FunctionShape::kArray, 1, catalog::kMany,
                               "",      catalog::Output::kGiven,        ""};

ExprPtr ArrayOfExpressions(const Sides& sides) {
  Expr array;
  array.op = Op::kFunction;
  array.span = sides.span;
  array.function = &kArray;
  for (const ExprPtr& item : sides.right->args) {
    if (item->op != Op::kDirect) {
      array.args.push_back(item);
      continue;
    }
    array.args.push_back(
        MakeValue(item->span, PreparedAs(*sides.query.context, sides.left, *sides.type().base,
                                         item->operand, sides.span)));
  }
  return Finish(std::move(array));
}

ExprPtr ArrayLookup(Sides sides) {
  static constexpr std::array<std::string_view, 4> kOwn = {"contains", "contained_by", "overlap",
                                                           "exact"};
  if (std::find(kOwn.begin(), kOwn.end(), sides.name()) == kOwn.end()) return nullptr;
  if (sides.name() == "exact" &&
      (sides.none() || sides.right->from_queryset || sides.right->operand.maybe_none)) {
    return nullptr;
  }
  RefuseNone(sides);
  if (sides.right->op == Op::kDirectList) {
    sides.right = ArrayOfExpressions(sides);
  } else if (sides.right->from_queryset) {
    Expr rows = *sides.right;
    rows.from_queryset = false;
    if (sides.name() == "overlap") rows.name = "ARRAY";
    sides.right = Finish(std::move(rows));
  }
  Prepare(sides, sides.type());
  const FieldType type = sides.type();
  sides.right = CastTo(sides.right, type);
  return sides.Make();
}

// ---- ranges

bool IsRangeValue(const Value& value) {
  return value.As<std::shared_ptr<const RangeValue>>() != nullptr || value.list() != nullptr ||
         value.tuple() != nullptr;
}

// Django casts what is no range to DecimalField() without digits: `numeric(None, None)`.
void RefuseNumericCast(const Sides& sides) {
  if (sides.type().kind != K::kDecimalRangeField) return;
  Reject(Kind::DatabaseRefuses, sides.span,
         std::string("a number in a DecimalRangeField: write `NumericRange(x, x, \"[]\")`"));
}

// `days__overlap=(today, today + timedelta(days=7))`: of a pair Django makes the field's own range.
void MakeRange(Sides& sides) {
  const std::vector<ExprPtr>& pair = sides.right->args;
  const bool known = pair.size() == 2 && pair[0]->op == Op::kDirect && pair[1]->op == Op::kDirect;
  if (!known) {
    Reject(Kind::NotSupported, sides.span, std::string("a range of expressions"),
           std::string("give two conditions, with `__startswith` and `__endswith`"));
  }
  const auto value = [&](const Operand& operand) {
    return operand.runtime ? operand.runtime
                           : program::Make(sides.span, program::Constant{operand.constant});
  };
  const K kind = sides.type().kind;
  const char* name = kind == K::kDateRangeField       ? "DateRange"
                     : kind == K::kDateTimeRangeField ? "DateTimeTZRange"
                                                      : "NumericRange";
  Operand range;
  range.runtime = program::Make(
      sides.span,
      program::CallBuiltin{name, {value(pair[0]->operand), value(pair[1]->operand)}, {}});
  sides.right = MakeDirect(sides.span, std::move(range));
}

// `seats__contains=3` is cast to the bounds' type, `seats__contains=(1, 5)` is a range.
ExprPtr RangeContains(Sides sides) {
  RefuseNone(sides);
  const FieldType bound = *RangeBound(sides.type());
  const bool dated = IsA(bound, K::kDateField);
  if (sides.right->op == Op::kDirectList) {
    MakeRange(sides);
    Prepare(sides, sides.type());
    return sides.Make();
  }
  if (sides.constant() && IsRangeValue(sides.right->operand.constant)) {
    Prepare(sides, sides.type());
    return sides.Make();
  }
  if (sides.direct()) {
    std::optional<FieldType> type = sides.right->output;
    const ExprPtr value = MakeValue(sides.span, sides.right->operand, type);
    type = value->output;
    const bool fits =
        type && (dated ? IsA(*type, K::kDateField)
                       : IsA(*type, K::kIntegerField) || type->kind == K::kFloatField ||
                             type->kind == K::kDecimalField);
    if (!fits) {
      Reject(
          Kind::NotSupported, sides.span, std::string("`contains` of a range with this value"),
          std::string(dated ? "give a date, a datetime or a range" : "give a number or a range"));
    }
    RefuseNumericCast(sides);
    sides.right = CastTo(value, bound);
    return sides.Make();
  }
  const auto& output = sides.right->output;
  if (!dated || (output && output->kind != sides.type().kind)) {
    RefuseNumericCast(sides);
    sides.right = CastTo(sides.right, bound);
  }
  return sides.Make();
}

ExprPtr RangeLookup(Sides sides) {
  if (sides.row.kind != LookupKind::kOperator || IsKeyLookup(sides.name())) return nullptr;
  if (sides.name() == "contains") return RangeContains(std::move(sides));
  RefuseNone(sides);
  if (sides.right->op == Op::kDirectList) MakeRange(sides);
  Prepare(sides, sides.type());
  return sides.Make();
}

// A number or date `__contained_by` a range.
struct RangeOf {
  K scalar;
  K range;
};
constexpr std::array kRangesOf = {
    RangeOf{K::kBigIntegerField, K::kBigIntegerRangeField},
    RangeOf{K::kIntegerField, K::kIntegerRangeField},
    RangeOf{K::kFloatField, K::kDecimalRangeField},
    RangeOf{K::kDecimalField, K::kDecimalRangeField},
    RangeOf{K::kDateTimeField, K::kDateTimeRangeField},
    RangeOf{K::kDateField, K::kDateRangeField},
};

ExprPtr ContainedByRange(Sides sides) {
  for (const RangeOf& pair : kRangesOf) {
    if (!IsA(sides.type(), pair.scalar)) continue;
    RefuseNone(sides);
    const FieldType range = Plain(pair.range);
    if (sides.constant() && (sides.right->operand.constant.list() != nullptr ||
                             sides.right->operand.constant.tuple() != nullptr)) {
      Reject(Kind::BadArgument, sides.span,
             std::string("`contained_by` of a number or date needs a range: `NumericRange(1, 5)`"));
    }
    Prepare(sides, range);
    if (sides.type().kind == K::kFloatField)
      sides.left = CastTo(sides.left, Plain(K::kDecimalField));
    if (IsA(sides.type(), K::kSmallIntegerField)) {
      sides.left = CastTo(sides.left, Plain(K::kIntegerField));
    }
    sides.right = CastTo(sides.right, range);
    return sides.Make();
  }
  return nullptr;
}

// ---- hstore

ExprPtr HstoreLookup(Sides sides) {
  if (IsKeyLookup(sides.name())) return KeyLookup(std::move(sides));
  if (sides.name() != "contains" && sides.name() != "contained_by") return nullptr;
  RefuseNone(sides);
  Prepare(sides, sides.type());
  return sides.Make();
}

}  // namespace

ExprPtr NeverNone(const catalog::Lookup& row, const ExprPtr& right, Span span) {
  if (right->op != Op::kDirect) return right;
  Operand operand = right->operand;
  if (!operand.runtime && operand.constant.is_none()) {
    Reject(Kind::NoneInLookup, span, std::string(row.name));
  }
  if (!operand.maybe_none) return right;
  PrepareStep step;
  step.what = Prepare::kNotNone;
  operand.steps.insert(operand.steps.begin(), step);
  return WithOperand(right, std::move(operand));
}

ExprPtr PostgresLookup(const Query& query, const std::string& name, const ExprPtr& left,
                       const ExprPtr& right, Span span) {
  if (ExprPtr search = SearchLookup(query, name, left, right, span)) return search;
  const FieldType& type = OutputOf(left);
  const catalog::Lookup* own = catalog::FindPostgresLookup(name);
  const catalog::Lookup* plain = catalog::FindLookup(name);
  if (IsJsonKey(*left)) {
    const bool text = left->output->kind != K::kJSONField;
    const bool none =
        right->op == Op::kDirect && !right->operand.runtime && right->operand.constant.is_none();
    if (text && name == "exact" && none) {
      // Django compares the text of a key with JSON's null as text.
      const ExprPtr null = MakeDirect(right->span, Constant(Value::Str("null")));
      return query.BuildLookup({name}, left, null, span);
    }
    if (plain != nullptr) {
      if (ExprPtr test = JsonKeyLookup(query, *plain, left, right, span)) return test;
    }
  }
  const catalog::Lookup* row = own != nullptr ? own : plain;
  if (row == nullptr) return nullptr;
  Sides sides{query, *row, left, right, span};
  if (type.kind == K::kJSONField) return JsonLookup(std::move(sides));
  if (type.kind == K::kArrayField && type.base) return ArrayLookup(std::move(sides));
  if (RangeBound(type)) return RangeLookup(std::move(sides));
  if (type.kind == K::kHStoreField) return HstoreLookup(std::move(sides));
  if (name == "contained_by") return ContainedByRange(std::move(sides));
  return nullptr;
}

}  // namespace ormc::plan
