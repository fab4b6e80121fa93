// `Idempotency-Key`: the client's name for a question that it may send again.
#pragma once

#include <optional>

#include "server/audit/question_store.h"
#include "server/http/request.h"

namespace ormc::server {

// None where the request has no key. Throws ProblemError: bad-request.
std::optional<RetryKey> RetryKeyOf(const Request& request);

}  // namespace ormc::server
