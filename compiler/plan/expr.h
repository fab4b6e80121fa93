// plan: the relational form of a queryset, where Django's meaning lives.
//
//   field_type.h   output fields and their arithmetic
//   expr.h         expressions: as written (names), and resolved (columns of aliases)
//   query.h        Query: one SELECT in the making, and the queryset operations on it
//   names.cpp      a path of names -> joins to make and the field at its end
//   joins.cpp      aliases, reuse, trimming, promotion and demotion
//   filtered_relations.cpp  FilteredRelation: what its condition may name
//   filters.cpp    conditions; one sub-query for an excluded multi-valued relation
//   lookups.cpp    a lookup's two sides
//   resolve.cpp    names in expressions -> columns; output fields
//   grouping.cpp   annotations, values, GROUP BY
//   aggregation.cpp  aggregate(), count(), exists() and the wrapping query
//   aggregates_only.h  models of which only aggregates over many rows are seen
//   failing.h      what fails for some value of a column
//   composite.cpp  keys and relations of several columns
//   combine.cpp    `|` and `&` of querysets, and union and kin
//   print.h        as text, for `ormc --emit plan`;  verify.h  what holds of every plan
//
// The order of the steps is Django's (db/models/sql/query.py), because its answers depend on it:
// which join is reused, when one is promoted, what is grouped.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/catalog/catalog.h"
#include "compiler/plan/field_type.h"
#include "compiler/program/program.h"
#include "compiler/values/value.h"

namespace ormc::plan {

struct Expr;
class Query;
using ExprPtr = std::shared_ptr<const Expr>;
using QueryPtr = std::shared_ptr<const Query>;
using AliasId = uint32_t;

// A value that is known now, or an expression that the runtime evaluates before the query runs.
struct Operand {
  Value constant;
  program::ExprPtr runtime;                   // null: the constant
  bool maybe_none = false;                    // `runtime` may turn out to be None
  const manifest::Model* model = nullptr;     // whose instance `runtime` gives, where it is one
  const manifest::Model* items_of = nullptr;  // whose instances are in the list that it gives
  std::vector<program::PrepareStep> steps;    // what is still to be done to `runtime`
  program::ParameterType type = program::ParameterType::kByValue;
};

enum class Op : uint8_t {
  // As written.
  kName,       // F("path")
  kOuterName,  // OuterRef("path"), or OuterRef(OuterRef("path")) with it as argument 0
  kCondition,  // Q: conditions and expressions under a connector
  kItem,       // path = argument 0, within a kCondition
  // Both.
  kValue,       // Value(x)
  kDirect,      // a Python value on the right side of a lookup
  kDirectList,  // a Python list there that holds expressions
  kStar,
  kFunction,
  kArithmetic,  // left op right
  kAggregate,
  kCase,  // arguments: whens, then the default
  kWhen,  // condition, result
  kSubquery,
  kExists,
  kNot,      // ~ of an expression
  kWrapper,  // ExpressionWrapper
  kOrderBy,
  kLookup,  // left, right
  kWindow,  // function, then `partitions` expressions, then orderings
  // Resolved.
  kOuterColumn,  // a name of the enclosing query, resolved when the query is placed there
  kColumn,
  kReference,  // an annotation by its name; argument 0 is what it stands for
  kWhere,      // conditions under a connector, resolved
  kNothing,    // no row: `none()`
};

inline Operand Constant(Value value) {
  Operand operand;
  operand.constant = std::move(value);
  return operand;
}

enum class Connector : uint8_t { kAnd, kOr, kXor };

// RowRange and ValueRange; a bound that is absent is UNBOUNDED.
struct WindowFrame {
  bool rows = false;
  std::optional<int64_t> start;
  std::optional<int64_t> end;
  std::string_view exclusion;  // of SQL: "TIES", or ""
  Span span;
};
bool operator==(const WindowFrame& a, const WindowFrame& b);

struct Expr {
  Op op = Op::kStar;
  Span span;
  std::vector<ExprPtr> args;
  std::string name;  // a path; an annotation's name; the operator of kArithmetic ("+"); a unit; of
                     // a lookup written as a class whose right side is still to be prepared; a key
                     // or index; of kSubquery "ARRAY" or ""
  std::string zone;  // of Trunc and Extract: tzinfo, "" for the active one; of a difference of
                     // dates or times: their type
  Operand operand;   // of kValue and kDirect
  std::optional<FieldType> output;  // given or inferred; none: Django would raise when asked
  const catalog::Function* function = nullptr;
  const catalog::Aggregate* aggregate = nullptr;
  const catalog::Lookup* lookup = nullptr;
  ExprPtr filter;                          // of an aggregate
  ExprPtr fallback;                        // `default=` of an aggregate
  QueryPtr query;                          // of kSubquery and kExists
  AliasId alias = 0;                       // of kColumn
  const manifest::Field* field = nullptr;  // of kColumn: the target
  size_t partitions = 0;                   // of kWindow
  std::optional<WindowFrame> frame;        // of kWindow
  Connector connector = Connector::kAnd;   // of kCondition and kWhere
  bool negated = false;
  bool distinct = false;         // of an aggregate
  bool sample = false;           // of StdDev and Variance
  bool explicit_output = false;  // `output_field=` was written
  bool mixed_types = false;      // no output: the arguments' types differ
  bool multi_valued = false;     // of an outer column: its path crosses relations
  bool from_queryset = false;    // a queryset on the right side of a lookup
  bool summary = false;          // within aggregate()
  bool unsaid = false;           // a condition of policy or site: the snippet does not say it
  bool descending = false;
  bool nulls_first = false;
  bool nulls_last = false;
  // What is within, computed by Finish().
  size_t nodes = 1;
  bool contains_aggregate = false;
  bool contains_window = false;
  bool contains_subquery = false;
};

// Computes what depends on the arguments and freezes the node.  Refuses what is too large to walk:
// a node may stand in many places, so that a short snippet can write an endless expression.
ExprPtr Finish(Expr&& expr);

ExprPtr MakeName(Span span, std::string path);
ExprPtr MakeValue(Span span, Operand operand, std::optional<FieldType> output = {});
ExprPtr MakeDirect(Span span, Operand operand);
ExprPtr MakeColumn(AliasId alias, const manifest::Field& target, const FieldType& output);
ExprPtr MakeReference(std::string name, ExprPtr source);
ExprPtr MakeWhere(Connector connector, bool negated, std::vector<ExprPtr> children);
ExprPtr MakeLookup(const catalog::Lookup& lookup, ExprPtr left, ExprPtr right, Span span);
ExprPtr MakeCall(Span span, const catalog::Function& function, std::vector<ExprPtr> args);

// Structural equality; queries are equal when they are the same object.
bool Same(const Expr& a, const Expr& b);
bool Same(const ExprPtr& a, const ExprPtr& b);
// Equal in value and in type (1 and 1.0 are not).
bool IdenticalConstants(const Value& a, const Value& b);
// Equal for identical constants only.
std::string IdentityOf(const Value& value);
bool SameOperand(const Operand& a, const Operand& b);

// All direct sub-expressions, in Django's order of source expressions.
std::vector<ExprPtr> Sources(const Expr& expr);
// The same node over other sub-expressions, parallel to Sources().
ExprPtr WithSources(const Expr& expr, std::vector<ExprPtr> sources);

// Bottom-up: `replace` sees a node before its sub-expressions do; null means "go on below".
using Replacement = std::function<ExprPtr(const ExprPtr&)>;
ExprPtr Rewrite(const ExprPtr& expr, const Replacement& replace);

// May it stand before OVER (Django's `window_compatible`)?
bool IsWindowFunction(const Expr& expr);

// Is it a boolean expression (Django's `conditional`)?
bool IsConditional(const Expr& expr);

// Expressions on the right side of a lookup that are no SQL by themselves.
inline bool IsDirect(const Expr& expr) {
  return expr.op == Op::kDirect || expr.op == Op::kDirectList;
}

// The columns of a key or relation of several columns, or what stands opposite of them: a
// kDirectList with a type of its own.
ExprPtr MakeTuple(Span span, std::vector<ExprPtr> parts);
inline bool IsTuple(const Expr& expr) {
  return expr.op == Op::kDirectList && expr.output.has_value();
}
// ValueError where one is given to an expression that has no meaning for several columns.
void RejectTuples(const Expr& expr, std::string_view name);

}  // namespace ormc::plan
