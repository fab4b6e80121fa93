// PostgreSQL's own types in paths and conditions: JSON, arrays, ranges, hstore.
#pragma once

#include <string>
#include <string_view>

#include "compiler/plan/prepare.h"
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

// Of lookups.cpp.
[[noreturn]] void RejectLookup(const ExprPtr& left, const std::string& name, Span span);

}  // namespace ormc::plan
