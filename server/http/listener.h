// Accepts connections on one address until it is stopped. It must outlive its executor's work.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

#include "server/http/http_session.h"

namespace ormc::server {

class Listener {
 public:
  // Binds at once; throws boost::system::system_error where the address cannot be had.
  // `address` is "127.0.0.1:8765" or "[::1]:8765"; port 0 takes a free one.
  Listener(const boost::asio::any_io_executor& executor, const std::string& address,
           Handler handler, ServerLimits limits);

  boost::asio::awaitable<void> Run();
  void Stop();  // no new connections; the open ones end after the request that they serve

  std::string address() const;
  bool drained() const { return drain_.busy == 0; }

 private:
  boost::asio::awaitable<void> Serve(boost::asio::ip::tcp::socket socket);

  boost::asio::ip::tcp::acceptor acceptor_;
  Handler handler_;
  ServerLimits limits_;
  size_t open_ = 0;
  Drain drain_;
};

}  // namespace ormc::server
