#include "server/api/handlers.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> RenameChat(RequestContext context) {
  const boost::json::object body = JsonBody(context.request);
  std::string title = TextMember(body, "title", 200);
  const auto chat =
      co_await context.services.chats.Rename(context.user.id, IdOf(context), std::move(title));
  if (!chat) throw ProblemError(Problem::kNotFound);
  co_return JsonResponse(ChatJson(*chat));
}

}  // namespace ormc::server
