// Transforms of PostgreSQL's own types: keys of JSON and hstore, parts of arrays and of ranges.
#include <charconv>

#include "compiler/plan/postgres.h"
#include "compiler/plan/slices.h"

namespace ormc::plan {
namespace {

using K = FieldKind;
using catalog::Function;
using catalog::FunctionShape;
using catalog::Output;

// These are never written: a path makes them.
constexpr Function kIndex{"index", FunctionShape::kArrayIndex, 1, 1, "", Output::kElement, ""};
constexpr Function kSlice{"slice", FunctionShape::kArraySlice, 1, 1, "", Output::kFirst, ""};
constexpr Function kHstoreKey{"key", FunctionShape::kHstoreKey, 1, 1, "->", Output::kText, ""};

ExprPtr Named(Span span, const Function& function, const ExprPtr& source, std::string name) {
  Expr call = *MakeCall(span, function, {source});
  call.name = std::move(name);
  return Finish(std::move(call));
}

std::optional<int64_t> Integer(std::string_view text) {
  int64_t number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || at != text.data() + text.size()) return std::nullopt;
  return number;
}

// `0` is the first element, `0_2` the first two.
ExprPtr ArrayPart(const ExprPtr& left, std::string_view name, Span span) {
  const size_t underscore = name.find('_');
  if (const auto index = Integer(name)) {
    return Named(span, kIndex, left, std::to_string(*index + 1));
  }
  if (underscore == std::string_view::npos) return nullptr;
  const auto start = Integer(name.substr(0, underscore));
  const auto end = Integer(name.substr(underscore + 1));
  if (!start || !end) return nullptr;
  return MakeArraySlice(span, left, *start + 1, *end);
}

bool Has(const FieldType& type, std::string_view transform) {
  if (transform == "len") return type.kind == K::kArrayField;
  if (transform == "keys" || transform == "values") return type.kind == K::kHStoreField;
  return RangeBound(type).has_value();
}

}  // namespace

ExprPtr MakeArraySlice(Span span, const ExprPtr& array, int64_t start, std::optional<int64_t> end) {
  return Named(span, kSlice, array,
               std::to_string(start) + ":" + (end ? std::to_string(*end) : std::string()));
}

bool IsPostgresType(const FieldType& type) {
  return type.kind == K::kJSONField || type.kind == K::kArrayField ||
         type.kind == K::kHStoreField || type.kind == K::kSearchVectorField ||
         RangeBound(type).has_value();
}

const Function* FindPostgresTransform(const FieldType& type, std::string_view name) {
  if (!IsPostgresType(type)) return nullptr;
  const Function* row = catalog::FindTransform(name);
  const bool registered = row != nullptr && (row->shape == FunctionShape::kCall ||
                                             row->shape == FunctionShape::kTemplate);
  return registered && Has(type, name) ? row : nullptr;
}

ExprPtr PostgresTransform(const ExprPtr& left, const std::string& name, Span span) {
  const FieldType& type = OutputOf(left);
  if (const Function* row = FindPostgresTransform(type, name)) return MakeCall(span, *row, {left});
  if (type.kind == K::kJSONField) {
    return Named(span, *catalog::FindFunction("KeyTransform"), left, name);
  }
  if (type.kind == K::kHStoreField) return Named(span, kHstoreKey, left, name);
  if (type.kind == K::kArrayField) return ArrayPart(left, name, span);
  return nullptr;
}

bool IsJsonKey(const Expr& expr) {
  return expr.op == Op::kFunction && expr.function->shape == FunctionShape::kJsonKey;
}

}  // namespace ormc::plan
