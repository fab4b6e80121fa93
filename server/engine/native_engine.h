#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "server/engine/engine.h"
#include "server/limits/limits.h"

namespace ormc::server {

// At most `connections` to the reader's database.
std::unique_ptr<Engine> MakeNativeEngine(const std::string& reader_dsn, size_t connections,
                                         const ServerLimits& limits);

}  // namespace ormc::server
