#include "compiler/plan/field_type.h"

#include <array>

namespace ormc::plan {
namespace {

using K = FieldKind;

// The base class within Django, kOther where it is Field itself.
K BaseOf(K kind) {
  switch (kind) {
    case K::kAutoField:
    case K::kPositiveIntegerField:
    case K::kPositiveSmallIntegerField:
    case K::kSmallIntegerField:
    case K::kBigIntegerField:
      return K::kIntegerField;
    case K::kBigAutoField:
    case K::kPositiveBigIntegerField:
      return K::kBigIntegerField;
    case K::kSmallAutoField:
      return K::kSmallIntegerField;
    case K::kEmailField:
    case K::kSlugField:
    case K::kURLField:
    case K::kCICharField:
      return K::kCharField;
    case K::kCIEmailField:
      return K::kEmailField;
    case K::kCITextField:
      return K::kTextField;
    case K::kDateTimeField:
      return K::kDateField;
    case K::kNullBooleanField:
      return K::kBooleanField;
    case K::kImageField:
      return K::kFileField;
    case K::kOneToOneField:
      return K::kForeignKey;
    case K::kForeignKey:
      return K::kForeignObject;
    case K::kBigIntegerRangeField:
    case K::kBinaryField:
    case K::kBooleanField:
    case K::kCharField:
    case K::kDateField:
    case K::kDecimalField:
    case K::kDurationField:
    case K::kFileField:
    case K::kFilePathField:
    case K::kFloatField:
    case K::kGeneratedField:
    case K::kGenericIPAddressField:
    case K::kIntegerField:
    case K::kJSONField:
    case K::kTextField:
    case K::kTimeField:
    case K::kUUIDField:
    case K::kCompositePrimaryKey:
    case K::kForeignObject:
    case K::kManyToManyField:
    case K::kGenericForeignKey:
    case K::kGenericRelation:
    case K::kArrayField:
    case K::kHStoreField:
    case K::kIntegerRangeField:
    case K::kDecimalRangeField:
    case K::kDateTimeRangeField:
    case K::kDateRangeField:
    case K::kSearchVectorField:
    case K::kSearchQueryField:
    case K::kOther:
      return K::kOther;
  }
  return K::kOther;
}

struct Combination {
  const char* ops;
  K left;
  K right;
  K result;
};

constexpr K kNull = K::kOther;  // stands for Python's NoneType in the table

// Django's rules for the type of `left op right`, the first that fits.
constexpr std::array kCombinations = {
    Combination{"+*/%^", K::kPositiveIntegerField, K::kPositiveIntegerField,
                K::kPositiveIntegerField},
    Combination{"+-*/%^", K::kIntegerField, K::kIntegerField, K::kIntegerField},
    Combination{"+-*/%^", K::kFloatField, K::kFloatField, K::kFloatField},
    Combination{"+-*/%^", K::kDecimalField, K::kDecimalField, K::kDecimalField},
    Combination{"+-*/%", K::kIntegerField, K::kDecimalField, K::kDecimalField},
    Combination{"+-*/%", K::kDecimalField, K::kIntegerField, K::kDecimalField},
    Combination{"+-*/%", K::kIntegerField, K::kFloatField, K::kFloatField},
    Combination{"+-*/%", K::kFloatField, K::kIntegerField, K::kFloatField},
    Combination{"&|<>#", K::kIntegerField, K::kIntegerField, K::kIntegerField},
    Combination{"+-*/%^", K::kIntegerField, kNull, K::kIntegerField},
    Combination{"+-*/%^", kNull, K::kIntegerField, K::kIntegerField},
    Combination{"+-*/%^", K::kDecimalField, kNull, K::kDecimalField},
    Combination{"+-*/%^", kNull, K::kDecimalField, K::kDecimalField},
    Combination{"+-*/%^", K::kFloatField, kNull, K::kFloatField},
    Combination{"+-*/%^", kNull, K::kFloatField, K::kFloatField},
    Combination{"+", K::kDateField, K::kDurationField, K::kDateTimeField},
    Combination{"+", K::kDateTimeField, K::kDurationField, K::kDateTimeField},
    Combination{"+", K::kDurationField, K::kDateField, K::kDateTimeField},
    Combination{"+", K::kDurationField, K::kDateTimeField, K::kDateTimeField},
    Combination{"+", K::kDurationField, K::kDurationField, K::kDurationField},
    Combination{"+", K::kTimeField, K::kDurationField, K::kTimeField},
    Combination{"+", K::kDurationField, K::kTimeField, K::kTimeField},
    Combination{"-", K::kDateField, K::kDurationField, K::kDateTimeField},
    Combination{"-", K::kDateTimeField, K::kDurationField, K::kDateTimeField},
    Combination{"-", K::kDateField, K::kDateField, K::kDurationField},
    Combination{"-", K::kDateField, K::kDateTimeField, K::kDurationField},
    Combination{"-", K::kDateTimeField, K::kDateField, K::kDurationField},
    Combination{"-", K::kDateTimeField, K::kDateTimeField, K::kDurationField},
    Combination{"-", K::kDurationField, K::kDurationField, K::kDurationField},
    Combination{"-", K::kTimeField, K::kDurationField, K::kTimeField},
    Combination{"-", K::kTimeField, K::kTimeField, K::kDurationField},
};

bool Fits(K wanted, const FieldType* type) {
  return wanted == kNull ? type == nullptr : type != nullptr && IsA(type->kind, wanted);
}

}  // namespace

FieldType TypeOf(const manifest::Field& field) {
  const manifest::Field& shown = field.output_field ? *field.output_field : field;
  FieldType type{shown.kind, &field, shown.max_length, shown.max_digits, shown.decimal_places, {}};
  if (shown.base_field) type.base = std::make_shared<const FieldType>(TypeOf(*shown.base_field));
  return type;
}

FieldType ArrayOf(const FieldType& element) {
  FieldType array = Plain(K::kArrayField);
  array.base = std::make_shared<const FieldType>(element);
  return array;
}

std::optional<FieldType> RangeBound(const FieldType& range) {
  if (range.kind == K::kIntegerRangeField) return Plain(K::kIntegerField);
  if (range.kind == K::kBigIntegerRangeField) return Plain(K::kBigIntegerField);
  if (range.kind == K::kDecimalRangeField) return Plain(K::kDecimalField);
  if (range.kind == K::kDateRangeField) return Plain(K::kDateField);
  if (range.kind == K::kDateTimeRangeField) return Plain(K::kDateTimeField);
  return std::nullopt;
}

bool IsA(FieldKind kind, FieldKind base) {
  while (kind != base) {
    if (kind == K::kOther) return false;
    kind = BaseOf(kind);
  }
  return true;
}

FieldType TargetType(const FieldType& type) {
  FieldType at = type;
  // A foreign key to a foreign key: the chain of a manifest is finite, but its author may err.
  for (int hops = 0; hops < 16 && IsA(at, K::kForeignObject) && at.field != nullptr; ++hops) {
    const auto& relation = at.field->relation;
    if (!relation || relation->to == nullptr || relation->to_fields.empty()) break;
    const manifest::Field* target = relation->to->FindField(relation->to_fields.front());
    if (target == nullptr) break;
    at = TypeOf(*target);
  }
  return at;
}

std::string_view InternalType(const FieldType& type) {
  if (IsA(type, K::kCharField) && type.kind != K::kSlugField) return "CharField";
  if (type.kind == K::kCITextField) return "TextField";
  if (IsA(type, K::kFileField)) return "FileField";
  return manifest::NameOf(type.kind);
}

std::string CastDbType(const FieldType& type) {
  const FieldType at = TargetType(type);
  switch (at.kind) {
    case K::kAutoField:
    case K::kIntegerField:
    case K::kPositiveIntegerField:
      return "integer";
    case K::kSmallAutoField:
    case K::kSmallIntegerField:
    case K::kPositiveSmallIntegerField:
      return "smallint";
    case K::kBigAutoField:
    case K::kBigIntegerField:
    case K::kPositiveBigIntegerField:
      return "bigint";
    case K::kBinaryField:
      return "bytea";
    case K::kBooleanField:
    case K::kNullBooleanField:
      return "boolean";
    case K::kCharField:
    case K::kEmailField:
    case K::kSlugField:
    case K::kURLField:
    case K::kFileField:
    case K::kImageField:
    case K::kFilePathField:
      return at.max_length ? "varchar(" + std::to_string(*at.max_length) + ")" : "varchar";
    case K::kTextField:
      return "text";
    case K::kDateField:
      return "date";
    case K::kDateTimeField:
      return "timestamp with time zone";
    case K::kTimeField:
      return "time";
    case K::kDurationField:
      return "interval";
    case K::kDecimalField:
      return at.max_digits && at.decimal_places
                 ? "numeric(" + std::to_string(*at.max_digits) + ", " +
                       std::to_string(*at.decimal_places) + ")"
                 : "numeric";
    case K::kFloatField:
      return "double precision";
    case K::kGenericIPAddressField:
      return "inet";
    case K::kJSONField:
      return "jsonb";
    case K::kUUIDField:
      return "uuid";
    case K::kArrayField:
      return at.base ? CastDbType(*at.base) + "[]" : "";
    case K::kIntegerRangeField:
      return "int4range";
    case K::kBigIntegerRangeField:
      return "int8range";
    case K::kDecimalRangeField:
      return "numrange";
    case K::kDateTimeRangeField:
      return "tstzrange";
    case K::kDateRangeField:
      return "daterange";
    case K::kHStoreField:
      return "hstore";
    case K::kCITextField:
    case K::kCICharField:
    case K::kCIEmailField:
      return "citext";
    case K::kSearchVectorField:
      return "tsvector";
    case K::kSearchQueryField:
      return "tsquery";
    case K::kGeneratedField:
    case K::kCompositePrimaryKey:
    case K::kForeignKey:
    case K::kOneToOneField:
    case K::kForeignObject:
    case K::kManyToManyField:
    case K::kGenericForeignKey:
    case K::kGenericRelation:
    case K::kOther:
      return "";
  }
  return "";
}

std::optional<FieldKind> FieldClass(std::string_view name) {
  const auto kind = manifest::FieldKindOf(name);
  // An array's type is that of its elements, given with it.
  const bool array = kind == K::kArrayField;
  if (!kind || (CastDbType(Plain(*kind)).empty() && !array)) return std::nullopt;
  return kind;
}

std::optional<FieldKind> CombinedKind(char op, const FieldType* left, const FieldType* right) {
  for (const Combination& row : kCombinations) {
    if (std::string_view(row.ops).find(op) == std::string_view::npos) continue;
    if (Fits(row.left, left) && Fits(row.right, right)) return row.result;
  }
  return std::nullopt;
}

}  // namespace ormc::plan
