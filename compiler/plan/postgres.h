// PostgreSQL's own types in paths and conditions: JSON, arrays, ranges, hstore, searches.
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

// A value that must not turn out to be None.
ExprPtr NeverNone(const catalog::Lookup& row, const ExprPtr& right, Span span);

// ---- search.cpp
bool IsSearchVector(const Expr& expr);
bool IsSearchQuery(const Expr& expr);
// The configuration of a vector or query, of combined ones the first's; null: the database's.
ExprPtr SearchConfigOf(const Expr& expr);
// `search`, `trigram_similar` and kin, and a comparison of a search vector; null where it is none.
ExprPtr SearchLookup(const Query& query, const std::string& name, const ExprPtr& left,
                     const ExprPtr& right, Span span);
// The right side as a transform of both sides (`unaccent`) wants it.
ExprPtr Bilateral(const PlanContext& context, const std::string& name, const ExprPtr& left,
                  const ExprPtr& right, Span span);

// Of lookups.cpp.
[[noreturn]] void RejectLookup(const ExprPtr& left, const std::string& name, Span span);

}  // namespace ormc::plan
