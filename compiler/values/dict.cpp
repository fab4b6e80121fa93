#include "compiler/values/dict.h"

#include "compiler/values/equality.h"

namespace ormc {

uint64_t HashIndex::Mix(uint64_t hash) {
  hash ^= hash >> 32U;
  hash *= 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29U);
}

void HashIndex::Put(Slot slot) {
  const uint64_t mask = slots_.size() - 1;
  uint64_t i = Mix(slot.hash) & mask;
  while (slots_[i].place != kFree) i = (i + 1) & mask;
  slots_[i] = slot;
}

void HashIndex::Insert(uint64_t hash) {
  if (slots_.size() < (used_ + size_t{1}) * 2) {
    std::vector<Slot> old(slots_.empty() ? 8 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.place != kFree) Put(slot);
    }
  }
  Put(Slot{hash, used_++});
}

const Value* Dict::Find(const Value& key, Meter* meter) const {
  const int64_t place =
      index_.Find(Hash(key, meter), [&](uint32_t p) { return Equal(entries_[p].key, key, meter); });
  return place < 0 ? nullptr : &entries_[static_cast<size_t>(place)].value;
}

bool Dict::Set(Value key, Value value, Meter* meter) {
  const uint64_t hash = Hash(key, meter);
  const int64_t place =
      index_.Find(hash, [&](uint32_t p) { return Equal(entries_[p].key, key, meter); });
  if (place >= 0) {
    entries_[static_cast<size_t>(place)].value = std::move(value);
    return false;
  }
  index_.Insert(hash);
  entries_.push_back({std::move(key), std::move(value)});
  return true;
}

bool Set::Contains(const Value& item, Meter* meter) const {
  return index_.Find(Hash(item, meter),
                     [&](uint32_t p) { return Equal(items_[p], item, meter); }) >= 0;
}

bool Set::Add(Value item, Meter* meter) {
  const uint64_t hash = Hash(item, meter);
  if (index_.Find(hash, [&](uint32_t p) { return Equal(items_[p], item, meter); }) >= 0) {
    return false;
  }
  index_.Insert(hash);
  items_.push_back(std::move(item));
  return true;
}

Value DictValue(Dict dict) {
  return Value(Value::Storage(std::make_shared<Dict>(std::move(dict))));
}

Value SetValue(Set set) { return Value(Value::Storage(std::make_shared<Set>(std::move(set)))); }

}  // namespace ormc
