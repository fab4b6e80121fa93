// Two ways to wait that hold no thread.
//
//   Within  work with a deadline. The work is not cancelled when time is up: it ends by itself,
//   later,
//           and nobody listens. So no step needs to be safe against being torn out of the middle.
//   OnPool  work that computes or blocks, on a thread of `pool`; the coroutine goes on where it
//   was.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace ormc::server {

// The work's value, or none when time was up first. Rethrows what the work throws in time.
template <class T>
boost::asio::awaitable<std::optional<T>> Within(boost::asio::steady_timer::duration time,
                                                boost::asio::awaitable<T> work) {
  namespace asio = boost::asio;
  struct Pending {
    explicit Pending(const asio::any_io_executor& executor) : done(executor) {}
    asio::steady_timer done;
    std::optional<T> value;
    std::exception_ptr failure;
  };
  const auto executor = co_await asio::this_coro::executor;
  const auto pending = std::make_shared<Pending>(executor);
  pending->done.expires_after(time);
  asio::co_spawn(
      executor,
      [](asio::awaitable<T> of, std::shared_ptr<Pending> to) -> asio::awaitable<void> {
        try {
          to->value = co_await std::move(of);
        } catch (...) {
          to->failure = std::current_exception();
        }
        to->done.cancel();
      }(std::move(work), pending),
      asio::detached);
  // Work that never had to wait is over already.
  if (!pending->value && !pending->failure) {
    boost::system::error_code ignored;
    co_await pending->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (pending->failure) std::rethrow_exception(pending->failure);
  co_return std::move(pending->value);
}

template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work>> OnPool(boost::asio::thread_pool& pool,
                                                          Work work) {
  namespace asio = boost::asio;
  // g++ 12 destroys a closure that is a temporary of the awaiting expression twice.
  static_assert(std::is_trivially_destructible_v<Work>, "capture by reference: the caller waits");
  std::optional<std::invoke_result_t<Work>> value;
  std::exception_ptr failure;
  const auto there_and_back = [&](auto resume) {
    asio::post(pool, [&, resume = std::move(resume)]() mutable {
      try {
        value.emplace(work());
      } catch (...) {
        failure = std::current_exception();
      }
      const auto home = asio::get_associated_executor(resume);
      asio::post(home, std::move(resume));
    });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(there_and_back,
                                                                        asio::use_awaitable);
  if (failure) std::rethrow_exception(failure);
  co_return std::move(*value);
}

}  // namespace ormc::server
