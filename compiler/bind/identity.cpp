#include "compiler/bind/identity.h"

#include <algorithm>

#include "compiler/values/dict.h"

namespace ormc::bind {

void CollectContainers(const Value& value, Identities& into) {
  const auto all = [&](const std::vector<Value>& items) {
    for (const Value& item : items) CollectContainers(item, into);
  };
  if (const List* list = value.list()) {
    if (into.insert(list).second) all(list->items);
  } else if (const Tuple* tuple = value.tuple()) {
    all(tuple->items);
  } else if (const auto* set = value.As<std::shared_ptr<Set>>()) {
    if (!(*set)->frozen) into.insert(set->get());
  } else if (const auto* dict = value.As<std::shared_ptr<Dict>>()) {
    if (!into.insert(dict->get()).second) return;
    for (const Dict::Entry& entry : (*dict)->entries()) CollectContainers(entry.value, into);
  }
}

void CollectContainers(const BoundPtr& value, Identities& into) {
  if (const auto* python = value->As<PythonValue>()) {
    if (python->constant) CollectContainers(*python->constant, into);
  } else if (const auto* sequence = value->As<Sequence>()) {
    if (sequence->kind != ast::DisplayKind::kTuple) into.insert(value.get());
    for (const BoundPtr& item : sequence->items) CollectContainers(item, into);
  } else if (const auto* mapping = value->As<Mapping>()) {
    into.insert(value.get());
    for (const auto& [key, item] : mapping->items) CollectContainers(item, into);
  }
}

const void* ContainerOf(const BoundPtr& value) {
  const auto* sequence = value->As<Sequence>();
  if (sequence != nullptr && sequence->kind != ast::DisplayKind::kTuple) return value.get();
  if (value->As<Mapping>() != nullptr) return value.get();
  const auto* python = value->As<PythonValue>();
  if (python == nullptr || !python->constant || !HoldsContainers(*python->constant)) return nullptr;
  const Value& constant = *python->constant;
  if (const List* list = constant.list()) return list;
  if (const auto* set = constant.As<std::shared_ptr<Set>>()) return set->get();
  if (const auto* dict = constant.As<std::shared_ptr<Dict>>()) return dict->get();
  return nullptr;
}

bool HoldsSymbolic(const BoundPtr& value) {
  if (value->As<Sequence>() != nullptr || value->As<Mapping>() != nullptr) {
    return HoldsSymbolicParts(value);
  }
  return value->As<PythonValue>() == nullptr;
}

bool HoldsSymbolicParts(const BoundPtr& value) {
  if (const auto* sequence = value->As<Sequence>()) {
    return std::any_of(sequence->items.begin(), sequence->items.end(), HoldsSymbolic);
  }
  const auto* mapping = value->As<Mapping>();
  return mapping != nullptr &&
         std::any_of(mapping->items.begin(), mapping->items.end(),
                     [](const auto& item) { return HoldsSymbolic(item.second); });
}

bool HoldsContainers(const Value& value) {
  Identities found;
  CollectContainers(value, found);
  return !found.empty();
}

bool HoldsContainers(const BoundPtr& value) {
  Identities found;
  CollectContainers(value, found);
  return !found.empty();
}

}  // namespace ormc::bind
