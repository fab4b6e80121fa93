// From a request to its answer: route, token, handler; and the firewall that makes of every failure
// a problem document.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "server/http/response.h"

namespace ormc::server {

struct Services;

// Never throws.
boost::asio::awaitable<Response> Dispatch(Services& services, Request request);

// The problem that a failure is shown as; what it really was goes to the log.
ProblemError ProblemOf(const std::exception& failure, std::string_view request_id);

}  // namespace ormc::server
