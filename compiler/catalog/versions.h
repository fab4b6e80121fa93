// What Django changed in its answers: versions.def.
#pragma once

#include <cstdint>
#include <string_view>

namespace ormc::catalog {

// A release of Django: 502 is 5.2.
using Release = int32_t;

enum class Change : uint8_t {
#define ORMC_CHANGE(id, release, what) k##id,
#define ORMC_NAME_SINCE(name, release)
#include "compiler/catalog/versions.def"
#undef ORMC_CHANGE
#undef ORMC_NAME_SINCE
};

struct ChangeRow {
  Release release;
  std::string_view what;  // as a reader meets it; empty where both answers are known
};
const ChangeRow& RowOf(Change change);

// The first release that has the name: 0 for all.
Release FirstWith(std::string_view name);

}  // namespace ormc::catalog
