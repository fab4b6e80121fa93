#include "compiler/manifest/manifest.h"

#include <algorithm>

#include "compiler/manifest/builder.h"

namespace ormc::manifest {
namespace {

// The element of `items` whose `member` equals `name`, or null.
template <class Items, class Member>
auto FindBy(const Items& items, Member member, std::string_view name) -> decltype(items.data()) {
  if (name.empty()) return nullptr;
  const auto found = std::ranges::find(items, name, member);
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Field* Model::FindField(std::string_view field) const {
  const auto found = field_index.find(std::string(field));
  return found == field_index.end() ? nullptr : &fields[found->second];
}

const Reverse* Model::FindReverse(std::string_view query_name) const {
  const auto found = reverse_index.find(std::string(query_name));
  return found == reverse_index.end() ? nullptr : &reverse[found->second];
}

const Reverse* Model::FindAccessor(std::string_view accessor) const {
  return FindBy(reverse, &Reverse::accessor, accessor);
}

const Manager* Model::FindManager(std::string_view manager) const {
  return FindBy(managers, &Manager::name, manager);
}

const Field* Model::PrimaryKey() const {
  return primary_key.size() == 1 ? FindField(primary_key.front()) : nullptr;
}

const Model* Manifest::Find(std::string_view label) const {
  const auto found = model_index.find(ModelKey(label));
  return found == model_index.end() ? nullptr : models[found->second].get();
}

}  // namespace ormc::manifest
