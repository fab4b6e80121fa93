// response: the only code that makes HTTP answers; http_session.cpp writes them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/problem.h"
#include "server/http/request.h"

namespace ormc::server {

// Where a stream's events go. Sending never fails: an event for a client that has gone is dropped.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Send(std::string_view event, const boost::json::value& data) = 0;
};

// The work behind an event stream: it returns when the last event was sent.
using Stream = std::function<boost::asio::awaitable<void>(std::shared_ptr<EventSink>)>;

struct Response {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Stream stream;  // where set, `body` is not used
};

Response JsonResponse(const boost::json::value& body, unsigned status = 200);
Response TextResponse(std::string body, std::string content_type);
Response NoContentResponse();
Response StreamResponse(Stream stream);
Response ProblemResponse(const ProblemError& problem, const Request& request);
boost::json::object ProblemBody(const ProblemError& problem, std::string_view request_id);

}  // namespace ormc::server
