#include "server/http/listener.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace ormc::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::endpoint EndpointOf(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) throw std::invalid_argument("address without a port: " + address);
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  const std::string port = address.substr(colon + 1);
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size())
    throw std::invalid_argument("malformed port: " + address);
  return {asio::ip::make_address(host), number};
}

}  // namespace

Listener::Listener(const asio::any_io_executor& executor, const std::string& address,
                   Handler handler, ServerLimits limits)
    : acceptor_(executor, EndpointOf(address)), handler_(std::move(handler)), limits_(limits) {}

asio::awaitable<void> Listener::Run() {
  asio::steady_timer pause(acceptor_.get_executor());
  while (!drain_.stopping) {
    boost::system::error_code error;
    tcp::socket socket =
        co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (drain_.stopping) break;
    if (!error) {
      ++open_;
      asio::co_spawn(acceptor_.get_executor(), Serve(std::move(socket)), asio::detached);
    }
    while (error ||
           open_ >= static_cast<size_t>(limits_.connections)) {  // no descriptors, or no room
      error = {};
      pause.expires_after(std::chrono::milliseconds(50));
      co_await pause.async_wait(asio::use_awaitable);
    }
  }
}

asio::awaitable<void> Listener::Serve(tcp::socket socket) {
  co_await ServeConnection(std::move(socket), handler_, limits_, drain_);
  --open_;
}

void Listener::Stop() {
  drain_.stopping = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

std::string Listener::address() const {
  const auto endpoint = acceptor_.local_endpoint();
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
         std::to_string(endpoint.port());
}

}  // namespace ormc::server
