#include <boost/json/array.hpp>

#include "compiler/base/limits.h"
#include "server/answer/run_snippet.h"
#include "server/api/handlers.h"
#include "server/async/within.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> Explain(RequestContext context) {
  Services& services = context.services;
  if (!context.user.May("paste_snippet"))
    throw ProblemError(Problem::kNoPermission, "ai_assistant.paste_snippet");
  const boost::json::object body = JsonBody(context.request);
  const Program program =
      FreezeNow(context.user, TextMember(body, "snippet", Limits{}.snippet_bytes));
  const SitePtr site = co_await services.sites.Get(context.user.manifest);
  const Compilation compilation = co_await OnPool(services.workers, [&] {
    const ViewPtr view = services.engine.ViewOf(site, context.user);
    return services.engine.Compile(*view, program);
  });
  Answer answer = DescribeCompilation(compilation, program, Source::kSnippet);
  boost::json::object shown = ShownJson(std::move(answer));
  boost::json::object explanation{{"ok", compilation.accepted()},
                                  {"cost_class", compilation.compiled.explanation.cost_class}};
  for (const char* name :
       {"snippet", "meaning", "sql", "tables", "permissions", "rules", "notes", "diagnostics"})
    explanation[name] = std::move(shown[name]);
  co_return JsonResponse(explanation);
}

}  // namespace ormc::server
