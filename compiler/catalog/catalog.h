// catalog: what the ORM offers, as data.  The rows are in *.def; code interprets them.
//
//   functions.def   database functions and the transforms among them
//   aggregates.def  aggregates
//   lookups.def     lookups
//   methods.def     queryset methods, accepted and refused
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ormc::catalog {

// How an output field is found.
enum class Output : uint8_t {
  kSources,
  kFirst,
  kGiven,
  kGivenOrSources,
  kNumeric,
  kFloat,
  kInteger,
  kChar,
  kBoolean,
  kDate,
  kTime,
  kDateTime,
  kText,
  kJson,
  kUuid,
  kArrayOf,     // of the first argument's type
  kElement,     // of the array that the first argument is
  kRangeBound,  // of the range that it is
  kTextArray,
  kSearchVector,
  kSearchQuery,
};

enum class FunctionShape : uint8_t {
  kCall,
  kTemplate,
  kCast,
  kCollate,
  kConcat,
  kDecimalInput,
  kExtract,
  kTrunc,
  kTruncDate,
  kTruncTime,
  kWindow,
  kJsonKey,     // the key is the expression's name
  kHstoreKey,   // the same
  kArrayIndex,  // the place from 1 is its name
  kArraySlice,  // "2:4"
  kArray,
  kJsonObject,  // names and values in turn
  kJsonArray,
  // A template of a text and an expression; the text is a value, not a name.
  kTextLast,
  kTextFirst,
  // Full-text search.  A configuration, where there is one, is the first argument.
  kSearchConfig,
  kSearchVector,    // of columns
  kCombinedVector,  // of vectors
  kSearchQuery,     // the expression's name is the function; negated: `~`
  kCombinedQuery,
  kSearchCall,  // the expression's name is the function
};

inline constexpr uint8_t kMany = 255;

struct Function {
  std::string_view name;
  FunctionShape shape;
  uint8_t least;
  uint8_t most;
  std::string_view sql;
  Output output;
  std::string_view lookup_name;
};

struct Aggregate {
  std::string_view name;
  std::string_view sql;
  bool allows_distinct;
  bool allows_default;
  Output output;
  uint8_t expressions = 1;
  bool ordered = false;  // takes `order_by=`
  bool pools = false;    // no row's value can be read from that of many rows
  bool named = false;    // `id__sum` where no alias is given; Django's own have a name
};

enum class LookupId : uint8_t {
#define ORMC_LOOKUP(id, name, kind, sql, sql_expression) k##id,
#include "compiler/catalog/lookups.def"
#undef ORMC_LOOKUP
};
enum class LookupKind : uint8_t {
  kCompare,
  kText,
  kPattern,
  kList,
  kRange,
  kNullTest,
  kOperator,  // of PostgreSQL's own types: the SQL is that of both sides
};

struct Lookup {
  LookupId id;
  std::string_view class_name;  // "GreaterThan"
  std::string_view name;        // "gt"
  LookupKind kind;
  std::string_view sql;             // the right side, a value
  std::string_view sql_expression;  // the right side, an expression
};

// Null where there is none.
const Function* FindFunction(std::string_view name);
const Function* FindTransform(std::string_view lookup_name);
const Aggregate* FindAggregate(std::string_view name);
const Lookup* FindLookup(std::string_view name);  // one that every field has
const Lookup* FindPostgresLookup(std::string_view name);
const Lookup* FindLookupClass(std::string_view class_name);
const Lookup& LookupOf(LookupId id);
// NULL where an argument is, or the first that is not, and a value for all others.
bool NeverFails(const Function& function);
const std::vector<Function>& AllFunctions();
const std::vector<Aggregate>& AllAggregates();
const std::vector<Lookup>& AllLookups();

// A queryset or manager method.  `refusal` is why a snippet may not call it, or "".
enum class MethodId : uint8_t {
#define ORMC_METHOD(id, name, group, parameters) k##id,
#define ORMC_REFUSED_METHOD(name, verb, reason)
#include "compiler/catalog/methods.def"
#undef ORMC_METHOD
#undef ORMC_REFUSED_METHOD
};
struct Method {
  MethodId id;
  std::string_view name;
  std::string_view group;       // "queryset" (gives a queryset) or "end" (evaluates)
  std::string_view parameters;  // "field_name, kind, order=": see CheckArguments
};
struct RefusedMethod {
  std::string_view name;
  std::string_view verb;    // of a write: what PostgreSQL would name, "UPDATE"; else ""
  std::string_view reason;  // the hint
};
const Method* FindMethod(std::string_view name);
const RefusedMethod* FindRefusedMethod(std::string_view name);
std::vector<std::string> MethodNames();

}  // namespace ormc::catalog
