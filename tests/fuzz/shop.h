// The manifest that targets without one of their own work on.
#pragma once

#include "compiler/manifest/manifest.h"

namespace ormc::fuzz {

const manifest::Manifest& Shop();

}  // namespace ormc::fuzz
