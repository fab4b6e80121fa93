#include "compiler/manifest/manifest.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace ormc::manifest {
namespace {

// The element of `items` whose `member` equals `name`, or null.
template <class Items, class Member>
auto FindBy(const Items& items, Member member, std::string_view name) -> decltype(items.data()) {
  if (name.empty()) return nullptr;
  const auto found = std::ranges::find(items, name, member);
  return found == items.end() ? nullptr : &*found;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Where the model part begins.
size_t DotOf(std::string_view label) { return std::min(label.find('.'), label.size()); }

}  // namespace

std::string ModelName(const Model& model) {
  std::string name;
  std::ranges::transform(model.name, std::back_inserter(name), Lower);
  return name;
}

size_t LabelHash::operator()(std::string_view label) const {
  const size_t dot = DotOf(label);
  size_t hash = std::hash<std::string_view>{}(label.substr(0, dot));
  for (const char c : label.substr(dot)) hash = hash * 31 + static_cast<unsigned char>(Lower(c));
  return hash;
}

bool LabelEqual::operator()(std::string_view a, std::string_view b) const {
  const size_t dot = DotOf(a);
  return a.size() == b.size() && a.substr(0, dot) == b.substr(0, dot) &&
         std::ranges::equal(a.substr(dot), b.substr(dot), {}, Lower, Lower);
}

const Field* Model::FindField(std::string_view field) const {
  const auto found = field_index.Find(field);
  return found.empty() ? nullptr : &fields[found.front().position];
}

const Reverse* Model::FindReverse(std::string_view query_name) const {
  const auto found = reverse_index.Find(query_name);
  return found.empty() ? nullptr : &reverse[found.front().position];
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
  const auto found = model_index.find(label);
  return found == model_index.end() ? nullptr : models[found->second].get();
}

}  // namespace ormc::manifest
