#include "server/api/readyz.h"

#include <boost/json/object.hpp>

#include "server/api/handlers.h"
#include "server/observability/log.h"
#include "server/services.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;

// The statements of this server need the tables as of this migration of the app's.
constexpr std::string_view kSchema = "0003_replies";
constexpr const char* kNewestMigration =
    "SELECT name FROM django_migrations WHERE app = 'ai_assistant' ORDER BY name DESC LIMIT 1";

// In words that name no table: the log has them.
std::string Words(const SiteStore::Readiness& found) {
  if (!found.site) return "not looked at: no manifest";
  if (!found.reader.failure.empty()) return "unreachable";
  if (!found.reader.unsafe.empty()) return "unsafe: run `manage.py ormc_grants --apply`";
  if (!found.reader.missing.empty()) return "grants missing: run `manage.py ormc_grants --apply`";
  return "ok";
}

}  // namespace

asio::awaitable<Readiness> CheckReadiness(Services& services) {
  Readiness readiness;
  readiness.versions["ormd"] = ORMC_VERSION;
  readiness.checks["reader"] = "not looked at: no store";
  try {
    const Rows schema = co_await services.store.Query(kNewestMigration);
    const std::string newest = schema.empty() ? "" : schema.text(0, 0);
    readiness.versions["schema"] = newest;
    readiness.checks["store"] = newest < kSchema ? "not migrated: run `manage.py migrate`" : "ok";
    const SiteStore::Readiness found = co_await services.sites.Check();
    readiness.checks["manifest"] = found.manifest;
    readiness.checks["reader"] = Words(found);
    if (found.site) {
      readiness.versions["app"] = found.site->app_version;
      readiness.versions["manifest"] = found.site->manifest_fingerprint;
      readiness.versions["policy"] = found.site->policy_fingerprint;
    }
  } catch (const StoreError& error) {
    LogStoreFailed("", error.sqlstate(), error.what());
    readiness.checks["store"] = error.sqlstate().empty()
                                    ? "unreachable"
                                    : "not ready: run `manage.py migrate` and `manage.py "
                                      "ormc_grants --apply`";
  }
  for (const auto& [name, value] : readiness.checks) readiness.ok &= value == "ok";
  co_return readiness;
}

asio::awaitable<Response> Readyz(RequestContext context) {
  const Readiness readiness = co_await CheckReadiness(context.services);
  boost::json::object checks;
  for (const auto& [name, value] : readiness.checks) checks[name] = value;
  boost::json::object versions;
  for (const auto& [name, value] : readiness.versions) versions[name] = value;
  co_return JsonResponse(
      {{"status", readiness.ok ? "ok" : "unavailable"}, {"checks", checks}, {"versions", versions}},
      readiness.ok ? 200 : 503);
}

}  // namespace ormc::server
