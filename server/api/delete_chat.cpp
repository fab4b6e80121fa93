#include "server/api/handlers.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> DeleteChat(RequestContext context) {
  const bool gone = co_await context.services.chats.Delete(context.user.id, IdOf(context));
  if (!gone) throw ProblemError(Problem::kNotFound);
  co_return NoContentResponse();
}

}  // namespace ormc::server
