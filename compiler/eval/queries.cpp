#include "compiler/base/check.h"
#include "compiler/eval/machine.h"
#include "compiler/eval/prepare.h"

namespace ormc::eval {

Value Machine::RunQuery(uint32_t index) {
  Check(program_ != nullptr && queries_ != nullptr, "a query in a constant");
  const program::Query& query = program_->queries.at(index);
  size_t variant = 0;
  for (size_t i = 0; i < query.none_tests.size(); ++i) {
    if (Eval(*query.none_tests[i]).is_none()) variant |= size_t{1} << i;
  }
  const program::QueryText& text = query.variants.at(variant);
  if (text.sql.empty()) {
    // Django knows that there is no row, and sends nothing.
    if (query.fetch == program::FetchKind::kGet || query.fetch == program::FetchKind::kEarliest) {
      if (query.missing == "IndexError") Raise("IndexError", "list index out of range");
      Raise("DoesNotExist", query.model + " matching query does not exist.");
    }
    return query.empty_value.value_or(Value::ListOf({}));
  }
  std::vector<Value> parameters;
  parameters.reserve(text.parameters.size());
  for (const program::Parameter& parameter : text.parameters) {
    Value value = Eval(*parameter.value);
    // What is constant was prepared when it was compiled.
    if (!std::holds_alternative<program::Constant>(parameter.value->node)) {
      value = PrepareAll(parameter.steps, value, context_);
    }
    parameters.push_back(std::move(value));
  }
  if (++queries_run_ > context_.limits.loop_queries) throw LimitError("loop_queries");
  return queries_->Run(query, index, parameters, text);
}

}  // namespace ormc::eval
