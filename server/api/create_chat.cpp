#include "server/api/handlers.h"
#include "server/services.h"

namespace ormc::server {
namespace {

constexpr size_t kTitleCharacters = 200;  // the column's; bytes are counted, so it always fits

}  // namespace

boost::asio::awaitable<Response> CreateChat(RequestContext context) {
  const boost::json::object body = JsonBody(context.request);
  const boost::json::value* given = body.if_contains("title");
  const bool untitled =
      given == nullptr || given->is_null() || (given->is_string() && given->get_string().empty());
  std::string title = untitled ? "" : TextMember(body, "title", kTitleCharacters);
  const Chat chat = co_await context.services.chats.Create(context.user.id, std::move(title));
  Response response = JsonResponse(ChatJson(chat), 201);
  response.headers.emplace_back("Location", context.request.path + "/" + chat.id);
  co_return response;
}

}  // namespace ormc::server
