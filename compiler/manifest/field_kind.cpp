#include <algorithm>
#include <iterator>
#include <string_view>

#include "compiler/manifest/manifest.h"

namespace ormc::manifest {
namespace {

struct Row {
  FieldKind kind;
  std::string_view name;
};

// In the order of the enumeration: NameOf indexes it.
constexpr Row kRows[] = {
    {FieldKind::kAutoField, "AutoField"},
    {FieldKind::kBigAutoField, "BigAutoField"},
    {FieldKind::kSmallAutoField, "SmallAutoField"},
    {FieldKind::kBigIntegerField, "BigIntegerField"},
    {FieldKind::kBinaryField, "BinaryField"},
    {FieldKind::kBooleanField, "BooleanField"},
    {FieldKind::kCharField, "CharField"},
    {FieldKind::kDateField, "DateField"},
    {FieldKind::kDateTimeField, "DateTimeField"},
    {FieldKind::kDecimalField, "DecimalField"},
    {FieldKind::kDurationField, "DurationField"},
    {FieldKind::kEmailField, "EmailField"},
    {FieldKind::kFileField, "FileField"},
    {FieldKind::kFilePathField, "FilePathField"},
    {FieldKind::kFloatField, "FloatField"},
    {FieldKind::kGeneratedField, "GeneratedField"},
    {FieldKind::kGenericIPAddressField, "GenericIPAddressField"},
    {FieldKind::kImageField, "ImageField"},
    {FieldKind::kIntegerField, "IntegerField"},
    {FieldKind::kJSONField, "JSONField"},
    {FieldKind::kNullBooleanField, "NullBooleanField"},
    {FieldKind::kPositiveBigIntegerField, "PositiveBigIntegerField"},
    {FieldKind::kPositiveIntegerField, "PositiveIntegerField"},
    {FieldKind::kPositiveSmallIntegerField, "PositiveSmallIntegerField"},
    {FieldKind::kSlugField, "SlugField"},
    {FieldKind::kSmallIntegerField, "SmallIntegerField"},
    {FieldKind::kTextField, "TextField"},
    {FieldKind::kTimeField, "TimeField"},
    {FieldKind::kURLField, "URLField"},
    {FieldKind::kUUIDField, "UUIDField"},
    {FieldKind::kCompositePrimaryKey, "CompositePrimaryKey"},
    {FieldKind::kForeignKey, "ForeignKey"},
    {FieldKind::kOneToOneField, "OneToOneField"},
    {FieldKind::kForeignObject, "ForeignObject"},
    {FieldKind::kManyToManyField, "ManyToManyField"},
    {FieldKind::kGenericForeignKey, "GenericForeignKey"},
    {FieldKind::kGenericRelation, "GenericRelation"},
    {FieldKind::kArrayField, "ArrayField"},
    {FieldKind::kHStoreField, "HStoreField"},
    {FieldKind::kIntegerRangeField, "IntegerRangeField"},
    {FieldKind::kBigIntegerRangeField, "BigIntegerRangeField"},
    {FieldKind::kDecimalRangeField, "DecimalRangeField"},
    {FieldKind::kDateTimeRangeField, "DateTimeRangeField"},
    {FieldKind::kDateRangeField, "DateRangeField"},
    {FieldKind::kSearchVectorField, "SearchVectorField"},
    {FieldKind::kSearchQueryField, "SearchQueryField"},
    {FieldKind::kCITextField, "CITextField"},
    {FieldKind::kCICharField, "CICharField"},
    {FieldKind::kCIEmailField, "CIEmailField"},
    {FieldKind::kOther, "Field"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kRows); ++i) {
    if (static_cast<size_t>(kRows[i].kind) != i) return false;
  }
  return std::size(kRows) == static_cast<size_t>(FieldKind::kOther) + 1;
}
static_assert(InOrder(), "kRows follows the order of FieldKind");

}  // namespace

std::string_view NameOf(FieldKind kind) { return kRows[static_cast<size_t>(kind)].name; }

std::optional<FieldKind> FieldKindOf(std::string_view name) {
  const auto* row = std::ranges::find(kRows, name, &Row::name);
  // The column of `order_with_respect_to`: an integer.
  if (name == "OrderWrt") return FieldKind::kIntegerField;
  if (row == std::end(kRows)) return std::nullopt;
  return row->kind;
}

}  // namespace ormc::manifest
