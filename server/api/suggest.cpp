#include <boost/json/array.hpp>

#include "server/answer/run_snippet.h"
#include "server/answer/verified.h"
#include "server/api/handlers.h"
#include "server/async/within.h"
#include "server/services.h"

namespace ormc::server {
namespace {

constexpr size_t kMost = 6;
constexpr size_t kMostTried = 24;

}  // namespace

// Verified questions that the user's own view can answer.
boost::asio::awaitable<Response> Suggest(RequestContext context) {
  Services& services = context.services;
  const SitePtr site = co_await services.sites.Get(context.user.manifest);
  const Rows rows = co_await services.store.Query(AskVerified(""));
  const VerifiedQueries known = ReadVerified(rows);
  boost::json::array suggestions = co_await OnPool(services.workers, [&] {
    boost::json::array fitting;
    const ViewPtr view = services.engine.ViewOf(site, context.user);
    size_t tried = 0;
    for (const VerifiedQuery& query : known.queries) {
      if (!query.slots.empty()) continue;
      if (fitting.size() == kMost || ++tried > kMostTried) break;
      if (services.engine.Accepts(*view, FreezeNow(context.user, query.snippet)))
        fitting.push_back({{"question", query.question}, {"verified", true}});
    }
    return fitting;
  });
  co_return JsonResponse({{"suggestions", std::move(suggestions)}});
}

}  // namespace ormc::server
