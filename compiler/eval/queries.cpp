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
  Value value = queries_->Run(query, index, parameters, text);
  fetched_.insert_or_assign(index, value);
  return value;
}

// The keys of the instances that `rows` holds, from the `step`th attribute of the path on.
void Machine::CollectKeys(const Value& rows, const program::RelatedOf& node, size_t step,
                          Set& keys) {
  if (const List* list = rows.list()) {
    for (const Value& row : list->items) CollectKeys(row, node, step, keys);
  } else if (const auto* dict = rows.As<std::shared_ptr<Dict>>()) {
    for (const Dict::Entry& entry : (*dict)->entries()) CollectKeys(entry.value, node, step, keys);
  } else if (rows.As<std::shared_ptr<const Instance>>() != nullptr) {
    if (step < node.path.size()) {
      CollectKeys(GetAttribute(*this, rows, node.path[step]), node, step + 1, keys);
      return;
    }
    const Value key = GetAttribute(*this, rows, node.key);
    if (!key.is_none() && related_[node.query].Find(key, &meter_) == nullptr) AddTo(keys, key);
  }
}

Value Machine::Of(const program::RelatedOf& node) {
  const Value owner = Eval(*node.owner);
  const Value key = GetAttribute(*this, owner, node.key);
  Dict& known = related_[node.query];
  if (known.Find(key, &meter_) == nullptr) {
    Set keys;
    AddTo(keys, key);
    if (const auto rows = fetched_.find(node.origin); rows != fetched_.end()) {
      CollectKeys(rows->second, node, 0, keys);
    }
    environment_.Set(node.keys_slot, NewList(keys.items()));
    const Value grouped = RunQuery(node.query);
    const auto* groups = grouped.As<std::shared_ptr<Dict>>();
    for (const Value& each : keys.items()) {
      const Value* rows = groups != nullptr ? (*groups)->Find(each, &meter_) : nullptr;
      known.Set(each, rows != nullptr ? *rows : Value::ListOf({}));
    }
  }
  // A list of its own, as each evaluation of a queryset gives.
  return NewList(known.Find(key, &meter_)->list()->items);
}

}  // namespace ormc::eval
