#include "compiler/bind/extent.h"

#include "compiler/values/dict.h"

namespace ormc::bind {
namespace {

// Takes one from `left` for each part; false where there is none left.
bool Spend(const Value& value, size_t& left) {
  if (left == 0) return false;
  --left;
  const auto all = [&](const std::vector<Value>& items) {
    for (const Value& item : items) {
      if (!Spend(item, left)) return false;
    }
    return true;
  };
  if (const List* list = value.list()) return all(list->items);
  if (const Tuple* tuple = value.tuple()) return all(tuple->items);
  if (const auto* set = value.As<std::shared_ptr<Set>>()) return all((*set)->items());
  if (const auto* dict = value.As<std::shared_ptr<Dict>>()) {
    for (const Dict::Entry& entry : (*dict)->entries()) {
      if (!Spend(entry.key, left) || !Spend(entry.value, left)) return false;
    }
  }
  return true;
}

bool Spend(const BoundPtr& value, size_t& left) {
  if (left == 0) return false;
  --left;
  if (const auto* python = value->As<PythonValue>()) {
    return !python->constant || Spend(*python->constant, left);
  }
  if (const auto* sequence = value->As<Sequence>()) {
    for (const BoundPtr& item : sequence->items) {
      if (!Spend(item, left)) return false;
    }
  } else if (const auto* mapping = value->As<Mapping>()) {
    for (const auto& [key, item] : mapping->items) {
      if (!Spend(key, left) || !Spend(item, left)) return false;
    }
  }
  return true;
}

}  // namespace

bool HasMoreThan(size_t most, const Value& value) { return !Spend(value, most); }
bool HasMoreThan(size_t most, const BoundPtr& value) { return !Spend(value, most); }

}  // namespace ormc::bind
