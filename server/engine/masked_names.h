// How a question or a snippet may name the site's masked fields, in lower case.
#pragma once

#include <string>
#include <vector>

#include "server/engine/native_site.h"

namespace ormc::server {

std::vector<std::string> MaskedNames(const NativeSite& site);

}  // namespace ormc::server
