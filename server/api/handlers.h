// One handler a call of docs/contract/http.md, each in a file of its own; router.cpp is the table.
// A handler throws ProblemError for what it refuses.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "server/http/request_context.h"
#include "server/http/response.h"

namespace ormc::server {

boost::asio::awaitable<Response> Healthz(RequestContext context);
boost::asio::awaitable<Response> Readyz(RequestContext context);
boost::asio::awaitable<Response> ListChats(RequestContext context);
boost::asio::awaitable<Response> CreateChat(RequestContext context);
boost::asio::awaitable<Response> ShowHistory(RequestContext context);
boost::asio::awaitable<Response> RenameChat(RequestContext context);
boost::asio::awaitable<Response> DeleteChat(RequestContext context);
boost::asio::awaitable<Response> PostMessage(RequestContext context);
boost::asio::awaitable<Response> PostSnippet(RequestContext context);
boost::asio::awaitable<Response> ShowRows(RequestContext context);
boost::asio::awaitable<Response> ExportRows(RequestContext context);
boost::asio::awaitable<Response> FollowEvents(RequestContext context);
boost::asio::awaitable<Response> Explain(RequestContext context);
boost::asio::awaitable<Response> Suggest(RequestContext context);
boost::asio::awaitable<Response> CheckSettings(RequestContext context);

}  // namespace ormc::server
