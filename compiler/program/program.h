// program: what the compiler hands to the runtime.  It is plain data: queries, pure expressions
// over their results, and the shape of the answer.  Everything in it has passed the policy.
//
//   program.h   queries, expressions, statements
//   instance.h  the shape of a model's rows
//   print.h     as text, for `ormc --emit program`
//
// The body runs from top to bottom in an environment of numbered slots, as Python would run the
// snippet: a query runs where Python would evaluate it, every query of a run on one snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/base/mask.h"
#include "compiler/base/source.h"
#include "compiler/program/instance.h"
#include "compiler/values/value.h"

namespace ormc::program {

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

// ---- expressions ------------------------------------------------------------------------------

enum class UnaryOp : uint8_t { kNegate, kPlus, kInvert, kNot };
enum class BinaryOp : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower,
  kBitOr,
  kBitXor,
  kBitAnd,
  kShiftLeft,
  kShiftRight,
};
enum class CompareOp : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIs,
  kIsNot,
  kIn,
  kNotIn,
};
enum class DisplayKind : uint8_t { kList, kTuple, kSet };
enum class ComprehensionKind : uint8_t { kList, kSet, kDict, kGenerator };

struct Constant {
  Value value;
};
// A constant that is, or holds, a list, set or dict: made anew each time it is evaluated, as
// Python's displays are, because a fold may change it.
struct Fresh {
  Value value;
};
struct Local {
  uint32_t slot;
};
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
};
struct Comparison {
  ExprPtr first;
  std::vector<std::pair<CompareOp, ExprPtr>> rest;
};
struct BoolChain {  // Python's and/or: the value of the deciding operand
  bool is_and;
  std::vector<ExprPtr> operands;
};
struct Conditional {
  ExprPtr test;
  ExprPtr then;
  ExprPtr otherwise;
};
// An f-string: texts and values in turn.
struct FormatPiece {
  std::string text;     // comes before the value
  ExprPtr value;        // null in a last piece that is text only
  char conversion = 0;  // 0, 'r', 's', 'a'
  ExprPtr spec;         // null: none
};
struct Format {
  std::vector<FormatPiece> pieces;
};
struct Display {
  DisplayKind kind;
  std::vector<std::pair<bool, ExprPtr>> items;  // true: starred
};
struct DictDisplay {
  std::vector<std::pair<ExprPtr, ExprPtr>> items;  // a null key: `**value`
};
struct Subscript {
  ExprPtr value;
  ExprPtr index;
};
struct SliceOf {
  ExprPtr value;
  ExprPtr lower;  // null: absent
  ExprPtr upper;
  ExprPtr step;
};
// An attribute of a date, a datetime, a timedelta, a Decimal, a named tuple or an instance.
struct Attribute {
  ExprPtr value;
  std::string name;
};
struct Keyword {
  std::string name;
  ExprPtr value;
};
// A row of eval's table of builtins, by its name: "len", "sum", "datetime.date", "math.floor",
// "timezone.now", ...
struct CallBuiltin {
  std::string name;
  std::vector<ExprPtr> arguments;
  std::vector<Keyword> keywords;
};
// A row of eval's table of methods of values: ("str", "upper"), found by the receiver's type.
struct CallMethod {
  ExprPtr receiver;
  std::string name;
  std::vector<ExprPtr> arguments;
  std::vector<Keyword> keywords;
};
// What a `for` binds: one slot, or a (nested) tuple of targets.
struct Target {
  std::optional<uint32_t> slot;
  std::vector<Target> items;
};
struct Generator {
  Target target;
  ExprPtr iterable;
  std::vector<ExprPtr> conditions;
};
struct Comprehension {
  ComprehensionKind kind;
  ExprPtr element;  // the key of a dict comprehension
  ExprPtr value;    // of a dict comprehension
  std::vector<Generator> generators;
};
// Only as `key=` of sorted, min, max, list.sort.
struct Lambda {
  uint32_t slot;
  ExprPtr body;
};
// Runs a query in the current environment; its value is that of the query's Fetch.
struct RunQuery {
  uint32_t query;  // index into Program::queries
};
// The rows of `query` (a kGrouped one) that belong to `owner`.  They are fetched at once for all the
// rows that `origin` gave, as prefetch_related does.
struct RelatedOf {
  uint32_t query;
  uint32_t origin;                // the query whose rows the owners are reached from,
  std::vector<std::string> path;  // by these attributes
  ExprPtr owner;
  std::string key;     // attribute of the owner that the rows name
  uint32_t keys_slot;  // where the query finds the list of keys
  enum class Take : uint8_t {
    kList,
    kRowOrNone,
    kRow,  // none raises RelatedObjectDoesNotExist
  };
  Take take = Take::kList;
  std::string name;  // of the relation, where one row is taken
};
// The row that a generic foreign key of `types.owner` names, or None.
struct GenericArm;
struct GenericOf {
  RelatedOf types;    // of its content type: (app_label, model)
  std::string field;  // its name, for messages
  std::string key;    // attribute of the owner: the key of the row
  std::shared_ptr<const std::vector<GenericArm>> arms;  // sorted by app and model
};
// What depends on the model of `row`, which only the runtime knows: its attribute `name`.
struct ByModel {
  struct Arm {
    std::string label;  // of the concrete model, and
    std::string model;  // the class
    ExprPtr value;      // null: it cannot be said in this language
  };
  ExprPtr row;
  std::string name;
  std::vector<Arm> arms;
};

struct Expr {
  Span span;
  std::variant<Constant, Fresh, Local, Unary, Binary, Comparison, BoolChain, Conditional, Format,
               Display, DictDisplay, Subscript, SliceOf, Attribute, CallBuiltin, CallMethod,
               Comprehension, Lambda, RunQuery, RelatedOf, GenericOf, ByModel>
      node;
};

// ---- statements -------------------------------------------------------------------------------

struct Statement;

struct Assign {
  Target target;
  ExprPtr value;
};
struct Evaluate {  // for its errors, and for the folds' `acc.append(e)`
  ExprPtr value;
};
struct SetItem {  // container[key] = value, of a dict (or of a list within its bounds)
  ExprPtr container;
  ExprPtr key;
  ExprPtr value;
};
struct For {
  Target target;
  ExprPtr iterable;
  std::vector<Statement> body;
};
struct If {
  ExprPtr test;
  std::vector<Statement> then;
  std::vector<Statement> otherwise;
};
struct Statement {
  Span span;
  std::variant<Assign, Evaluate, SetItem, For, If> node;
};

// ---- queries ----------------------------------------------------------------------------------

// What Django's fields do to a Python value before it becomes a parameter (eval/prepare.h).
enum class Prepare : uint8_t {
  kNone,
  kInteger,   // IntegerField.get_prep_value: int(value)
  kFloat,     // float(value)
  kDecimal,   // DecimalField.to_python
  kBoolean,   // BooleanField.to_python
  kText,      // str(value)
  kDate,      // DateField.to_python
  kDateTime,  // DateTimeField.get_prep_value (aware in the active zone)
  kTime,
  kDuration,
  kUuid,
  kAddress,  // GenericIPAddressField
  kJson,     // JSON text, as jsonb
  kBinary,
  kLikeContains,  // "%" + escaped + "%"
  kLikeStartsWith,
  kLikeEndsWith,
  kLikeExact,   // escaped, for iexact
  kPrimaryKey,  // an instance becomes its key, others stay
  kUpper,       // str.upper
  kListOf,      // the step after it applies to each element; None is dropped
  kNotNone,     // ValueError "Cannot use None as a query value" for None
  kItems,       // the step after it applies to each element; None stays
  kTexts,       // [str(item) for item in value]
  kRange,       // a pair becomes a range
  kHstore,      // keys and values as text
  kSliceBound,  // int(value), not negative; None stays
  kSliceIndex,  // an int, not negative
  kCeiling,     // a float becomes math.ceil(value): IntegerField's gte and lt
};
struct PrepareStep {
  Prepare what;
  std::string attribute;   // of kPrimaryKey: the attname that is wanted
  int32_t max_digits = 0;  // of kDecimal
  int32_t decimal_places = 0;
  std::string field;  // its name, for Django's messages
};

// The type that a parameter declares to PostgreSQL.
enum class ParameterType : uint8_t {
  kByValue,  // as psycopg writes the literal: int4, int8, numeric; float: numeric; str: unknown;
             // bool, date, time, timestamptz or timestamp, interval, uuid, bytea by their own;
             // a list: unknown, in array syntax
  kUnknown,
  kText,
  kJsonb,
  kInt8,
};
// The rows of one model that a generic foreign key may name: those of `query` (a kGrouped one), by
// their own keys.
struct GenericArm {
  std::string app;
  std::string model;  // as django_content_type has it
  uint32_t query;
  uint32_t keys_slot;
  std::vector<PrepareStep> steps;  // from the stored key to one of the model's
};
struct Parameter {
  ExprPtr value;  // a Constant, already prepared, where it is known at compile time
  std::vector<PrepareStep> steps;  // applied to a value that is known only at run time
  ParameterType type = ParameterType::kByValue;
};

// What Django's converters make of a decoded column.
enum class Convert : uint8_t {
  kNone,
  kInteger,
  kFloat,
  kDecimal,
  kBoolean,
  kJson,
  kCount,      // None becomes 0
  kEmptyText,  // None becomes ''
  kAware,      // Trunc: a timestamp without zone is the local time of Column::zone
  kDate,       // Trunc: the date of a timestamp
  kTime,       // Trunc: the time of a timestamp
  kJsonItems,  // each element of an array, at any depth
  kHstore,     // a dict
};
struct Column {
  std::string name;   // as `.values()` names it
  std::string label;  // for people
  std::string type;   // "integer", "text", "decimal", "float", "boolean", "date", "datetime",
                      // "time", "duration", "json", "uuid", "bytes", "array", "range", "address"
  std::string link;   // label of the model whose key this is, where the user may view it, or ""
  Convert convert = Convert::kNone;
  std::string zone;             // of kAware
  int32_t decimal_places = -1;  // of kDecimal from a float: quantised to this many
  Mask mask = Mask::kNone;
  std::shared_ptr<const std::vector<std::pair<Value, std::string>>> choices;  // shown labels
  uint32_t parts = 0;  // the first of so many that are one tuple in the row: a composite key
};

enum class RowKind : uint8_t { kFlat, kTuple, kNamedTuple, kDict, kInstance };

enum class FetchKind : uint8_t {
  kRows,      // a list of rows
  kFirst,     // the first row or None
  kGet,       // exactly one row, else DoesNotExist or MultipleObjectsReturned
  kEarliest,  // the first row, else DoesNotExist (latest, earliest, qs[0] with its IndexError: see
              // missing)
  kScalar,    // the first column of the first row
  kExists,    // bool: is there a row
  kRow,       // the only row as a dict (aggregate)
  kInBulk,    // a dict from the key column to the row
  kGrouped,   // a dict from the key column to the list of its rows
};

struct QueryText {
  std::string sql;                    // empty: Django sends no query (EmptyResultSet): no rows
  std::vector<Parameter> parameters;  // $1 is the first
};

struct Query {
  // The text, or, where Django's SQL depends on a value that is None or not, one text for each
  // combination: bit i of the index is set where none_tests[i] evaluates to None.
  std::vector<QueryText> variants;
  std::vector<ExprPtr> none_tests;
  std::vector<Column> columns;
  RowKind row = RowKind::kTuple;
  std::shared_ptr<const InstanceShape> instance;  // of kInstance
  FetchKind fetch = FetchKind::kRows;
  std::vector<uint32_t> key_columns;     // of kInBulk and kGrouped: several of a composite key
  std::string model;                     // label, for messages
  std::string missing = "DoesNotExist";  // Django's name for "no row": or "IndexError"
  // The value where the text is empty (EmptyResultSet); rows: [].
  std::optional<Value> empty_value;
  // Each row is made of so many at least; of fewer the answer of kScalar and kRow is TooFewRows.
  uint32_t smallest_group = 0;
  bool shown =
      false;  // it is (a part of) the answer: MAX_ROWS applies; else the limit of rows read
  Span span;  // of the call that evaluates it
};

struct Program {
  std::vector<Query> queries;
  std::vector<Statement> body;
  ExprPtr result;
  uint32_t slots = 0;
  // Frozen when the program was compiled, for `Show more`; none: the runtime's clock.
  std::optional<DateTime> now;  // aware, UTC
  std::string zone = "UTC";     // the active time zone
  bool use_tz = true;
};

template <class Node>
ExprPtr Make(Span span, Node node) {
  return std::make_shared<const Expr>(Expr{span, std::move(node)});
}

}  // namespace ormc::program
