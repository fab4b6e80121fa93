#include <boost/json/value.hpp>

#include "server/api/handlers.h"

namespace ormc::server {

boost::asio::awaitable<Response> Healthz(RequestContext) {
  co_return JsonResponse({{"status", "ok"}});
}

}  // namespace ormc::server
