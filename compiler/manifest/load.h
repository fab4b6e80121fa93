#pragma once

#include <memory>
#include <string_view>

#include "compiler/base/result.h"
#include "compiler/manifest/manifest.h"

namespace ormc::manifest {

// A document that does not fit the contract gives an Error that names the place:
// "models[3] (shop.Order).fields[2].relation.to: no model `shop.Customre`".
Result<std::unique_ptr<const Manifest>> Load(std::string_view json);

}  // namespace ormc::manifest
