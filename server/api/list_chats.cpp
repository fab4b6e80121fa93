#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "server/api/handlers.h"
#include "server/api/page.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> ListChats(RequestContext context) {
  const int64_t limit = IntegerParameter(context.request, "limit", 30, 1, 100);
  const ChatPage page = co_await context.services.chats.List(context.user.id, limit,
                                                             CursorParameter(context.request));
  boost::json::array chats;
  for (const Chat& chat : page.chats) chats.push_back(ChatJson(chat));
  co_return JsonResponse(
      {{"chats", std::move(chats)}, {"next_before", CursorJson(page.next_before)}});
}

}  // namespace ormc::server
