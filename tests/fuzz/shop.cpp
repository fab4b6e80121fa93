#include "tests/fuzz/shop.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "compiler/base/check.h"
#include "compiler/manifest/load.h"

namespace ormc::fuzz {

const manifest::Manifest& Shop() {
  static const std::unique_ptr<const manifest::Manifest> manifest = [] {
    std::ifstream file(ORMC_TEST_DATA "/shop_manifest.json", std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    auto loaded = manifest::Load(json);
    Check(static_cast<bool>(loaded), "the shop's manifest loads");
    return *std::move(loaded);
  }();
  return *manifest;
}

}  // namespace ormc::fuzz
