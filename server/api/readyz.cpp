#include "server/api/readyz.h"

#include <boost/json/object.hpp>

#include "server/api/handlers.h"
#include "server/async/within.h"
#include "server/observability/log.h"
#include "server/services.h"

namespace ormc::server {

namespace asio = boost::asio;

asio::awaitable<Readiness> CheckReadiness(Services& services) {
  Readiness readiness;
  const std::string reader =
      co_await OnPool(services.workers, [&] { return services.engine.CheckReader(); });
  if (!reader.empty()) LogStoreFailed("", "", reader);
  readiness.checks["reader"] = reader.empty() ? "ok" : "unreachable";
  try {
    readiness.checks["manifest"] = co_await services.sites.Check();
    readiness.checks["store"] = "ok";
  } catch (const StoreError& error) {
    LogStoreFailed("", error.sqlstate(), error.what());
    readiness.checks["store"] = error.sqlstate() == "42P01" ? "not migrated" : "unreachable";
  }
  for (const auto& [name, value] : readiness.checks) readiness.ok &= value == "ok";
  co_return readiness;
}

asio::awaitable<Response> Readyz(RequestContext context) {
  const Readiness readiness = co_await CheckReadiness(context.services);
  boost::json::object checks;
  for (const auto& [name, value] : readiness.checks) checks[name] = value;
  co_return JsonResponse({{"status", readiness.ok ? "ok" : "unavailable"}, {"checks", checks}},
                         readiness.ok ? 200 : 503);
}

}  // namespace ormc::server
