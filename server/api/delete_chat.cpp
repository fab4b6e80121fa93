#include "server/api/handlers.h"
#include "server/services.h"

namespace ormc::server {

boost::asio::awaitable<Response> DeleteChat(RequestContext context) {
  // Its value has a name: g++ 12 at -O2 gets `if (!co_await ...)` with temporaries wrong.
  const bool deleted = co_await context.services.chats.Delete(context.user.id, IdOf(context));
  if (!deleted) throw ProblemError(Problem::kNotFound);
  co_return NoContentResponse();
}

}  // namespace ormc::server
