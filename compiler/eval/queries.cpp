#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/eval/machine.h"
#include "compiler/eval/prepare.h"
#include "compiler/values/equality.h"
#include "compiler/values/instance.h"

namespace ormc::eval {

namespace {

[[noreturn]] void RaiseAbsent(const Value& owner, const std::string& relation) {
  const auto* instance = owner.As<std::shared_ptr<const Instance>>();
  Check(instance != nullptr, "a relation of no row");
  Raise("RelatedObjectDoesNotExist", (*instance)->shape->name + " has no " + relation + ".");
}

}  // namespace

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
void Machine::CollectKeys(const Value& rows, const std::vector<std::string>& path, size_t step,
                          const KeyOf& key_of, Dict& known, Set& keys) {
  if (const List* list = rows.list()) {
    for (const Value& row : list->items) CollectKeys(row, path, step, key_of, known, keys);
  } else if (const auto* dict = rows.As<std::shared_ptr<Dict>>()) {
    for (const Dict::Entry& entry : (*dict)->entries()) {
      CollectKeys(entry.value, path, step, key_of, known, keys);
    }
  } else if (rows.As<std::shared_ptr<const Instance>>() != nullptr) {
    if (step < path.size()) {
      const Value further = GetAttribute(*this, rows, path[step]);
      return CollectKeys(further, path, step + 1, key_of, known, keys);
    }
    const Value key = key_of(rows);
    if (!key.is_none() && known.Find(key, &meter_) == nullptr) AddTo(keys, key);
  }
}

// The rows of `key` in a kGrouped query, fetched with those of all the owners' keys.
const List& Machine::RowsOf(const Value& key, uint32_t query, uint32_t keys_slot,
                            const program::RelatedOf& owners, const KeyOf& key_of) {
  Dict& known = related_[query];
  if (known.Find(key, &meter_) == nullptr) {
    Set keys;
    AddTo(keys, key);
    if (const auto rows = fetched_.find(owners.origin); rows != fetched_.end()) {
      CollectKeys(rows->second, owners.path, 0, key_of, known, keys);
    }
    environment_.Set(keys_slot, NewList(keys.items()));
    const Value grouped = RunQuery(query);
    const auto* groups = grouped.As<std::shared_ptr<Dict>>();
    for (const Value& each : keys.items()) {
      const Value* rows = groups != nullptr ? (*groups)->Find(each, &meter_) : nullptr;
      known.Set(each, rows != nullptr ? *rows : Value::ListOf({}));
    }
  }
  return *known.Find(key, &meter_)->list();
}

Value Machine::Of(const program::RelatedOf& node) {
  const KeyOf key_of = [&](const Value& owner) { return GetAttribute(*this, owner, node.key); };
  const Value owner = Eval(*node.owner);
  const List& rows = RowsOf(key_of(owner), node.query, node.keys_slot, node, key_of);
  switch (node.take) {
    case program::RelatedOf::Take::kList:
      return NewList(rows.items);  // its own, as each evaluation of a queryset gives
    case program::RelatedOf::Take::kRow:
      if (rows.items.empty()) RaiseAbsent(owner, node.name);
      return rows.items[0];
    case program::RelatedOf::Take::kRowOrNone:
      return rows.items.empty() ? Value::None() : rows.items[0];
  }
  throw InternalError("an unknown take");
}

// GenericForeignKey.__get__()
Value Machine::Of(const program::GenericOf& node) {
  const Value owner = Eval(*node.types.owner);
  const KeyOf type_of = [&](const Value& row) { return GetAttribute(*this, row, node.types.key); };
  const Value type = type_of(owner);
  const Value stored = GetAttribute(*this, owner, node.key);
  if (type.is_none() || stored.is_none()) return Value::None();
  const List& types = RowsOf(type, node.types.query, node.types.keys_slot, node.types, type_of);
  const Tuple* label = types.items.empty() ? nullptr : types.items[0].tuple();
  const auto arm = std::ranges::find_if(*node.arms, [&](const program::GenericArm& of) {
    return label != nullptr && of.app == *label->items[0].text() &&
           of.model == *label->items[1].text();
  });
  if (arm == node.arms->end()) Raise("RowNotReadable", node.field);
  const KeyOf key_of = [&](const Value& other) {
    if (!Equal(type_of(other), type)) return Value::None();
    try {
      return PrepareAll(arm->steps, GetAttribute(*this, other, node.key), context_);
    } catch (const PythonError&) {
      return Value::None();  // raised where that row is read
    }
  };
  const Value key = PrepareAll(arm->steps, stored, context_);
  const List& rows = RowsOf(key, arm->query, arm->keys_slot, node.types, key_of);
  return rows.items.empty() ? Value::None() : rows.items[0];
}

Value Machine::Of(const program::ByModel& node) {
  const Value row = Eval(*node.row);
  const auto* instance = row.As<std::shared_ptr<const Instance>>();
  if (instance == nullptr) return GetAttribute(*this, row, node.name);  // None: raises
  const program::InstanceShape& shape = *(*instance)->shape;
  const auto arm = std::ranges::find_if(node.arms, [&](const program::ByModel::Arm& of) {
    return of.label == shape.label && of.model == shape.name;
  });
  if (arm == node.arms.end()) {
    Raise("AttributeError", "'" + shape.name + "' object has no attribute '" + node.name + "'");
  }
  if (!arm->value) Raise("RowNotReadable", node.name);
  return Eval(*arm->value);
}

}  // namespace ormc::eval
