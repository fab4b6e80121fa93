// Python's dict and set: insertion order, and keys that are one where Python's == and hash say so
// (1, 1.0, True and Decimal(1)).  Keys are never removed: no snippet can.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/values/meter.h"
#include "compiler/values/value.h"

namespace ormc {

// Open addressing over the hashes of entries that their owner keeps in order.
class HashIndex {
 public:
  // The place whose hash is `hash` and for which `same(place)` holds, or -1.
  template <class Same>
  int64_t Find(uint64_t hash, const Same& same) const {
    if (slots_.empty()) return -1;
    const uint64_t mask = slots_.size() - 1;
    for (uint64_t i = Mix(hash) & mask; slots_[i].place != kFree; i = (i + 1) & mask) {
      if (slots_[i].hash == hash && same(slots_[i].place)) return slots_[i].place;
    }
    return -1;
  }
  void Insert(uint64_t hash);  // the next place

 private:
  static constexpr uint32_t kFree = UINT32_MAX;
  struct Slot {
    uint64_t hash = 0;
    uint32_t place = kFree;
  };
  static uint64_t Mix(uint64_t hash);
  void Put(Slot slot);

  std::vector<Slot> slots_;
  uint32_t used_ = 0;
};

// A TypeError where a key is unhashable.  The meter pays for the comparisons.
class Dict {
 public:
  struct Entry {
    Value key;
    Value value;
  };
  const std::vector<Entry>& entries() const { return entries_; }
  size_t size() const { return entries_.size(); }
  const Value* Find(const Value& key, Meter* meter = nullptr) const;
  const Value* Find(std::string_view key) const { return Find(Value::Str(std::string(key))); }
  // The first key stays, the last value wins; true where the key is new.
  bool Set(Value key, Value value, Meter* meter = nullptr);

  mutable uint32_t level = 0;  // see List

 private:
  std::vector<Entry> entries_;
  HashIndex index_;
};

class Set {
 public:
  const std::vector<Value>& items() const { return items_; }
  size_t size() const { return items_.size(); }
  bool Contains(const Value& item, Meter* meter = nullptr) const;
  bool Add(Value item, Meter* meter = nullptr);  // true where it is new

  bool frozen = false;
  mutable uint32_t level = 0;  // see List

 private:
  std::vector<Value> items_;
  HashIndex index_;
};

Value DictValue(Dict dict);
Value SetValue(Set set);

}  // namespace ormc
