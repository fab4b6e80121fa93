// eval: the meaning of a compiled program's pure part, as Python's.  No I/O: queries come through
// QuerySource.  Used twice: by the binder, to fold constants, and by the runtime.
//
//   evaluate.h    the door: Evaluate, Run, the tables of builtins and methods
//   machine.h     the evaluator: scopes, budget, iteration, calls
//   expressions.cpp statements.cpp comprehensions.cpp subscript.cpp attributes.cpp queries.cpp
//   operators.h   arithmetic, comparison, containment
//   format.h      format specs, `str %`, str.format, strftime
//   table.h       rows of builtins and methods; builtins_*.cpp and methods_*.cpp hold them
//   prepare.h     what Django's fields do to a value before it becomes a parameter
//   parameter.h   the form of a parameter on PostgreSQL's wire
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/program/program.h"
#include "compiler/values/error.h"
#include "compiler/values/meter.h"
#include "compiler/values/value.h"

namespace ormc::eval {

using ormc::LimitError;
using ormc::PythonError;

// What evaluates a program's queries.
class QuerySource {
 public:
  virtual ~QuerySource() = default;
  // The value of the query's Fetch.  `text` is the chosen variant, `parameters` its prepared
  // parameters.  Is not asked where the text is empty (EmptyResultSet).
  virtual Value Run(const program::Query& query, uint32_t index,
                    const std::vector<Value>& parameters, const program::QueryText& text) = 0;
};

struct Context {
  DateTime now;                      // aware, UTC; every clock of the snippet
  std::string zone = "UTC";          // the active one
  std::string default_zone = "UTC";  // settings.TIME_ZONE
  bool use_tz = true;
  Limits limits;
};

// The slots of a program; an unset one is a name without a value.
class Environment {
 public:
  const Value* Get(uint32_t slot) const {
    return slot < slots_.size() && slots_[slot] ? &*slots_[slot] : nullptr;
  }
  void Set(uint32_t slot, Value value) {
    if (slot >= slots_.size()) slots_.resize(slot + size_t{1});
    slots_[slot] = std::move(value);
  }
  void Clear(uint32_t slot) {
    if (slot < slots_.size()) slots_[slot].reset();
  }

 private:
  std::vector<std::optional<Value>> slots_;
};

// An expression without queries.  Throws PythonError and LimitError.
Value Evaluate(const program::Expr& expr, Environment& environment, const Context& context);
// A whole program; the value of its result.  Throws PythonError, LimitError and what the source
// throws.  Program::now, zone and use_tz are for the caller, who makes the context of them.
Value Run(const program::Program& program, const Context& context, QuerySource& queries);
// str() of a value, by its model's text where it is an instance.
std::string Str(const Value& value, const Context& context);

// ---- the catalogue ----------------------------------------------------------------------------

struct CallableInfo {
  std::string_view type;       // of a method's receiver: "str", ...; "" of a builtin
  std::string_view name;       // "len", "datetime.date", "upper"
  std::string_view signature;  // "iterable, /, start=": a trailing "=" marks an optional one
  std::string_view doc;
  bool mutates = false;  // changes its receiver: only in a fold
};
const std::vector<CallableInfo>& Builtins();
const std::vector<CallableInfo>& Methods();
struct AttributeInfo {
  std::string_view type;
  std::string_view name;
  std::string_view doc;
};
const std::vector<AttributeInfo>& Attributes();

bool HasBuiltin(std::string_view name);
// An empty type: of any type.  Types: str bytes int float Decimal list tuple set dict date datetime
// time timedelta UUID zone; a datetime has a date's, too.
bool HasMethod(std::string_view type, std::string_view name);
bool HasAttribute(std::string_view type, std::string_view name);

}  // namespace ormc::eval
