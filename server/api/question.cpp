#include "server/api/question.h"

#include <memory>

#include "server/answer/ask.h"
#include "server/http/dispatch.h"
#include "server/services.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;

// The stream's end when the store failed: nobody above it could still send a problem document.
asio::awaitable<void> AnswerAsEvents(Services& services, std::shared_ptr<Asked> asked,
                                     std::shared_ptr<EventSink> sink) {
  const std::string request_id = asked->question.request_id;
  try {
    co_await AnswerQuestion(services, std::move(*asked), sink);
  } catch (const std::exception& failure) {
    sink->Send("error", {{"error", ProblemBody(ProblemOf(failure, request_id), request_id)}});
  }
}

}  // namespace

asio::awaitable<Response> HandleQuestion(RequestContext context, std::string text,
                                         bool is_snippet) {
  Services& services = context.services;
  Asked asked = co_await AcceptQuestion(services, context.user, context.request.id, IdOf(context),
                                        std::move(text), is_snippet);
  if (context.request.accept.find("text/event-stream") == std::string::npos) {
    co_return JsonResponse(co_await AnswerQuestion(services, std::move(asked), nullptr));
  }
  // std::function asks for something that can be copied.
  const auto shared = std::make_shared<Asked>(std::move(asked));
  co_return StreamResponse([&services, shared](std::shared_ptr<EventSink> sink) {
    return AnswerAsEvents(services, shared, std::move(sink));
  });
}

}  // namespace ormc::server
