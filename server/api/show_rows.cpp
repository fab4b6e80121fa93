#include <chrono>

#include "server/answer/run_snippet.h"
#include "server/api/handlers.h"
#include "server/async/within.h"
#include "server/services.h"

namespace ormc::server {
namespace {

struct PageRun {
  Compilation compilation;
  Outcome outcome;
};

Answer DescribePage(const PageRun& run, const Program& program) {
  Answer answer = DescribeCompilation(run.compilation, program, Source::kSnippet);
  if (!run.compilation.accepted()) return answer;
  answer.error = run.outcome.error;
  answer.error_detail = run.outcome.error_detail;
  answer.rows = run.outcome.rows;
  answer.truncated = run.outcome.truncated;
  if (answer.error) {
    answer.status = Status::kError;
  } else {
    answer.result = run.outcome.result;
  }
  return answer;
}

}  // namespace

// "Show more": the stored program, its clock frozen, under the rights of the token in hand.
boost::asio::awaitable<Response> ShowRows(RequestContext context) {
  Services& services = context.services;
  const auto started = std::chrono::steady_clock::now();
  const std::string message = IdOf(context);
  const Page page{static_cast<uint64_t>(IntegerParameter(context.request, "offset", 0, 0,
                                                         services.limits.page_offset)),
                  static_cast<uint64_t>(IntegerParameter(context.request, "limit", 100, 1, 100))};
  const auto stored = co_await services.chats.ProgramOf(context.user.id, message);
  if (!stored) throw ProblemError(Problem::kNotFound);
  const Settings settings = co_await services.settings.Get();
  if (!settings.enabled) throw ProblemError(Problem::kDisabled);
  const Places::Place place = services.places.Take(context.user.id, settings.limits);
  const SitePtr site = co_await services.sites.Get(context.user.manifest);
  const Program program{stored->snippet, stored->frozen_now, stored->time_zone};
  const Question question{context.request.id,       stored->chat, "", site->manifest_fingerprint,
                          site->policy_fingerprint, {},           ""};
  const std::string logged = services.engine.Redacted(*site, program.snippet);
  co_await services.questions.AcceptPage(context.user, question, message, logged, "page");

  const PageRun run = co_await OnPool(services.workers, [&] {
    const ViewPtr view = services.engine.ViewOf(site, context.user);
    PageRun made{services.engine.Compile(*view, program), {}};
    if (made.compilation.accepted())
      made.outcome = services.engine.Run(*view, made.compilation, page);
    return made;
  });
  Answer answer = DescribePage(run, program);
  answer.duration_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
  answer.logged_snippet = logged;
  co_await services.questions.FinishPage(context.user, question, message, answer, "page");
  if (!answer.result) throw ProblemError(Problem::kNotPageable, answer.content);
  if (answer.result->at("kind").as_string() != "table") throw ProblemError(Problem::kNotPageable);
  co_return JsonResponse(
      {{"message", message}, {"offset", page.offset}, {"result", *answer.result}});
}

}  // namespace ormc::server
