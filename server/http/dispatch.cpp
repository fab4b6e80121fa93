#include "server/http/dispatch.h"

#include <chrono>
#include <exception>

#include "server/http/router.h"
#include "server/observability/log.h"
#include "server/observability/metrics.h"
#include "server/services.h"
#include "server/store/connection.h"

namespace ormc::server {
namespace {

using Clock = std::chrono::steady_clock;

boost::asio::awaitable<Response> Serve(Services& services, const Request& request,
                                       const Match& match) {
  if (match.route == nullptr && match.allowed.empty()) throw ProblemError(Problem::kNotFound);
  if (match.route == nullptr) {
    Response response = ProblemResponse(ProblemError(Problem::kMethodNotAllowed), request.id);
    std::string allow;
    for (const std::string_view method : match.allowed)
      allow.append(allow.empty() ? "" : ", ").append(method);
    response.headers.emplace_back("Allow", allow);
    co_return response;
  }
  User user;
  if (match.route->access == Access::kStaff)
    user = Authenticate(request.authorization, services.token_keys);
  RequestContext context{services, request, std::move(user), match.id};
  co_return co_await match.route->handle(std::move(context));
}

}  // namespace

ProblemError ProblemOf(const std::exception& failure, std::string_view request_id) {
  if (const auto* problem = dynamic_cast<const ProblemError*>(&failure)) return *problem;
  if (const auto* store = dynamic_cast<const StoreError*>(&failure)) {
    LogStoreFailed(request_id, store->sqlstate(), store->what());
    return ProblemError(Problem::kStoreUnavailable, {}, 2);
  }
  LogDefect(request_id, failure.what());
  return ProblemError(Problem::kInternal);
}

boost::asio::awaitable<Response> Dispatch(Services& services, Request request) {
  const auto started = Clock::now();
  const Match match = FindRoute(request.method, request.path);
  Response response;
  try {
    response = co_await Serve(services, request, match);
  } catch (const std::exception& failure) {
    response = ProblemResponse(ProblemOf(failure, request.id), request.id);
  }
  const std::chrono::duration<double> took = Clock::now() - started;
  const std::string_view route = match.route != nullptr ? match.route->pattern : "none";
  services.metrics.Request(route, response.status, took.count());
  LogRequest(request.id, route, response.status, took.count());
  co_return response;
}

}  // namespace ormc::server
