// PostgreSQL's own types in paths and conditions: JSON, arrays, ranges, hstore.
#pragma once

#include <string>
#include <string_view>

#include "compiler/plan/query.h"

namespace ormc::plan {

// Do the names of lookups have a meaning of their own on it?
bool IsPostgresType(const FieldType& type);

// A transform that Django registers for the type, or null.
const catalog::Function* FindPostgresTransform(const FieldType& type, std::string_view name);

// `left__name`, or null where the type has no such transform.
ExprPtr PostgresTransform(const ExprPtr& left, const std::string& name, Span span);

// A lookup on one of these types, or null where it is as on any field.
ExprPtr PostgresLookup(const Query& query, const std::string& name, const ExprPtr& left,
                       const ExprPtr& right, Span span);

// A key of a JSON document, as JSON or as text.
bool IsJsonKey(const Expr& expr);

// ---- of lookups.cpp
ExprPtr MakeLookup(const catalog::Lookup& row, ExprPtr left, ExprPtr right, Span span);
ExprPtr WithOperand(const ExprPtr& direct, Operand operand);
// As Field.get_prep_value prepares it for `type`.
Operand PreparedAs(const PlanContext& context, const ExprPtr& left, const FieldType& type,
                   Operand operand, Span span);
[[noreturn]] void RejectLookup(const ExprPtr& left, const std::string& name, Span span);

}  // namespace ormc::plan
