#include "server/api/question.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <optional>

#include "server/answer/ask.h"
#include "server/api/retry_key.h"
#include "server/api/stored_stream.h"
#include "server/http/dispatch.h"
#include "server/services.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;

// The work outlives a client that leaves: what was accepted is finished and stored. Where the store
// failed at the end, nobody above could still send a problem document: the stream says it.
asio::awaitable<void> AnswerAsEvents(Services& services, std::unique_ptr<const Asked> asked,
                                     std::shared_ptr<EventLog> log) {
  try {
    co_await AnswerQuestion(services, *asked, log);
  } catch (const std::exception& failure) {
    const std::string& request_id = asked->question.request_id;
    log->Send("error", {{"error", ProblemBody(ProblemOf(failure, request_id), request_id)}});
  }
  services.live.Close(asked->accepted.message_id);
}

// The answer to a request that was sent before: what is stored, and nothing runs.
asio::awaitable<Response> Replay(RequestContext context, std::string question) {
  Services& services = context.services;
  const auto stored = co_await services.exchanges.Load(context.user.id, question);
  if (!stored) throw ProblemError(Problem::kNotFound);
  if (!stored->answered)
    throw ProblemError(Problem::kKeyInFlight, "the question is message " + question, 1);
  Response response = WantsEvents(context.request)
                          ? StreamStored(services, context.user.id, question, 0)
                          : JsonResponse(stored->exchange);
  response.headers.emplace_back("Idempotency-Replayed", "true");
  co_return response;
}

}  // namespace

asio::awaitable<Response> HandleQuestion(RequestContext context, std::string text,
                                         bool is_snippet) {
  Services& services = context.services;
  Question question{context.request.id, IdOf(context), std::move(text), {}, {}, {}, {}};
  question.retry = RetryKeyOf(context.request);
  std::unique_ptr<const Asked> asked;
  while (!asked) {
    if (question.retry) {
      const auto before = co_await services.exchanges.QuestionOf(context.user.id, *question.retry);
      if (before) co_return co_await Replay(std::move(context), *before);
    }
    try {
      asked = co_await AcceptQuestion(services, context.user, question, is_snippet);
    } catch (const KeyTaken&) {
      // Another server accepted the same request meanwhile: now it is found.
    }
  }
  if (!WantsEvents(context.request)) {
    co_return JsonResponse(co_await AnswerQuestion(services, *asked, nullptr));
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto log = services.live.Open(executor, asked->accepted.message_id);
  asio::co_spawn(executor, AnswerAsEvents(services, std::move(asked), log), asio::detached);
  co_return StreamResponse(
      [log](std::shared_ptr<EventWriter> to) { return log->Follow(0, std::move(to)); });
}

}  // namespace ormc::server
