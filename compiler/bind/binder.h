#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/bind/bind.h"
#include "compiler/bind/bound.h"
#include "compiler/bind/pending.h"

namespace ormc::bind {

// The arguments of a call, evaluated; `*` and `**` are spread.
struct Arguments {
  std::vector<BoundPtr> positional;
  std::vector<std::pair<std::string, BoundPtr>> keywords;
  Span span;

  std::map<std::string, Span, std::less<>> name_spans;  // where the keywords' names stand

  BoundPtr Take(std::string_view keyword);  // removes it; null where absent
  Span NameSpan(std::string_view keyword, Span otherwise) const;
};

class Binder {
 public:
  Binder(const manifest::ScopedManifest& scope, const BindOptions& options);
  BindResult Run(const ast::Module& module);

  // Throws what is wrong with a rule.
  void TryRule(const manifest::RowRule& rule);
  // The columns that decide which rows it gives; throws, too.
  void ReadBySite(const manifest::RowRule& rule, ColumnSet& columns);
  void ReadBySite(const manifest::Model& model, const manifest::Manager& manager,
                  ColumnSet& columns);

 private:
  using Scope = std::map<std::string, BoundPtr, std::less<>>;

  // statements.cpp
  void Statement(const ast::Stmt& stmt, std::vector<program::Statement>& out);
  void Import(const ast::Import& node, Span span);
  bool IsInScope(const std::string& name, Span span) const;
  void Finish(const ast::Module& module, BindResult& result);
  void Trace(const Scope& before);  // of names that stand for something else since then
  uint32_t NewSlot() { return slots_++; }

  // assign.cpp
  void Holds(const ast::Expr& container, const Type& grown);
  void Assign(const ast::Expr& target, const BoundPtr& value, std::vector<program::Statement>& out);
  void AssignName(const std::string& name, Span span, const BoundPtr& assigned,
                  std::vector<program::Statement>& out);
  void AssignSlot(const std::string& name, Span span, Type type, const BoundPtr& value,
                  std::vector<program::Statement>& out);
  void AugAssign(const ast::AugAssign& node, Span span, std::vector<program::Statement>& out);
  BoundPtr Settled(const BoundPtr& value, std::vector<program::Statement>& out);
  void Rebind(const std::string& name, BoundPtr value);
  static std::optional<uint32_t> SlotOf(const BoundPtr& value);
  uint32_t RootOf(uint32_t slot) const;
  void MarkStale(uint32_t slot, bool in_place, const std::string& changed);

  // folds.cpp
  void If(const ast::If& node, Span span, std::vector<program::Statement>& out);
  void For(const ast::For& node, Span span, std::vector<program::Statement>& out);
  void FoldBody(const std::vector<const ast::Stmt*>& body, std::vector<program::Statement>& out);
  bool FoldCall(const ast::Expr& expr, std::vector<program::Statement>& out);
  PythonValue Changed(const ast::Expr& receiver, std::vector<program::Statement>& out);
  bool IsShared(const BoundPtr& value) const;
  bool IsHeldOnce(const BoundPtr& value) const;
  BoundPtr Current(const BoundPtr& value) const;
  void Spill(const std::string& name, std::vector<program::Statement>& out);
  void SpillAssigned(const std::vector<const ast::Stmt*>& body,
                     std::vector<program::Statement>& out);
  void KeepTargets(const ast::Expr& target, const Scope& before,
                   std::vector<program::Statement>& out);
  void InferTypes(const std::vector<const ast::Stmt*>& body);
  void Try(const std::vector<const ast::Stmt*>& body);

  // comprehensions.cpp
  program::Target BindTarget(const ast::Expr& target, const Type& type);
  BoundPtr EvalComprehension(const ast::Comprehension& node, Span span);
  BoundPtr Unrolled(const ast::Comprehension& node, const std::vector<BoundPtr>& items, Span span);
  BoundPtr Chained(const ast::Comprehension& node, const std::vector<BoundPtr>& items, Span span);
  bool BindKnown(const ast::Expr& target, const BoundPtr& item);

  // expressions.cpp
  BoundPtr Eval(const ast::Expr& expr);
  BoundPtr EvalUnary(const ast::Unary& node, Span span);
  BoundPtr EvalBinary(const ast::Binary& node, Span span);
  BoundPtr Combine(ast::BinaryOp op, const BoundPtr& left, const BoundPtr& right, Span span);
  BoundPtr EvalComparison(const ast::Comparison& node, Span span);
  BoundPtr EvalBoolChain(const ast::BoolChain& node, Span span);
  BoundPtr EvalConditional(const ast::Conditional& node, Span span);
  BoundPtr EvalDisplay(const ast::Display& node, Span span);
  BoundPtr EvalDict(const ast::Dict& node, Span span);
  BoundPtr EvalFString(const ast::FString& node, Span span);
  BoundPtr EvalSubscript(const ast::Subscript& node, Span span);

  // containers.cpp
  BoundPtr PartOf(const BoundPtr& value, const std::array<BoundPtr, 3>& bounds, Span span);
  BoundPtr ItemOf(const BoundPtr& value, const BoundPtr& index, Span span);
  BoundPtr KnownBuiltin(const std::string& name, const Arguments& arguments, Span span);
  std::optional<BoundPtr> KnownItem(const Mapping& mapping, const Value& key) const;
  BoundPtr KnownGet(const BoundPtr& mapping, const Arguments& arguments, Span span);
  BoundPtr Joined(const BoundPtr& left, const BoundPtr& right, Span span);
  bool IsSettled(const BoundPtr& value) const;
  void RejectLateCompared(ast::CompareOp op, const BoundPtr& left, const BoundPtr& right,
                          Span span);

  // bool(value), where it is known now.
  std::optional<bool> KnownTruth(const BoundPtr& value) const;
  bool Flag(const BoundPtr& value) const;  // an argument that is true or not; false where absent
  // The elements, where they are known now.
  std::optional<std::vector<BoundPtr>> KnownElements(const BoundPtr& value) const;
  // Made of a program expression; folded where it is constant.
  BoundPtr Computed(Span span, program::ExprPtr expr, Type type, bool constant_parts);
  BoundPtr ConstantOf(Span span, Value value) const;
  void RejectEndless(bool too_large, Span span) const;
  // A value for the runtime.
  program::ExprPtr ToProgram(const BoundPtr& value);
  program::ExprPtr ToCondition(const BoundPtr& value);  // for `if` and kin: a queryset is exists()
  Type TypeOf(const BoundPtr& value);
  PythonValue ToPython(const BoundPtr& value);
  const Value* ConstantIn(const BoundPtr& value) const;
  std::optional<std::string> ConstantText(const BoundPtr& value) const;
  std::string RequireText(const BoundPtr& value, const char* what);

  // names.cpp
  BoundPtr EvalName(const std::string& name, Span span);
  BoundPtr NamedThing(const std::string& name, Span span) const;
  std::vector<std::string> NamesInScope() const;

  // attributes.cpp
  BoundPtr EvalAttribute(const ast::Attribute& node, Span span);
  BoundPtr AttributeOf(const BoundPtr& value, const std::string& name, Span span);
  BoundPtr InstanceAttribute(const PythonValue& value, const std::string& name, Span span);
  [[noreturn]] void RejectAttribute(const manifest::Model& model, const std::string& name,
                                    Span span) const;
  BoundPtr HasAttribute(const Arguments& arguments, Span span);
  BoundPtr Inlined(const manifest::Method& method, const BoundPtr& self, Arguments arguments,
                   Span span);
  program::ExprPtr InstanceText(const PythonValue& value, Span span);

  // forward.cpp
  BoundPtr Related(const PythonValue& value, const std::string& attribute,
                   const manifest::Model& model, bool nullable, Span span);
  BoundPtr PrefetchedRow(const PythonValue& value, const PrefetchPart& part, Span span);

  // generic.cpp: a row whose model only the runtime knows
  BoundPtr GenericRow(const PythonValue& value, const manifest::Field& field, Span span);
  std::optional<program::GenericArm> GenericArmOf(const manifest::Model& model,
                                                  const manifest::Field& field, Type& row,
                                                  Span span);
  program::RelatedOf ContentTypeOf(const PythonValue& value, const manifest::Field& field,
                                   Span span);
  using OfInstance = std::function<BoundPtr(const PythonValue& row)>;
  std::optional<Rejection> Rejected(const std::function<void()>& attempt);
  BoundPtr OfEachModel(const PythonValue& row, const std::string& name, const OfInstance& of,
                       Span span);
  BoundPtr Chosen(OneOf one, Span span);
  PythonValue ChosenByModel(const OneOf& one, Span span);
  BoundPtr CallEach(const OneOf& one, const std::string& name, const Arguments& arguments,
                    Span span);

  // choices.cpp
  BoundPtr MemberOf(const manifest::ChoicesClass& choices, const BoundPtr& value, Span span);
  BoundPtr MemberAttribute(const PythonValue& member, const std::string& name, Span span);

  // texts.cpp
  void NeedTexts(const Type& type, Span span);  // the runtime may ask for str() of such a value
  void NeedTextIfRead(const Type& row, Span span);
  void NeedKeyTexts(const Type& type, Span span);
  void NeedAllTexts(Span span);
  void NeedText(const manifest::Model& model, const Origin& origin, Span span);
  // related.cpp
  // `manager`: "" for the default one.
  BoundPtr RelatedManager(const PythonValue& value, const std::string& name,
                          const manifest::Field& field, bool reverse, Span span,
                          const std::string& manager = {});
  BoundPtr CallRelated(const PythonValue& value, const std::string& name, Arguments arguments,
                       Span span);
  QuerySet FromRelation(const manifest::Model& model, const std::string& manager, Span span);
  QuerySet RelatedQuery(const QuerySet& base, bool given, const PythonValue& value,
                        const manifest::Field& field, bool reverse, Span span);
  std::shared_ptr<const Batch> BatchOf(QuerySet base, bool given, const RelatedKey& related,
                                       const PythonValue& value, Span span);
  bool IsOne(const PythonValue& value) const;
  QuerySet Narrowed(QuerySet base, const RelatedKey& related, const std::string& path,
                    program::ExprPtr key, Span span);
  plan::ExprPtr SliceOfEach(const plan::Query& sliced, const plan::ExprPtr& owner_key, Span span);

  // batches.cpp: the related rows of many owners, or what is computed of them
  BoundPtr FetchRelated(const QuerySet& queryset, Span span);
  BoundPtr OfRelated(const QuerySet& queryset, const char* builtin, TypeKind type, Span span);
  BoundPtr FirstOfRelated(const QuerySet& queryset, Span span);
  QuerySet Keyed(QuerySet rows, const std::string& key, uint32_t keys_slot, Span span);
  uint32_t GroupedByKey(QuerySet rows, const std::string& key, Span span);
  // The method on the batched rows too, where it keeps them batched.
  BoundPtr RelatedMethod(const QuerySet& queryset, const catalog::Method& method,
                         Arguments arguments, Span span);

  // prefetch.cpp
  std::optional<RelationStep> RelationNamed(const manifest::Model& model,
                                            const std::string& name) const;
  RelationStep PrefetchedRelation(const manifest::Model& model,
                                  const std::vector<PrefetchPart>& before, const PrefetchPart& part,
                                  Span span) const;
  const PrefetchPart* PrefetchOf(const PythonValue& value, const std::string& name,
                                 Span span) const;
  bool IsPrefetched(const PythonValue& value, const std::string& name) const;
  std::vector<PrefetchPart> FurtherPrefetches(const PythonValue& value,
                                              const std::string& name) const;
  BoundPtr ToAttribute(const PythonValue& value, const std::string& name, Span span);
  BoundPtr MakePrefetch(const std::string& name, Arguments& arguments, Span span);
  BoundPtr PrefetchRelated(QuerySet queryset, const Arguments& arguments, Span span);
  BoundPtr PrefetchObjects(const std::string& name, Arguments& arguments, Span span);
  PrefetchPart PrefetchPartOf(const BoundPtr& argument);

  // calls.cpp
  BoundPtr EvalCall(const ast::Call& node, Span span);
  Arguments EvalArguments(const ast::Call& node, Span span);
  // `**value`
  void SpreadKeywords(const BoundPtr& value, Arguments& arguments);
  void RejectCountOfRead(const BoundPtr& receiver, catalog::MethodId method, Span span) const;
  BoundPtr CallMethod(const BoundPtr& receiver, const std::string& name, Arguments arguments,
                      Span span);
  BoundPtr CallNamed(const Named& named, Arguments arguments, Span span);
  BoundPtr CallBuiltin(const std::string& name, Arguments arguments, Span span);
  BoundPtr CallValueMethod(const PythonValue& value, const std::string& name, Arguments arguments,
                           Span span);
  // What Django itself adds to rows and to its own managers (django_words.cpp); null where nothing.
  BoundPtr DjangoWord(const PythonValue& row, const std::string& name, Arguments& arguments,
                      Span span);
  BoundPtr DjangoWord(const QuerySet& rows, const std::string& name, Arguments& arguments,
                      Span span);
  BoundPtr Truth(const QuerySet& queryset, Span span);
  BoundPtr QuerySetBuiltin(const std::string& name, const BoundPtr& value, Span span);
  BoundPtr ToLambda(const LambdaValue& lambda, const Type& element, Span span);
  BoundPtr ToLambda(const MethodValue& method, const Type& element, Span span);

  // constructors.cpp
  BoundPtr Construct(const std::string& name, Arguments arguments, Span span);
  BoundPtr MakeF(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeOuterRef(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeQ(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeValue(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeWrapper(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeCase(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeWhen(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeSubquery(const std::string& name, Arguments& arguments, Span span);
  BoundPtr MakeFilteredRelation(const std::string& name, Arguments& arguments, Span span);
  BoundPtr UserModel(const std::string& name, Arguments& arguments, Span span);
  BoundPtr NamedModel(const std::string& name, Arguments& arguments, Span span);
  BoundPtr FieldConstructor(const std::string& name, Arguments arguments, Span span);

  // functions.cpp
  BoundPtr DatabaseFunction(const catalog::Function& row, Arguments arguments, Span span);
  std::string NamedText(const std::string& function, const char* keyword, Arguments& arguments,
                        Span span);
  BoundPtr LookupExpression(const catalog::Lookup& row, Arguments arguments, Span span);

  // aggregates.cpp
  BoundPtr AggregateCall(const catalog::Aggregate& row, Arguments arguments, Span span);

  // postgres.cpp
  BoundPtr KeyText(const std::string& name, Arguments& arguments, Span span);
  BoundPtr JsonFunction(const catalog::Function& row, const Arguments& arguments, Span span);
  std::vector<plan::ExprPtr> AggregateOrder(Arguments& arguments);

  // operands.cpp
  plan::ExprPtr Condition(const Arguments& arguments, Span span, bool negated);
  // An argument of a function: text is a field's name, other values are values.
  plan::ExprPtr ToExpression(const BoundPtr& value, bool text_is_name);
  plan::ExprPtr ToLookupValue(const BoundPtr& value);
  plan::Operand ToOperand(const BoundPtr& value);
  std::optional<plan::FieldType> OutputField(Arguments& arguments);
  std::string ZoneArgument(Arguments& arguments);
  plan::ExprPtr ConditionItem(const std::string& path, const BoundPtr& value, Span span);

  // search.cpp
  BoundPtr SearchFunction(const catalog::Function& row, Arguments arguments, Span span);
  plan::ExprPtr SearchText(const BoundPtr& value);
  plan::ExprPtr SearchConfig(const BoundPtr& value);
  plan::ExprPtr SearchVector(Arguments arguments, Span span);
  plan::ExprPtr SearchQuery(Arguments arguments, Span span);
  plan::ExprPtr SearchRank(Arguments arguments, Span span);
  plan::ExprPtr SearchHeadline(Arguments arguments, Span span);
  plan::ExprPtr Trigram(const catalog::Function& row, Arguments arguments, Span span);
  BoundPtr CombineSearch(ast::BinaryOp op, const BoundPtr& left, const BoundPtr& right, Span span);
  BoundPtr InvertSearch(const BoundPtr& operand, Span span);

  // windows.cpp
  BoundPtr WindowConstructor(const std::string& name, Arguments& arguments, Span span);
  BoundPtr WindowFunction(const catalog::Function& row, Arguments arguments, Span span);
  BoundPtr FrameConstructor(const std::string& name, Arguments& arguments, Span span);

  // querysets.cpp
  BoundPtr QuerySetMethod(const QuerySet& queryset, const catalog::Method& method,
                          Arguments arguments, Span span);
  QuerySet FromModel(const manifest::Model& model, const manifest::Manager* manager, Span span);
  std::optional<QuerySet> AsQuerySet(const BoundPtr& value);
  BoundPtr Filter(QuerySet queryset, const Arguments& arguments, bool negated, Span span);
  BoundPtr Annotate(QuerySet queryset, Arguments arguments, bool select, Span span);
  BoundPtr Distinct(QuerySet queryset, const Arguments& arguments, Span span);

  // deferral.cpp
  BoundPtr SelectRelated(QuerySet queryset, const Arguments& arguments, Span span);
  BoundPtr Defer(QuerySet queryset, const Arguments& arguments, bool only, Span span);
  void CheckFetched(const QuerySet& queryset, Span span) const;

  // ordering.cpp
  BoundPtr OrderBy(QuerySet queryset, const Arguments& arguments, Span span);
  std::vector<plan::ExprPtr> OrderingItems(const std::vector<BoundPtr>& items, Span span);
  std::vector<plan::ExprPtr> SiteOrdering(const manifest::Model& model);

  // selection.cpp
  BoundPtr Values(QuerySet queryset, Arguments arguments, bool as_list, Span span);
  BoundPtr Dates(QuerySet queryset, Arguments arguments, bool with_time, Span span);

  // row_rules.cpp
  Binder& Site();
  std::optional<QuerySet> SiteRows(const manifest::Model& model, const manifest::Manager& manager,
                                   Span span);
  void AddColumns(const plan::Query& rows, ColumnSet& columns);
  const plan::Query* RowsOf(const manifest::Model& model);
  std::shared_ptr<const plan::Query> RuledRows(const manifest::Model& model,
                                               const std::vector<manifest::RowRule>& rules);
  QuerySet Ruled(QuerySet rows, const manifest::RowRule& rule);
  QuerySet Within(QuerySet rows, const std::string& path,
                  std::shared_ptr<const plan::Query> others);

  // combinators.cpp
  BoundPtr Combinator(QuerySet queryset, const Arguments& arguments, plan::Combinator combinator,
                      bool all, Span span);
  BoundPtr CombineQuerySets(ast::BinaryOp op, const QuerySet& left, const QuerySet& right,
                            Span span);

  // slices.cpp
  BoundPtr SliceQuerySet(const QuerySet& queryset, const ast::Slice& slice, Span span);
  BoundPtr IndexQuerySet(const QuerySet& queryset, const BoundPtr& index, Span span);

  // ends.cpp
  BoundPtr End(QuerySet queryset, const catalog::Method& method, Arguments arguments, Span span);
  void RejectUncounted(const QuerySet& queryset, Span span) const;
  void RejectDroppedRows(const QuerySet& queryset, Span span) const;
  BoundPtr CountRows(const QuerySet& queryset, bool keep_order, Span span);
  BoundPtr Aggregate(QuerySet queryset, Arguments arguments, Span span);
  BoundPtr FirstOrLast(QuerySet queryset, bool last, Span span);
  std::shared_ptr<plan::Query> OrderedForEnd(const plan::Query& given, bool last, Span span);
  BoundPtr LatestOrEarliest(QuerySet queryset, const Arguments& arguments, bool latest, Span span);
  BoundPtr InBulk(QuerySet queryset, Arguments arguments, Span span);

  // queries.cpp
  BoundPtr Fetch(const QuerySet& queryset, program::FetchKind fetch, Span span,
                 const char* missing = "DoesNotExist");
  Type RowType(const PendingQuery& pending, uint32_t index);
  void BuildQueries(program::Program& program, std::vector<BoundQuery>& bound);
  program::Query BuildQuery(const PendingQuery& pending, BoundQuery& bound);
  std::shared_ptr<const program::InstanceShape> Shape(
      const manifest::Model& model, const std::vector<sql::OutputColumn>& columns, size_t first,
      size_t count, const std::vector<sql::RelatedColumns>& related, bool annotations,
      size_t annotations_from, const PendingQuery& pending, const std::vector<std::string>& path);
  program::Column ColumnOf(const sql::OutputColumn& output) const;
  void RejectDecidingMasks(const sql::Select& select, Span span) const;

  const manifest::ScopedManifest& scope_;
  BindOptions options_;
  plan::PlanContext plan_;
  Scope names_;
  std::set<uint32_t> reads_;  // slots that the statement reads
  std::map<std::string, std::set<uint32_t>, std::less<>> captures_;  // what symbolic names are of
  std::map<std::string, std::string, std::less<>> stale_;  // names whose parts changed: which
  std::map<uint32_t, uint32_t> same_as_;                   // slots set from another slot
  struct Moved {
    BoundPtr slot;   // null: a part of what moved
    BoundPtr value;  // kept alive, because it is known by its address
  };
  std::map<const void*, Moved> moved_;         // containers that now are in slots
  std::set<BoundPtr> settled_;                 // lists and dicts whose parts are slots
  std::set<BoundPtr> read_;                    // querysets whose rows the snippet has read
  std::set<std::string, std::less<>> around_;  // names from before the loop
  std::vector<PendingQuery> pending_;
  std::vector<Diagnostic> diagnostics_;
  std::vector<std::string> notes_;
  std::string trace_;
  uint32_t slots_ = 0;
  size_t depth_ = 0;     // of inlined methods
  size_t loops_ = 0;     // of comprehensions and folds around
  size_t branches_ = 0;  // of `if`s over what is not known here
  bool in_fold_ = false;
  bool prefetches_objects_ = false;
  std::vector<std::unique_ptr<ast::Module>> inlined_;  // parsed sources of the site's methods
  std::map<const manifest::Model*, std::vector<plan::ExprPtr>> orderings_;
  std::unique_ptr<manifest::ScopedManifest> all_;  // what the site's own rules may name
  std::unique_ptr<Binder> site_;                   // which binds them over it
  std::map<const manifest::Model*, std::shared_ptr<const plan::Query>> rows_;
};

}  // namespace ormc::bind
