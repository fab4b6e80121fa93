// The cursor of lists that come in pages: what `next_before` gave is sent back as `before`.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "server/http/request.h"

namespace ormc::server {

inline std::optional<std::string> CursorParameter(const Request& request) {
  const auto found = request.query.find("before");
  if (found == request.query.end()) return std::nullopt;
  return found->second;
}

inline boost::json::value CursorJson(const std::optional<std::string>& cursor) {
  return cursor ? boost::json::value(*cursor) : boost::json::value();
}

}  // namespace ormc::server
