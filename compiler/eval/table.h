// The tables of builtins and methods: a row is a name, a signature, a function, a line for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/eval/machine.h"

namespace ormc::eval {

// The arguments of one call, bound to the row's signature.
class Call {
 public:
  Machine& machine;
  Value self;  // of a method

  // An argument by its place in the signature; a missing optional one is null.
  const Value* Get(size_t place);
  const Value& operator[](size_t place);
  bool Has(size_t place) const { return arguments_[place].present; }
  Value Or(size_t place, Value fallback) { return Has(place) ? (*this)[place] : fallback; }
  // Runs a generator lazily.
  void ForEach(size_t place, const Visitor& visit);
  std::vector<Value> Items(size_t place);
  // Of `key=`; null where absent or None.
  const program::Lambda* Key(size_t place) const { return arguments_[place].lambda; }
  // Those of "*args" and "**kwargs".
  std::vector<Value> rest;
  std::vector<std::pair<std::string, Value>> named;

  explicit Call(Machine& m) : machine(m) {}

 private:
  friend class Binder;
  struct Argument {
    bool present = false;
    Value value;
    const program::Expr* lazy = nullptr;  // a generator that has not run
    const program::Lambda* lambda = nullptr;
  };
  std::vector<Argument> arguments_;
};

struct Row {
  std::string_view type;
  std::string_view name;
  std::string_view signature;
  Value (*run)(Call& call);
  std::string_view doc;
  bool mutates = false;
};
using Rows = std::vector<Row>;

// One function a file of rows.
const Rows& CoreBuiltins();
const Rows& NumberBuiltins();
const Rows& MathBuiltins();
const Rows& TemporalBuiltins();
const Rows& ClockBuiltins();
const Rows& StrMethods();
const Rows& StrSplitMethods();
const Rows& StrTestMethods();
const Rows& ListMethods();
const Rows& DictAndSetMethods();
const Rows& NumberMethods();
const Rows& TemporalMethods();

const Row* FindBuiltin(std::string_view name);
const Row* FindMethod(const Value& receiver, std::string_view name);
// The type in the table of methods, most special first: datetime, date.
std::vector<std::string_view> TableTypes(const Value& receiver);

// Binds and runs.
Value RunRow(Machine& machine, const Row& row, Value self,
             const std::vector<program::ExprPtr>& arguments,
             const std::vector<program::Keyword>& keywords);

// The text of a str argument; TypeError else.
const std::string& NeedStr(Call& call, size_t place, std::string_view function);

}  // namespace ormc::eval
