#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/eval/evaluate.h"
#include "compiler/manifest/scope.h"
#include "compiler/plan/expr.h"

namespace ormc::plan {

// What one compilation shares: the user's view, the numbering of aliases, limits.
struct PlanContext {
  const manifest::ScopedManifest* scope = nullptr;
  Limits limits;
  const eval::Context* eval = nullptr;  // clock and zones, for values prepared at compile time
  // Meta.ordering of a model: names (kName) and expressions.
  std::function<std::vector<ExprPtr>(const manifest::Model&)> ordering_of;
  // The rows of a model that the user sees, as a query of it; null: all.  Not set where no model has
  // a rule.
  std::function<const Query*(const manifest::Model&)> rows_of;
  // Set while a related manager's own condition is added: "+app.Model.field" then names the way back
  // of a relation that has no name.
  bool internal_paths = false;
  AliasId next_alias = 1;
  size_t joins = 0;
  size_t subqueries = 0;
  size_t conditions = 0;
};
// While it lives, also when it ends by a rejection.
class InternalPaths {
 public:
  explicit InternalPaths(PlanContext& context)
      : context_(context), before_(std::exchange(context.internal_paths, true)) {}
  ~InternalPaths() { context_.internal_paths = before_; }
  InternalPaths(const InternalPaths&) = delete;
  InternalPaths& operator=(const InternalPaths&) = delete;

 private:
  PlanContext& context_;
  bool before_;
};

struct FilteredRelation {
  std::string name;
  std::string path;
  ExprPtr condition;
};

// How two tables are joined: what a hop of a path says and the join made of it keeps.
struct Link {
  const manifest::Field* join_field = nullptr;  // the forward field, also of a reverse hop
  bool reverse = false;
  bool nullable = false;
  std::vector<std::pair<const manifest::Field*, const manifest::Field*>> columns;  // from, to
  const manifest::Model* content_type_of = nullptr;  // of a generic relation: the rows' model
  bool content_type_on_parent = false;               // seen from the rows that point
  std::shared_ptr<const FilteredRelation> filtered;
};

// One hop of a path (Django's PathInfo).
struct Hop : Link {
  const manifest::Model* from = nullptr;
  const manifest::Model* to = nullptr;
  std::vector<const manifest::Field*> targets;
  bool multi_valued = false;
  bool direct = false;
};

enum class JoinType : uint8_t { kBase, kInner, kLeft };

struct TableAlias : Link {
  AliasId id = 0;
  std::string django_name;  // the alias that Django would give it; some of its rules compare these
  const manifest::Model* model = nullptr;
  JoinType type = JoinType::kBase;
  AliasId parent = 0;
  ExprPtr filtered_condition;  // resolved, in ON
  int references = 0;
};

// The names of a path and the hops that each stands for.
using NamedHops = std::vector<std::pair<std::string, std::vector<Hop>>>;

struct PathEnd {
  std::vector<Hop> hops;
  const manifest::Field* final_field = nullptr;  // null where an annotation ends the path
  std::optional<FieldType> annotation;
  std::vector<const manifest::Field*> targets;
  const manifest::Model* model = nullptr;  // where the path has come to
  bool relation = false;                   // final_field is a relation, seen from either side
  bool composite = false;                  // final_field is a composite key, the targets its parts
  bool reverse = false;
  std::vector<std::string> rest;  // names that are no fields: transforms and a lookup
  NamedHops names;
};

struct JoinInfo {
  PathEnd end;
  std::vector<AliasId> joins;
  std::vector<std::string> transforms;
};

// Why a path stops at a relation with many rows while conditions are negated.
struct MultiValuedJoin {
  NamedHops names;
};

// aliases that may be reused: nullptr stands for all (Django's None)
using AliasSet = std::set<AliasId>;

// One column of the SELECT: an index into select(), or an annotation's name.
using Selected = std::pair<std::string, std::variant<size_t, std::string>>;

enum class Combinator : uint8_t { kNone, kUnion, kIntersection, kDifference };

// A slice whose bounds are known only at run time; absent or None: open.
struct ComputedLimits {
  std::optional<Operand> low;
  std::optional<Operand> high;
  bool one = false;  // one row at `low`
};

class Query {
 public:
  Query(PlanContext& context, const manifest::Model& model);

  // ---- state; written by the operations below and by the SQL room's setup
  PlanContext* context;
  const manifest::Model* model;
  std::vector<TableAlias> tables;
  ExprPtr where_root;  // kWhere
  std::vector<std::pair<std::string, ExprPtr>> annotations;
  std::optional<std::set<std::string>> annotation_mask;
  std::vector<ExprPtr> select;
  std::vector<std::string> values_select;
  std::optional<std::vector<Selected>> selected;
  bool default_cols = true;
  std::vector<ExprPtr>
      order_by;  // kName for a written path ("-" in `descending`), or an expression
  bool default_ordering = true;
  bool standard_ordering = true;
  enum class Grouping : uint8_t { kNone, kAll, kList };
  Grouping grouping = Grouping::kNone;
  std::vector<ExprPtr> group_by;
  bool distinct = false;
  std::vector<std::string> distinct_fields;
  Span distinct_span;
  uint64_t low = 0;
  std::optional<uint64_t> high;
  std::optional<ComputedLimits> computed_limits;  // instead of these
  bool subquery = false;
  bool counted_here =
      false;  // Python's len() of its rows: Django sends it as it is, not within another
  Combinator combinator = Combinator::kNone;
  bool combine_all = false;
  std::vector<std::shared_ptr<Query>> combined;
  std::vector<std::shared_ptr<const FilteredRelation>> filtered_relations;
  QueryPtr wrapped;  // of an aggregation over a wrapped query: FROM (inner)
  std::vector<AliasId> lookup_joins;

  // ---- copies
  std::shared_ptr<Query> Clone() const;
  // A copy whose aliases are all new, in every expression.
  std::shared_ptr<Query> Relabeled() const;
  // Placed in `outer`: relabelled, its outer names resolved there.
  std::shared_ptr<Query> ResolvedIn(Query& outer, bool allow_joins, AliasSet* reuse,
                                    bool summarize) const;

  // ---- aliases (joins.cpp)
  AliasId InitialAlias();
  TableAlias& Table(AliasId id);
  const TableAlias* FindTable(AliasId id) const;
  // Of a join that was made for the last use alone: lets it drop no row.  Django takes one up that a
  // condition has left behind as it is.
  void KeepRows(AliasId alias);
  bool MayTakeUpInner() const;  // is there one, behind a `^`, that select_related would take up?
  AliasId AddJoin(const Hop& hop, AliasId parent, const AliasSet* reuse);
  JoinInfo SetupJoins(const std::vector<std::string>& names, AliasId start, AliasSet* reuse,
                      bool allow_many, Span span, const manifest::Model* from = nullptr);
  struct Trimmed {
    std::vector<const manifest::Field*> targets;
    AliasId alias;
    std::vector<AliasId> joins;
  };
  Trimmed TrimJoins(const JoinInfo& info);
  // The columns at the end of a path that has several (composite.cpp).
  ExprPtr TupleOf(const Trimmed& trimmed, Span span) const;
  void Promote(std::vector<AliasId> aliases);
  void Demote(std::vector<AliasId> aliases);
  AliasId JoinParent(const manifest::Model& from, const manifest::Model& parent, AliasId alias,
                     std::map<const manifest::Model*, AliasId>& seen);

  // ---- names (names.cpp)
  PathEnd NamesToPath(const std::vector<std::string>& names, const manifest::Model* from,
                      bool allow_many, bool fail_on_missing, Span span) const;
  const ExprPtr* FindAnnotation(std::string_view name) const;
  bool IsSelected(std::string_view annotation) const;
  std::vector<std::pair<std::string, ExprPtr>> SelectedAnnotations() const;

  // ---- expressions (resolve.cpp)
  ExprPtr Resolve(const ExprPtr& expr, bool allow_joins, AliasSet* reuse, bool summarize);
  ExprPtr ResolveRef(const std::string& path, Span span, bool allow_joins, AliasSet* reuse,
                     bool summarize);
  const catalog::Function* SiteTransform(const FieldType& type, std::string_view name) const;
  ExprPtr Transform(const ExprPtr& left, const std::string& name, Span span) const;

  // ---- conditions (filters.cpp)
  // `reuse`: multi-valued joins of an earlier filter() that this one may share; gets what it used.
  void AddCondition(const ExprPtr& condition, AliasSet* reuse = nullptr);
  struct Clause {
    ExprPtr where;  // kWhere, or null where there is nothing
    std::vector<AliasId> needed_inner;
  };
  struct FilterOptions {
    bool branch_negated = false;
    bool current_negated = false;
    bool allow_joins = true;
    bool split_subquery = true;
    bool summarize = false;
    bool update_join_types = true;
  };
  Clause BuildFilter(const ExprPtr& item, AliasSet* reuse, FilterOptions options);
  // A lookup of a path that ends in several columns (composite.cpp).
  ExprPtr BuildTupleLookup(const std::vector<std::string>& lookups, const JoinInfo& info,
                           const Trimmed& trimmed, const ExprPtr& value, Span span) const;
  Clause BuildCondition(const ExprPtr& condition, AliasSet* reuse, FilterOptions options);
  // A lookup chain (`year`, `gte`) on `left`: transforms, then the lookup (lookups.cpp).
  ExprPtr BuildLookup(const std::vector<std::string>& lookups, ExprPtr left, ExprPtr right,
                      Span span) const;
  void SetEmpty();
  bool IsEmpty() const;

  // ---- the queryset's other operations (grouping.cpp, aggregation.cpp, combine.cpp)
  void AddAnnotation(const std::string& name, const ExprPtr& expr, bool select_it);
  // `resolved` as it is.
  void PutAnnotation(const std::string& name, const ExprPtr& resolved, bool select_it);
  void SetAnnotationMask(std::optional<std::set<std::string>> names);
  void AppendAnnotationMask(const std::vector<std::string>& names);
  void SetGroupBy(bool allow_aliases = true);
  void SetValues(const std::vector<std::string>& fields, Span span);
  void AddFields(const std::vector<std::string>& names, bool allow_many, Span span);
  void SetSelect(std::vector<ExprPtr> columns);
  void ClearSelectClause();
  void AddOrdering(const std::vector<ExprPtr>& items);
  void ClearOrdering(bool force, bool clear_default = true);
  void SetLimits(std::optional<uint64_t> from, std::optional<uint64_t> to);
  void SetComputedLimits(ComputedLimits limits, Span span);
  void ClearLimits();
  bool IsSliced() const { return low != 0 || high.has_value() || computed_limits.has_value(); }
  bool HasLimitOne() const { return high && *high - low == 1; }
  bool HasSelectFields() const { return selected.has_value(); }
  void AddFilteredRelation(FilteredRelation relation, Span span);
  void ForgetReplaced(const std::vector<std::pair<std::string, ExprPtr>>& aggregates);
  // Turns *this into the query of `aggregate()`; the result's columns are its annotations.
  std::shared_ptr<Query> Aggregation(const std::vector<std::pair<std::string, ExprPtr>>& aggregates,
                                     bool keep_order = false);
  // May there be another number of rows than count() gives?  The order's joins and columns make some
  // (row_count.cpp).
  bool OrderMultiplies() const;
  std::shared_ptr<Query> Exists(bool limit = true) const;
  void Combine(const Query& right, Connector connector, Span span);

  // Split of the conditions for WHERE, HAVING and the query around windows.
  struct Split {
    ExprPtr where;
    ExprPtr having;
    ExprPtr qualify;
  };
  Split SplitHaving(bool must_group_by) const;

  // Rewrites every expression of the query, those of its sub-queries too.
  void RewriteAll(const Replacement& replace);

  // Columns of enclosing queries that are used within.
  std::vector<ExprPtr> ExternalColumns() const;
  std::vector<ExprPtr> GroupByColumnsAsSubquery(const ExprPtr& wrapper) const;

 private:
  Clause SplitExclude(const ExprPtr& item, AliasSet* reuse, const NamedHops& names);
  std::pair<std::string, bool> TrimStart(const NamedHops& names);
  struct LookupType {
    std::vector<std::string> lookups;
    std::vector<std::string> parts;
    ExprPtr annotation;
  };
  LookupType SolveLookupType(const std::string& path, bool summarize, Span span) const;
  ExprPtr ResolveLookupValue(const ExprPtr& value, AliasSet* reuse, bool allow_joins,
                             bool summarize);
};

// ---- helpers of several files
// ValueError where a column may not be named so.
void CheckAlias(const std::string& alias, Span span);
std::vector<std::string> SplitPath(std::string_view path);
std::string JoinPath(const std::vector<std::string>& names);
// What a GROUP BY needs for `expr`.
std::vector<ExprPtr> GroupByColumns(const ExprPtr& expr);
// Columns within (of references too, unless told not to).
void CollectColumns(const ExprPtr& expr, bool resolve_references, bool external,
                    std::vector<ExprPtr>& out);
// Names of kReference within.
std::set<std::string> References(const ExprPtr& expr);
// Hops from a model to one of its parents, by their links.
std::vector<Hop> PathToParent(const manifest::Model& from, const manifest::Model& parent);
// The chain of parents up to `parent`, nearest first; empty where it is none.
std::vector<const manifest::Model*> BaseChain(const manifest::Model& from,
                                              const manifest::Model& parent);
const manifest::Model& Concrete(const manifest::Model& model);
// The type, or FieldError.
const FieldType& OutputOf(const ExprPtr& expr);
// A Value()'s operand as its output field prepares it (Field.get_db_prep_value).
Operand PreparedFor(const PlanContext& context, const FieldType& type, Operand operand, Span span);
// Does now what is still to be done to a constant.
Operand Settled(const PlanContext& context, Operand operand, Span span);
bool IsNegative(const Value& integer);
// First and last moment (or day) of a year in the active zone.
std::pair<Value, Value> YearBounds(const eval::Context& context, int32_t year, bool iso,
                                   bool with_time);
// The value that is left of a row-less query, where Django has one: the aggregate's.
std::optional<Value> EmptyResultValue(const ExprPtr& expr);

}  // namespace ormc::plan
