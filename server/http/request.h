// A request as handlers see it: plain data, made by http_session.cpp, free of Beast.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ormc::server {

enum class Method : uint8_t { kGet, kPost, kPatch, kDelete, kOther };

struct Request {
  Method method = Method::kOther;
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded; of a repeated name the last
  std::string authorization;
  std::string accept;
  std::string content_type;
  std::string idempotency_key;
  std::string last_event_id;
  std::string body;
  std::string id;  // ours, sent back as X-Request-Id
};

}  // namespace ormc::server
