// The table of calls (router.cpp) and the way from a request to its row.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/request_context.h"
#include "server/http/response.h"

namespace ormc::server {

enum class Access : uint8_t { kPublic, kStaff };

struct Route {
  Method method;
  std::string_view pattern;  // "{id}" stands for one id
  Access access;
  boost::asio::awaitable<Response> (*handle)(RequestContext);
};

struct Match {
  const Route* route = nullptr;  // null: no such address, or no such method there
  std::string id;
  std::vector<std::string_view> allowed;  // methods of the address, where only the method is wrong
};

Match FindRoute(Method method, std::string_view path);

}  // namespace ormc::server
