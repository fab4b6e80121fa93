// Text from a worker thread to a coroutine, piece by piece: a reader that is slow holds the writer
// up, and one that leaves ends it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace ormc::server {

class Pipe : public std::enable_shared_from_this<Pipe> {
 public:
  Pipe(boost::asio::any_io_executor executor, boost::asio::steady_timer::time_point deadline);

  // On the worker. False where nobody reads any more, or the deadline has come.
  bool Push(std::string piece);
  void Close(bool whole);  // whether all was pushed

  // On the I/O thread: the next piece, or none after the last one. Throws Broken where not all was
  // pushed.
  struct Broken : std::exception {};
  boost::asio::awaitable<std::optional<std::string>> Next();
  void Leave();

 private:
  enum class State { kOpen, kWhole, kBroken };
  void Wake();

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer arrived_;  // on the I/O thread only
  const boost::asio::steady_timer::time_point deadline_;
  std::mutex mutex_;
  std::condition_variable taken_;
  std::deque<std::string> pieces_;
  State state_ = State::kOpen;
  bool left_ = false;
};

}  // namespace ormc::server
