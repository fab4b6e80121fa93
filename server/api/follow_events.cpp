#include <charconv>
#include <string_view>

#include "server/api/handlers.h"
#include "server/api/stored_stream.h"
#include "server/services.h"

namespace ormc::server {
namespace {

// The number of "41:3" for question 41; 0 where the client has seen nothing.
int64_t SeenOf(const std::string& last_event_id, const std::string& question) {
  if (last_event_id.empty()) return 0;
  const std::string_view text = last_event_id;
  const size_t colon = text.find(':');
  int64_t seen = -1;
  if (colon != std::string_view::npos && text.substr(0, colon) == question) {
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, seen);
    if (read.ec != std::errc() || read.ptr != end) seen = -1;
  }
  if (seen < 0)
    throw ProblemError(Problem::kBadRequest, "`Last-Event-ID` is no event of this question");
  return seen;
}

}  // namespace

// A question's stream, taken up again: from memory while this server answers it, else from the
// store.
boost::asio::awaitable<Response> FollowEvents(RequestContext context) {
  Services& services = context.services;
  const std::string question = IdOf(context);
  const int64_t seen = SeenOf(context.request.last_event_id, question);
  const auto stored = co_await services.exchanges.Load(context.user.id, question);
  if (!stored) throw ProblemError(Problem::kNotFound);
  const auto log = services.live.Find(question);
  if (!log) co_return StreamStored(services, context.user.id, question, seen);
  co_return StreamResponse([log, seen](std::shared_ptr<EventWriter> to) {
    return log->Follow(static_cast<size_t>(seen), std::move(to));
  });
}

}  // namespace ormc::server
