// What `message` and `snippet` share: accepted first, then answered as JSON or as events.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "server/http/request_context.h"
#include "server/http/response.h"

namespace ormc::server {

boost::asio::awaitable<Response> HandleQuestion(RequestContext context, std::string text,
                                                bool is_snippet);

}  // namespace ormc::server
