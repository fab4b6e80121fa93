// Short ways to write program expressions in tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/eval/evaluate.h"
#include "compiler/program/program.h"
#include "compiler/values/text.h"

namespace ormc::eval {

template <class Node>
program::ExprPtr E(Node node) {
  return program::Make(Span{}, std::move(node));
}
inline program::ExprPtr Const(Value value) { return E(program::Constant{std::move(value)}); }
inline program::ExprPtr Int(int64_t i) { return Const(Value::Int(i)); }
inline program::ExprPtr Text(std::string text) { return Const(Value::Str(std::move(text))); }
inline program::ExprPtr Slot(uint32_t slot) { return E(program::Local{slot}); }
inline program::ExprPtr Op(program::BinaryOp op, program::ExprPtr a, program::ExprPtr b) {
  return E(program::Binary{op, std::move(a), std::move(b)});
}
inline program::ExprPtr Call(std::string name, std::vector<program::ExprPtr> arguments) {
  return E(program::CallBuiltin{std::move(name), std::move(arguments), {}});
}
inline program::ExprPtr Method(program::ExprPtr self, std::string name,
                               std::vector<program::ExprPtr> arguments) {
  return E(program::CallMethod{std::move(self), std::move(name), std::move(arguments), {}});
}
inline program::ExprPtr ListOf(std::vector<program::ExprPtr> items) {
  program::Display node{program::DisplayKind::kList, {}};
  for (auto& item : items) node.items.emplace_back(false, std::move(item));
  return E(std::move(node));
}
inline program::Statement Set(uint32_t slot, program::ExprPtr value) {
  return {Span{}, program::Assign{program::Target{slot, {}}, std::move(value)}};
}
inline program::Statement Do(program::ExprPtr value) {
  return {Span{}, program::Evaluate{std::move(value)}};
}
inline program::Statement ForIn(uint32_t slot, program::ExprPtr iterable,
                                std::vector<program::Statement> body) {
  return {Span{}, program::For{program::Target{slot, {}}, std::move(iterable), std::move(body)}};
}

// The repr of an expression's value.
inline std::string ReprOf(const program::ExprPtr& expr) {
  Environment environment;
  return Repr(Evaluate(*expr, environment, Context{}));
}

class NoQueries : public QuerySource {
 public:
  Value Run(const program::Query&, uint32_t, const std::vector<Value>&,
            const program::QueryText&) override {
    return Value();
  }
};

// Small budgets: a test that reaches them is quick.
inline Context Tight() {
  Context context;
  context.limits.eval_steps = 200'000;
  context.limits.eval_bytes = 4U << 20U;
  return context;
}

inline Value RunBody(std::vector<program::Statement> body, program::ExprPtr result) {
  program::Program program;
  program.body = std::move(body);
  program.result = std::move(result);
  NoQueries queries;
  return Run(program, Tight(), queries);
}

// The name of the limit that stops it, or "".
template <class Action>
std::string LimitOf(const Action& action) {
  try {
    action();
  } catch (const LimitError& error) {
    return error.limit();
  }
  return "";
}

// "ValueError: message", or "".
template <class Action>
std::string ErrorOf(const Action& action) {
  try {
    action();
  } catch (const PythonError& error) {
    return error.django_name + ": " + error.message;
  }
  return "";
}

}  // namespace ormc::eval
