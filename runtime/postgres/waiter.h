#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace ormc::postgres {

using Clock = std::chrono::steady_clock;

enum class Readiness : uint8_t { kReady, kTimeout, kStopped };

// How this room waits for a socket.  A server's coroutine implements it by suspending itself until
// its reactor finds the socket ready; nothing here blocks otherwise.
class Waiter {
 public:
  virtual ~Waiter() = default;
  // Until the socket can be read (or, with `to_write`, read or written).  A stop is reported once:
  // what has to be tidied up after it waits by its deadline alone.
  virtual Readiness Wait(int socket, bool to_write, Clock::time_point deadline) = 0;
};

// poll(), woken by `stop`: for the command line and for worker threads.
class PollWaiter : public Waiter {
 public:
  explicit PollWaiter(std::stop_token stop = {});
  ~PollWaiter() override;
  PollWaiter(const PollWaiter&) = delete;
  PollWaiter& operator=(const PollWaiter&) = delete;
  Readiness Wait(int socket, bool to_write, Clock::time_point deadline) override;

 private:
  struct Wake {
    int event;
    void operator()() const noexcept;
  };
  std::stop_token stop_;
  bool reported_ = false;
  int event_ = -1;  // an eventfd that the stop request makes readable
  std::optional<std::stop_callback<Wake>> callback_;
};

}  // namespace ormc::postgres
