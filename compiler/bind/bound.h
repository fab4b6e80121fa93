// bind: the snippet's Python, evaluated as far as it can be without rows.
//
//   bound.h           what a name or an expression stands for
//   binder.h          the door Bind() and the interpreter's state;  pending.h: queries to be built
//   statements.cpp    a module's statements;  assign.cpp: names and their slots
//   folds.cpp         `for`;  fold_names.h: what its body changes;  identity.h: who shares a list
//   expressions.cpp   operators;  displays.cpp: displays, subscripts, f-strings
//   values.cpp        what is known now, and what the runtime computes; folding of constants
//   extent.h          how much of it there may be
//   comprehensions.cpp
//   names.cpp         what is in scope: models, constructors, modules, builtins
//   attributes.cpp    attributes of rows across relations, of models, of modules
//   calls.cpp         calls of builtins;  methods.cpp: of methods;  results.h: what they give
//   forward.cpp       the one row of a relation
//   related.cpp       related managers of instances;  batches.cpp: for many instances at once
//   generic.cpp       the row of a generic foreign key, of a model that the runtime knows
//   prefetch.cpp      prefetch_related, Prefetch;  deferral.cpp: select_related, only, defer
//   constructors.cpp  F, Q, Value, Case, functions, aggregates, Subquery: ORM expressions
//   django_words.cpp  get_next_by_FOO, ContentType's get_for_model: queries that Django adds
//   windows.cpp       Window, its functions and frames
//   querysets.cpp     queryset methods;  ends.cpp: those that evaluate
//   ordering.cpp, selection.cpp, combinators.cpp, slices.cpp: what their names say
//   row_rules.cpp     the site's rules for the rows that a user sees, and what they read
//   types.cpp         what is known of a value's type
//   queries.cpp       a queryset and how it is fetched -> program::Query
//   print.h           as text, for `ormc --emit bound`
//
// Binding drives the planner: which name means what in `filter(total__gt=3)` depends on what the
// queryset was annotated with before, so names are resolved call by call, as Django does.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/plan/query.h"
#include "compiler/program/program.h"
#include "compiler/sql/select.h"

namespace ormc::bind {

// ---- types ------------------------------------------------------------------------------------

enum class TypeKind : uint8_t {
  kUnknown,
  kNone,
  kBool,
  kInt,
  kFloat,
  kDecimal,
  kStr,
  kBytes,
  kDate,
  kTime,
  kDateTime,
  kTimeDelta,
  kUuid,
  kZone,
  kList,
  kTuple,
  kSet,
  kDict,
  kInstance,
  kRow,  // an instance of one of several models
};

// A query whose rows an instance may come from, and the relations between.
struct Origin {
  uint32_t query;
  std::vector<std::string> path;
};

struct NamedType;

struct Type {
  TypeKind kind = TypeKind::kUnknown;
  bool nullable = true;
  bool file = false;                       // a FieldFile: text with a `name`
  bool queryset = false;                   // a queryset in Python: here, the list of its rows
  std::shared_ptr<const Type> element;     // of lists and sets; a dict's values
  std::shared_ptr<const Type> key;         // of dicts
  std::vector<Type> items;                 // of tuples
  std::vector<NamedType> fields;           // of dicts with known keys; named tuples
  const manifest::Model* model = nullptr;  // of instances
  std::vector<Origin> origins;             // of instances
  std::vector<Type> models;                // of kRow: the instances that it may be
  // Of `Status(row["status"])`: a member that only the runtime knows.
  const manifest::ChoicesClass* choices = nullptr;
};

struct NamedType {
  std::string first;
  Type second;
};

inline Type MakeType(TypeKind kind, bool nullable = false) {
  Type type;
  type.kind = kind;
  type.nullable = nullable;
  return type;
}
Type ListOf(Type element);
Type TypeOfValue(const Value& value);
Type TypeOfField(const plan::FieldType& type, bool nullable);
// What iterating it gives.
Type ElementOf(const Type& type);
// What holds of either.
Type Union(const Type& a, const Type& b);
// eval's name for it ("str"), or "".
std::string_view NameOf(const Type& type);

// ---- bound values -----------------------------------------------------------------------------

struct Bound;
using BoundPtr = std::shared_ptr<const Bound>;

// A value of Python: known now, or computed by the runtime.
struct PythonValue {
  program::ExprPtr expr;
  Type type;
  std::optional<Value> constant;
};
struct ModelClass {
  const manifest::Model* model;
};
struct ManagerRef {
  const manifest::Model* model;
  const manifest::Manager* manager;
};

enum class Rows : uint8_t { kInstances, kDicts, kTuples, kFlat, kNamed };

struct QuerySet;
// Prefetch(...) of a queryset: which rows stand for a relation of its instances.
struct PrefetchPart {
  std::vector<std::string> path;
  std::shared_ptr<const QuerySet> queryset;  // null: all of them
  std::string to_attr;                       // "": the relation's own name
};
// How the same related rows are fetched for many owners at once.
struct Batch {
  std::shared_ptr<const QuerySet> rows;  // of all owners
  size_t conditions = 0;                 // of `rows`, from the related manager itself
  plan::ExprPtr owner_key;               // column of `rows`: whose each row is
  bool owned = false;                    // it is a column of the rows' own table
  Origin origin;
  program::ExprPtr owner;
  std::string key;  // attribute of the owner
  uint32_t keys_slot = 0;
  // A slice of each owner's rows; windows and slices are of the rows as they are: no method after
  // them is of all owners' rows.
  uint64_t low = 0;
  std::optional<uint64_t> high;
  bool fixed = false;
};

using NamePath = std::vector<std::string>;
// only() and defer(): which columns Django fetches at first.
struct Deferral {
  std::set<NamePath> names;
  bool only = false;  // the names are those fetched, not those left for later
};

struct QuerySet {
  std::shared_ptr<const plan::Query> query;
  const manifest::Manager* manager = nullptr;  // whose methods it has; null: Django's own
  Rows rows = Rows::kInstances;
  std::vector<std::string> names;  // of values() and values_list(), in order; empty: all
  size_t written = 0;              // the first of them, which values() was given: QuerySet._fields
  sql::RelatedPaths related;       // to be fetched in the same rows
  std::set<NamePath> followed;     // select_related, as it was written; {}: of some relations
  Deferral deferral;
  std::vector<PrefetchPart> prefetches;
  std::shared_ptr<const Batch> batch;  // of an instance's related rows, as long as they allow it
  bool sticky = false;  // the next filter() may reuse the joins (a related manager's)
  plan::AliasSet sticky_joins;
};
// `blog.entry_set`: the manager of an instance's related rows.
struct RelatedRows {
  QuerySet queryset;
};
// An ORM expression, a Q among them.
struct Expression {
  plan::ExprPtr expr;
  std::string default_alias;  // `id__count` of Count("id"); "" where a name must be given
};
struct FieldInstance {
  plan::FieldType type;
};
struct FilteredRelationValue {
  plan::FilteredRelation relation;
};
struct FrameValue {
  plan::WindowFrame frame;
};
struct PrefetchValue {
  std::string path;
  std::shared_ptr<const QuerySet> queryset;  // null: all
  std::string to_attr;
};
// Something that can be called or has attributes, known by its name: "Q", "timezone", "len".
struct Named {
  enum class Kind : uint8_t {
    kModule,       // timezone, datetime, models, functions, math
    kConstructor,  // F, Q, Value, Case, When, ...
    kFunction,     // a database function
    kAggregate,
    kLookup,   // GreaterThan(F("a"), F("b"))
    kField,    // IntegerField
    kBuiltin,  // a row of eval's builtins
    kRefused,  // open, exec, ...
  };
  Kind kind;
  std::string name;  // dotted, for builtins
};
struct ChoicesRef {
  const manifest::Model* model;
  const manifest::ChoicesClass* choices;
};
struct ChoicesMember {
  const manifest::ChoicesClass* choices;
  const manifest::ChoicesClass::Member* member;
};
// `__empty__` is among `.choices`, `.values`, `.labels` and `.names`, and is no member.
inline bool IsEmptyChoice(const manifest::ChoicesClass::Member& member) {
  return member.name == "__empty__";
}
// A list, tuple, set or dict that holds what the runtime cannot (or is not known yet).
struct Sequence {
  ast::DisplayKind kind;
  std::vector<BoundPtr> items;
};
struct Mapping {
  std::vector<std::pair<BoundPtr, BoundPtr>> items;
};
struct LambdaValue {
  const ast::Lambda* lambda;
};
// Related rows of a row whose model only the runtime knows: a queryset for each that has them.
struct OneOf {
  struct Arm {
    Type type;       // of the row
    BoundPtr value;  // null: it cannot be said in this language
  };
  program::ExprPtr row;
  std::string name;
  std::vector<Arm> arms;
};
// `counts.get`, not called: what `key=` may be.
struct MethodValue {
  BoundPtr receiver;
  std::string name;
};

struct Bound {
  Span span;
  std::variant<PythonValue, ModelClass, ManagerRef, QuerySet, RelatedRows, Expression,
               FieldInstance, FilteredRelationValue, FrameValue, PrefetchValue, Named, ChoicesRef,
               ChoicesMember, Sequence, Mapping, LambdaValue, OneOf, MethodValue>
      node;

  template <class T>
  const T* As() const {
    return std::get_if<T>(&node);
  }
};

template <class Node>
BoundPtr MakeBound(Span span, Node node) {
  return std::make_shared<const Bound>(Bound{span, std::move(node)});
}

}  // namespace ormc::bind
