#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ormc::manifest {

// Positions by name.  It holds no copy of a name: what is indexed neither moves nor goes before it.
class NameIndex {
 public:
  struct Row {
    std::string_view name;
    uint32_t position;
  };

  void Add(std::string_view name, uint32_t position) { rows_.push_back({name, position}); }
  // After the last Add.
  void Finish() { std::ranges::stable_sort(rows_, {}, &Row::name); }

  // The rows of a name, in the order in which they were added.
  std::span<const Row> Find(std::string_view name) const {
    const auto first = std::ranges::lower_bound(rows_, name, {}, &Row::name);
    auto last = first;
    while (last != rows_.end() && last->name == name) ++last;
    return {first, last};
  }

 private:
  std::vector<Row> rows_;
};

}  // namespace ormc::manifest
