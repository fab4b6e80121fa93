// A question's events after its stream was lost: from the store, as soon as they are there.
#pragma once

#include <cstdint>
#include <string>

#include "server/http/response.h"

namespace ormc::server {

struct Services;

bool WantsEvents(const Request& request);

// The events after `seen`, with `done` as the last. Where the question is being answered by another
// server, it waits for the end. The owner was checked.
Response StreamStored(Services& services, std::string owner, std::string question, int64_t seen);

}  // namespace ormc::server
