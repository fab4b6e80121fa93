#include "server/api/handlers.h"
#include "server/api/question.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> PostMessage(RequestContext context) {
  const boost::json::object body = JsonBody(context.request);
  std::string text =
      TextMember(body, "content", static_cast<size_t>(context.services.limits.message_bytes));
  co_return co_await HandleQuestion(std::move(context), std::move(text), false);
}

}  // namespace ormc::server
