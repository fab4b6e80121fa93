#include <boost/json/array.hpp>

#include "server/api/handlers.h"
#include "server/api/page.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> ShowHistory(RequestContext context) {
  const int64_t limit = IntegerParameter(context.request, "limit", 50, 1, 100);
  auto page = co_await context.services.chats.History(context.user.id, IdOf(context), limit,
                                                      CursorParameter(context.request));
  if (!page) throw ProblemError(Problem::kNotFound);
  boost::json::array messages;
  for (boost::json::object& message : page->messages) messages.push_back(std::move(message));
  co_return JsonResponse({{"chat", ChatJson(page->chat)},
                          {"messages", std::move(messages)},
                          {"next_before", CursorJson(page->next_before)}});
}

}  // namespace ormc::server
