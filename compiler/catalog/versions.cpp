#include "compiler/catalog/versions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ormc::catalog {

const ChangeRow& RowOf(Change change) {
  static constexpr std::array kRows = {
#define ORMC_CHANGE(id, release, what) ChangeRow{release, what},
#define ORMC_NAME_SINCE(name, release)
#include "compiler/catalog/versions.def"
#undef ORMC_CHANGE
#undef ORMC_NAME_SINCE
  };
  return kRows.at(static_cast<size_t>(change));
}

Release FirstWith(std::string_view name) {
  using Row = std::pair<std::string_view, Release>;
  static constexpr std::array kRows = {
#define ORMC_CHANGE(id, release, what)
#define ORMC_NAME_SINCE(name, release) Row{name, release},
#include "compiler/catalog/versions.def"
#undef ORMC_CHANGE
#undef ORMC_NAME_SINCE
  };
  const auto* const row = std::ranges::find(kRows, name, &Row::first);
  return row == kRows.end() ? 0 : row->second;
}

}  // namespace ormc::catalog
