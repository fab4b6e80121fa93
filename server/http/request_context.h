// What a handler is given: the request, who asks, and the server's services.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/auth/token.h"
#include "server/http/request.h"

namespace ormc::server {

struct Services;

struct RequestContext {
  Services& services;
  Request request;
  User user;       // empty on public calls
  std::string id;  // of the path, "" where it has none
};

// All of these throw ProblemError: bad-request, not-json.
boost::json::object JsonBody(const Request& request);
// A member that must be text of 1 to `most` bytes once its outer white space is cut.
std::string TextMember(const boost::json::object& body, std::string_view name, size_t most);
// A parameter of the address between `least` and `most`, or `fallback` where it is not given.
int64_t IntegerParameter(const Request& request, const std::string& name, int64_t fallback,
                         int64_t least, int64_t most);
// The path's id, or not-found: ids are positive integers that fit a bigint.
std::string IdOf(const RequestContext& context);

}  // namespace ormc::server
