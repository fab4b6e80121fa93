// response: the only code that makes HTTP answers; http_session.cpp writes them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/problem.h"
#include "server/http/request.h"

namespace ormc::server {

// Where a stream's events go. Writing never fails: an event for a client that has gone is dropped.
class EventWriter {
 public:
  virtual ~EventWriter() = default;
  virtual void Write(std::string_view id, std::string_view event,
                     const boost::json::value& data) = 0;
};

// The work behind an event stream: it returns when the last event was written.
using Stream = std::function<boost::asio::awaitable<void>(std::shared_ptr<EventWriter>)>;

// A body that is written as it is made: the next piece, or none after the last one. Where it throws,
// the connection is cut, so that the client sees that the body is not whole.
using Pieces = std::function<boost::asio::awaitable<std::optional<std::string>>()>;

struct Response {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Stream stream;  // where one of these is set, `body` is not used
  Pieces pieces;
};

Response JsonResponse(const boost::json::value& body, unsigned status = 200);
Response TextResponse(std::string body, std::string content_type);
Response NoContentResponse();
Response StreamResponse(Stream stream);
Response ProblemResponse(const ProblemError& problem, std::string_view request_id);
boost::json::object ProblemBody(const ProblemError& problem, std::string_view request_id);

}  // namespace ormc::server
