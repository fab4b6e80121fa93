// The evaluator: one a run.  Recursion follows the nesting of the snippet, which is bounded.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/eval/evaluate.h"
#include "compiler/values/dict.h"
#include "compiler/values/text.h"

namespace ormc::eval {

// Takes an element; false ends the iteration.
using Visitor = std::function<bool(const Value&)>;

class Machine : public InstanceText {
 public:
  Machine(Environment& environment, const Context& context, const program::Program* program,
          QuerySource* queries)
      : environment_(environment),
        context_(context),
        program_(program),
        queries_(queries),
        meter_(context.limits.eval_steps, context.limits.eval_bytes) {}

  Value Eval(const program::Expr& expr);
  void Execute(const std::vector<program::Statement>& statements);
  Value RunQuery(uint32_t index);

  Meter& meter() { return meter_; }
  const Context& context() const { return context_; }

  // A new value; its bytes are taken from the budget first.
  Value NewStr(std::string text);
  Value NewList(std::vector<Value> items);
  Value NewTuple(std::vector<Value> items);
  Value NewSet(Set set);
  Value NewDict(Dict dict);
  void Reserve(uint64_t items) { meter_.Bytes(items * sizeof(Value)); }
  // The same list, set or dict within stays one.
  Value NewCopy(const Value& value);
  // In-place changes, of the fold.
  void Append(List& list, Value item);
  bool AddTo(Set& set, Value item);
  void SetIn(Dict& dict, Value key, Value value);

  std::string Str(const Value& value) { return ormc::Str(value, &meter_, this); }
  std::string Repr(const Value& value) { return ormc::Repr(value, &meter_, this); }
  std::string Of(const Instance& instance) override;
  // The answer as JSON can hold it: a row that is a key of a dict is its text.
  Value WithTextKeys(const Value& value);
  bool Truth(const Value& value) const;

  // Python's iteration; TypeError where the value is not iterable.
  void ForEach(const Value& iterable, const Visitor& visit);
  // The same of an expression's value: a generator is run lazily.
  void ForEach(const program::Expr& expr, const Visitor& visit);
  std::vector<Value> Items(const Value& iterable);
  Value Apply(const program::Lambda& lambda, const Value& argument);
  // Binds names; ValueError where a tuple does not fit.
  void Bind(const program::Target& target, const Value& value);

 private:
  Value Of(const program::Constant& node);
  Value Of(const program::Fresh& node);
  Value Of(const program::Local& node);
  Value Of(const program::Unary& node);
  Value Of(const program::Binary& node);
  Value Of(const program::Comparison& node);
  Value Of(const program::BoolChain& node);
  Value Of(const program::Conditional& node);
  Value Of(const program::Format& node);
  Value Of(const program::Display& node);
  Value Of(const program::DictDisplay& node);
  Value Of(const program::Subscript& node);
  Value Of(const program::SliceOf& node);
  Value Of(const program::Attribute& node);
  Value Of(const program::CallBuiltin& node);
  Value Of(const program::CallMethod& node);
  Value Of(const program::Comprehension& node);
  Value Of(const program::Lambda& node);
  Value Of(const program::RunQuery& node);
  Value Of(const program::RelatedOf& node);
  Value Of(const program::GenericOf& node);
  Value Of(const program::ByModel& node);
  using KeyOf = std::function<Value(const Value& owner)>;  // None: it has no rows
  void CollectKeys(const Value& rows, const std::vector<std::string>& path, size_t step,
                   const KeyOf& key_of, Dict& known, Set& keys);
  const List& RowsOf(const Value& key, uint32_t query, uint32_t keys_slot,
                     const program::RelatedOf& owners, const KeyOf& key_of);

  bool Generate(const std::vector<program::Generator>& generators, size_t at,
                const std::function<bool()>& emit);
  void ExecuteOne(const program::Assign& node);
  void ExecuteOne(const program::Evaluate& node);
  void ExecuteOne(const program::SetItem& node);
  void ExecuteOne(const program::For& node);
  void ExecuteOne(const program::If& node);

  Environment& environment_;
  const Context& context_;
  const program::Program* program_;
  QuerySource* queries_;
  Meter meter_;
  uint64_t queries_run_ = 0;
  std::map<uint32_t, Value> fetched_;  // what each query gave last
  std::map<uint32_t, Dict> related_;   // of a kGrouped query: the rows of each key, so far
};

// subscript.cpp
Value Index(Machine& machine, const Value& value, const Value& index);
Value Slice(Machine& machine, const Value& value, const Value& lower, const Value& upper,
            const Value& step);
// attributes.cpp
Value GetAttribute(Machine& machine, const Value& value, const std::string& name);

}  // namespace ormc::eval
