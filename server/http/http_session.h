// One connection of a client: reads requests, hands each to the handler, writes its answer.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>

#include "server/http/response.h"

namespace ormc::server {

struct HttpLimits {
  size_t header_bytes = 16U << 10U;             // a token of 500 models is 1 KiB
  size_t body_bytes = 64U << 10U;               // a snippet is at most 20,000 bytes
  std::chrono::seconds request_arrival{10};     // all of it: a slow client holds nothing longer
  std::chrono::seconds idle{75};                // between two requests of a connection
  std::chrono::seconds handling{150};           // longer than a question's own deadline
  std::chrono::seconds response_departure{30};  // one write of an answer or of an event
};

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
                                             const Handler& handler, const HttpLimits& limits,
                                             Drain& drain);

}  // namespace ormc::server
