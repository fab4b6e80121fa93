#include "server/api/stored_stream.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "server/answer/event_log.h"
#include "server/http/dispatch.h"
#include "server/services.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{300};
constexpr std::chrono::seconds kPatience{150};  // a question's own deadline has passed by then

// The stored exchange once it is answered, or none when time is up or its chat is gone.
asio::awaitable<std::optional<StoredExchange>> AwaitAnswer(Services& services, std::string owner,
                                                           std::string question) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer pause(executor);
  const auto end = Clock::now() + kPatience;
  while (true) {
    auto stored = co_await services.exchanges.Load(owner, question);
    if (!stored || stored->answered) co_return stored;
    if (Clock::now() >= end) throw ProblemError(Problem::kDeadline);
    pause.expires_after(kPoll);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> WriteStored(Services& services, std::string owner, std::string question,
                                  int64_t seen, std::shared_ptr<EventWriter> to) {
  auto stored = co_await AwaitAnswer(services, owner, question);
  if (!stored) throw ProblemError(Problem::kNotFound);
  const std::vector<StoredEvent> events = co_await services.exchanges.Events(question, seen);
  for (const StoredEvent& event : events) {
    to->Write(EventId(question, static_cast<size_t>(event.seq)), event.event, event.data);
    seen = std::max(seen, event.seq);
  }
  to->Write(EventId(question, static_cast<size_t>(seen) + 1), "done", stored->exchange);
}

}  // namespace

bool WantsEvents(const Request& request) {
  return request.accept.find("text/event-stream") != std::string::npos;
}

Response StreamStored(Services& services, std::string owner, std::string question, int64_t seen) {
  return StreamResponse(
      [&services, owner, question, seen](std::shared_ptr<EventWriter> to) -> asio::awaitable<void> {
        std::optional<ProblemError> problem;
        try {
          co_await WriteStored(services, owner, question, seen, to);
        } catch (const std::exception& failure) {
          problem = ProblemOf(failure, "");
        }
        if (problem)
          to->Write(EventId(question, static_cast<size_t>(seen) + 1), "error",
                    {{"error", ProblemBody(*problem, "")}});
      });
}

}  // namespace ormc::server
