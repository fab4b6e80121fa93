#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/manifest/manifest.h"

namespace ormc::plan {

using manifest::FieldKind;

// What Django calls an output field: a class of field with what matters of its arguments.
struct FieldType {
  FieldKind kind = FieldKind::kOther;
  const manifest::Field* field = nullptr;  // the model's field that it is, or null
  std::optional<int32_t> max_length;
  std::optional<int32_t> max_digits;
  std::optional<int32_t> decimal_places;
  std::shared_ptr<const FieldType> base;  // of arrays

  bool operator==(const FieldType&) const = default;
};

FieldType TypeOf(const manifest::Field& field);
inline FieldType Plain(FieldKind kind) { return FieldType{kind, nullptr, {}, {}, {}, nullptr}; }

FieldType ArrayOf(const FieldType& element);
// The class of a range's bounds (RangeField.base_field); nothing where it is no range.
std::optional<FieldType> RangeBound(const FieldType& range);

// Python's issubclass() over Django's field classes.
bool IsA(FieldKind kind, FieldKind base);
inline bool IsA(const FieldType& type, FieldKind base) { return IsA(type.kind, base); }

// What a foreign key stores: the type of the field that it points to, at the end of the chain.
FieldType TargetType(const FieldType& type);

// Field.get_internal_type() of the value's own type (a foreign key's is that of its target).
std::string_view InternalType(const FieldType& type);

// Field.cast_db_type() on PostgreSQL, or "" where it has none.
std::string CastDbType(const FieldType& type);

// The class for a name as a snippet writes it (`IntegerField`), for output_field and Cast.
std::optional<FieldKind> FieldClass(std::string_view name);

// The result of `left op right` (a table; op is Django's connector), or nothing: FieldError.
std::optional<FieldKind> CombinedKind(char op, const FieldType* left, const FieldType* right);

}  // namespace ormc::plan
