#include "runtime/postgres/waiter.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ormc::postgres {
namespace {

int MillisecondsUntil(Clock::time_point deadline) {
  constexpr int64_t kLongest = 60'000;  // poll() is asked again after that
  const auto left = deadline - Clock::now();
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<int64_t>(ms, 0, kLongest));
}

}  // namespace

void PollWaiter::Wake::operator()() const noexcept { eventfd_write(event, 1); }

PollWaiter::PollWaiter(std::stop_token stop) : stop_(std::move(stop)) {
  if (!stop_.stop_possible()) return;
  event_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  callback_.emplace(stop_, Wake{event_});
}

PollWaiter::~PollWaiter() {
  callback_.reset();
  if (event_ >= 0) close(event_);
}

Readiness PollWaiter::Wait(int socket, bool to_write, Clock::time_point deadline) {
  for (;;) {
    if (!reported_ && stop_.stop_requested()) {
      reported_ = true;
      return Readiness::kStopped;
    }
    const auto events = static_cast<int16_t>(to_write ? POLLIN | POLLOUT : POLLIN);
    pollfd watched[] = {{socket, events, 0}, {event_, POLLIN, 0}};
    const int ready = poll(watched, event_ >= 0 && !reported_ ? 2 : 1, MillisecondsUntil(deadline));
    if (ready < 0 && errno != EINTR) return Readiness::kTimeout;
    if (ready > 0 && watched[0].revents != 0) return Readiness::kReady;
    if (ready == 0 && Clock::now() >= deadline) return Readiness::kTimeout;
  }
}

}  // namespace ormc::postgres
