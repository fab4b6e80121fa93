// One connection of a client: reads requests, hands each to the handler, writes its answer.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>

#include "server/http/response.h"
#include "server/limits/limits.h"

namespace ormc::server {

// Never throws.
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

// What a graceful stop waits for: connections that are between a request's first byte and the end
// of its answer.
struct Drain {
  bool stopping = false;
  size_t busy = 0;
};

// Never throws; ends when the client leaves, breaks a limit, or the server is stopping.
boost::asio::awaitable<void> ServeConnection(boost::asio::ip::tcp::socket socket,
                                             const Handler& handler, const ServerLimits& limits,
                                             Drain& drain);

}  // namespace ormc::server
