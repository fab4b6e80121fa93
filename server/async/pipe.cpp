#include "server/async/pipe.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace ormc::server {
namespace {

namespace asio = boost::asio;

constexpr size_t kMostPieces = 4;  // each of them is at most what its writer gathers

}  // namespace

Pipe::Pipe(asio::any_io_executor executor, asio::steady_timer::time_point deadline)
    : executor_(std::move(executor)),
      arrived_(executor_, asio::steady_timer::time_point::max()),
      deadline_(deadline) {}

bool Pipe::Push(std::string piece) {
  {
    std::unique_lock lock(mutex_);
    const auto may_push = [&] { return left_ || pieces_.size() < kMostPieces; };
    if (!taken_.wait_until(lock, deadline_, may_push) || left_) return false;
    pieces_.push_back(std::move(piece));
  }
  Wake();
  return true;
}

void Pipe::Close(bool whole) {
  {
    const std::lock_guard lock(mutex_);
    state_ = whole ? State::kWhole : State::kBroken;
  }
  Wake();
}

// The reader looks at the pieces and begins to wait without letting another handler in between, so
// it misses no wake.
void Pipe::Wake() {
  asio::post(executor_, [self = shared_from_this()] { self->arrived_.cancel(); });
}

asio::awaitable<std::optional<std::string>> Pipe::Next() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (!pieces_.empty()) {
        std::optional<std::string> piece = std::move(pieces_.front());
        pieces_.pop_front();
        taken_.notify_one();
        co_return piece;
      }
      if (state_ == State::kBroken) throw Broken();
      if (state_ == State::kWhole) co_return std::nullopt;
    }
    boost::system::error_code woken;
    co_await arrived_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

void Pipe::Leave() {
  const std::lock_guard lock(mutex_);
  left_ = true;
  taken_.notify_one();
}

}  // namespace ormc::server
