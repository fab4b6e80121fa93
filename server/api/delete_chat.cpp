#include "server/api/handlers.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> DeleteChat(RequestContext context) {
  if (!co_await context.services.chats.Delete(context.user.id, IdOf(context)))
    throw ProblemError(Problem::kNotFound);
  co_return NoContentResponse();
}

}  // namespace ormc::server
