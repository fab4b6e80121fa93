#include "server/api/handlers.h"
#include "server/api/question.h"

namespace ormc::server {
namespace {

constexpr size_t kMostBytes = 4'000;

}  // namespace

boost::asio::awaitable<Response> PostMessage(RequestContext context) {
  const boost::json::object body = JsonBody(context.request);
  std::string text = TextMember(body, "content", kMostBytes);
  co_return co_await HandleQuestion(std::move(context), std::move(text), false);
}

}  // namespace ormc::server
