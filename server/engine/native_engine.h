#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "server/engine/engine.h"

namespace ormc::server {

// At most `connections` to the reader's database.
std::unique_ptr<Engine> MakeNativeEngine(const std::string& reader_dsn, size_t connections);

}  // namespace ormc::server
