#include "compiler/base/check.h"
#include "compiler/eval/machine.h"
#include "compiler/eval/operators.h"
#include "compiler/values/nesting.h"

namespace ormc::eval {

Value Run(const program::Program& program, const Context& context, QuerySource& queries) {
  Environment environment;
  Machine machine(environment, context, &program, &queries);
  machine.Execute(program.body);
  return program.result ? machine.WithTextKeys(machine.Eval(*program.result)) : Value();
}

Value Machine::WithTextKeys(const Value& value) {
  const auto all = [this](const std::vector<Value>& items) {
    std::vector<Value> made;
    made.reserve(items.size());
    for (const Value& item : items) made.push_back(WithTextKeys(item));
    return made;
  };
  const auto is_row = [](const Value& key) {
    return key.As<std::shared_ptr<const Instance>>() != nullptr || key.tuple() != nullptr;
  };
  const auto* dict = value.As<std::shared_ptr<Dict>>();
  if (dict == nullptr) {
    // Most answers hold no dict: they stay what they are.
    const auto holds = [](const std::vector<Value>& items) {
      return std::any_of(items.begin(), items.end(), [](const Value& item) {
        return item.As<std::shared_ptr<Dict>>() != nullptr || item.list() || item.tuple();
      });
    };
    if (value.list() && holds(value.list()->items)) return NewList(all(value.list()->items));
    return value;
  }
  Dict made;
  for (const auto& [key, item] : (*dict)->entries()) {
    meter_.Step();
    SetIn(made, is_row(key) ? NewStr(Str(key)) : key, WithTextKeys(item));
  }
  return NewDict(std::move(made));
}

void Machine::Execute(const std::vector<program::Statement>& statements) {
  for (const program::Statement& statement : statements) {
    meter_.Step();
    std::visit([this](const auto& node) { ExecuteOne(node); }, statement.node);
  }
}

void Machine::ExecuteOne(const program::Assign& node) { Bind(node.target, Eval(*node.value)); }

void Machine::ExecuteOne(const program::Evaluate& node) { Eval(*node.value); }

void Machine::ExecuteOne(const program::SetItem& node) {
  // Python evaluates the value first.
  Value value = Eval(*node.value);
  const Value container = Eval(*node.container);
  const Value key = Eval(*node.key);
  if (const auto* dict = container.As<std::shared_ptr<Dict>>()) {
    return SetIn(**dict, key, std::move(value));
  }
  const auto* list = container.As<std::shared_ptr<List>>();
  if (!list) {
    RaiseType("'" + FullTypeName(container) + "' object does not support item assignment");
  }
  const auto index = IndexOf(key);
  if (!index) {
    RaiseType("list indices must be integers or slices, not " + FullTypeName(key));
  }
  const auto size = static_cast<int64_t>((*list)->items.size());
  const int64_t place = *index < 0 ? *index + size : *index;
  if (place < 0 || place >= size) Raise("IndexError", "list assignment index out of range");
  HoldIn((*list)->level, value, meter_);
  (*list)->items[static_cast<size_t>(place)] = std::move(value);
}

void Machine::ExecuteOne(const program::For& node) {
  ForEach(*node.iterable, [&](const Value& item) {
    Bind(node.target, item);
    Execute(node.body);
    return true;
  });
}

void Machine::ExecuteOne(const program::If& node) {
  Execute(Truth(Eval(*node.test)) ? node.then : node.otherwise);
}

void Machine::Bind(const program::Target& target, const Value& value) {
  if (target.slot) return environment_.Set(*target.slot, value);
  if (!value.text() && !value.list() && !value.tuple() && !value.As<std::shared_ptr<Set>>() &&
      !value.As<std::shared_ptr<Dict>>() && !value.As<std::shared_ptr<const Bytes>>()) {
    RaiseType("cannot unpack non-iterable " + FullTypeName(value) + " object");
  }
  const std::vector<Value> items = Items(value);
  const size_t wanted = target.items.size();
  if (items.size() > wanted) {
    RaiseValue("too many values to unpack (expected " + std::to_string(wanted) + ")");
  }
  if (items.size() < wanted) {
    RaiseValue("not enough values to unpack (expected " + std::to_string(wanted) + ", got " +
               std::to_string(items.size()) + ")");
  }
  for (size_t i = 0; i < wanted; ++i) Bind(target.items[i], items[i]);
}

}  // namespace ormc::eval
