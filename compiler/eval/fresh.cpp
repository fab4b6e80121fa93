#include <map>

#include "compiler/eval/machine.h"

namespace ormc::eval {
namespace {

// Copies what can change; what is one list in the constant is one list in the copy.
class Copier {
 public:
  explicit Copier(Machine& machine) : machine_(machine) {}

  Value Of(const Value& value) {
    if (const auto* list = value.As<std::shared_ptr<List>>()) {
      return Once(list->get(), [&] { return machine_.NewList(Items((*list)->items)); });
    }
    if (const auto* dict = value.As<std::shared_ptr<Dict>>()) {
      return Once(dict->get(), [&] {
        Dict copy;
        for (const Dict::Entry& entry : (*dict)->entries()) {
          copy.Set(entry.key, Of(entry.value), &machine_.meter());
        }
        return machine_.NewDict(std::move(copy));
      });
    }
    if (const auto* set = value.As<std::shared_ptr<Set>>(); set != nullptr && !(*set)->frozen) {
      return Once(set->get(), [&] { return machine_.NewSet(**set); });
    }
    const Tuple* tuple = value.tuple();
    if (tuple == nullptr) return value;
    return Once(tuple, [&] {
      Tuple copy{Items(tuple->items), tuple->names, tuple->level};
      machine_.Reserve(copy.items.size());
      return Value(Value::Storage(std::make_shared<Tuple>(std::move(copy))));
    });
  }

 private:
  template <class Make>
  Value Once(const void* original, const Make& make) {
    if (const auto known = copies_.find(original); known != copies_.end()) return known->second;
    Value copy = make();
    copies_.emplace(original, copy);
    return copy;
  }
  std::vector<Value> Items(const std::vector<Value>& items) {
    std::vector<Value> copies;
    copies.reserve(items.size());
    for (const Value& item : items) copies.push_back(Of(item));
    return copies;
  }

  Machine& machine_;
  std::map<const void*, Value> copies_;
};

}  // namespace

Value Machine::NewCopy(const Value& value) { return Copier(*this).Of(value); }

}  // namespace ormc::eval
