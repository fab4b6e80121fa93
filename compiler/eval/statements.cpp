#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/eval/machine.h"
#include "compiler/eval/operators.h"
#include "compiler/values/nesting.h"

namespace ormc::eval {

namespace {

bool IsRow(const Value& key) {
  return key.As<std::shared_ptr<const Instance>>() != nullptr || key.tuple() != nullptr;
}

// Has a dict in it rows among its keys?
bool HasRowKeys(const Value& value) {
  if (const List* list = value.list()) return std::ranges::any_of(list->items, HasRowKeys);
  const auto* dict = value.As<std::shared_ptr<Dict>>();
  return dict != nullptr && std::ranges::any_of((*dict)->entries(), [](const Dict::Entry& entry) {
           return IsRow(entry.key) || HasRowKeys(entry.value);
         });
}

}  // namespace

Value Run(const program::Program& program, const Context& context, QuerySource& queries) {
  Environment environment;
  Machine machine(environment, context, &program, &queries);
  machine.Execute(program.body);
  if (!program.result) return Value();
  Value value = machine.Eval(*program.result);
  // Rows that came from a query stay the same objects: a table is known by them.
  return HasRowKeys(value) ? machine.WithTextKeys(value) : value;
}

Value Machine::WithTextKeys(const Value& value) {
  if (const List* list = value.list()) {
    std::vector<Value> made;
    made.reserve(list->items.size());
    for (const Value& item : list->items) made.push_back(WithTextKeys(item));
    return NewList(std::move(made));
  }
  const auto* dict = value.As<std::shared_ptr<Dict>>();
  if (dict == nullptr) return value;
  Dict made;
  for (const auto& [key, item] : (*dict)->entries()) {
    meter_.Step();
    SetIn(made, IsRow(key) ? NewStr(Str(key)) : key, WithTextKeys(item));
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
