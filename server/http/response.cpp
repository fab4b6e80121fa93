#include "server/http/response.h"

#include <boost/json/serialize.hpp>

namespace ormc::server {

Response JsonResponse(const boost::json::value& body, unsigned status) {
  return {status, "application/json", boost::json::serialize(body), {}, {}, {}};
}

Response TextResponse(std::string body, std::string content_type) {
  return {200, std::move(content_type), std::move(body), {}, {}, {}};
}

Response NoContentResponse() { return {204, "", "", {}, {}, {}}; }

Response StreamResponse(Stream stream) {
  return {200, "text/event-stream", "", {{"X-Accel-Buffering", "no"}}, std::move(stream), {}};
}

boost::json::object ProblemBody(const ProblemError& problem, std::string_view request_id) {
  const ProblemInfo& info = InfoOf(problem.problem());
  return {{"type", "about:blank"},      {"title", info.title}, {"status", info.status},
          {"detail", problem.detail()}, {"code", info.code},   {"name", info.name},
          {"request_id", request_id}};
}

Response ProblemResponse(const ProblemError& problem, std::string_view request_id) {
  Response response = JsonResponse(ProblemBody(problem, request_id));
  response.status = InfoOf(problem.problem()).status;
  response.content_type = "application/problem+json";
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (problem.retry_after_seconds())
    response.headers.emplace_back("Retry-After", std::to_string(*problem.retry_after_seconds()));
  return response;
}

}  // namespace ormc::server
