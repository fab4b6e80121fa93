#include "server/llm/provider_links.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <type_traits>
#include <utility>

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using std::chrono::steady_clock;

constexpr size_t kMostKept = 32;  // of one place
constexpr std::chrono::seconds kKeptTime{30};
constexpr std::chrono::seconds kRestTime{2};

asio::ssl::context& TlsContext() {
  static asio::ssl::context context = [] {
    asio::ssl::context made(asio::ssl::context::tls_client);
    made.set_default_verify_paths();
    made.set_verify_mode(asio::ssl::verify_peer);
    return made;
  }();
  return context;
}

// Nobody asked it anything: what can be read is its end, or nothing that we want.
bool IsQuiet(tcp::socket& socket) {
  char byte = 0;
  const ssize_t read = recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return read < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

// Reads the end of an answer of which all that matters is known already.
template <class Stream>
asio::awaitable<void> ReadRest(KeptLinks<Stream>& kept, std::string place,
                               std::unique_ptr<Link<Stream>> link) {
  try {
    beast::get_lowest_layer(link->stream).expires_after(kRestTime);
    while (!link->parser->is_done())
      co_await http::async_read_some(link->stream, link->buffer, *link->parser, use_awaitable);
  } catch (const boost::system::system_error&) {
    co_return;
  }
  kept.Keep(place, std::move(link));
}

}  // namespace

asio::awaitable<Addresses> Resolve(Endpoint endpoint) {
  tcp::resolver resolver(co_await asio::this_coro::executor);
  const auto resolved =
      co_await resolver.async_resolve(endpoint.host, endpoint.port, use_awaitable);
  co_return Addresses(resolved.begin(), resolved.end());
}

std::string PlaceOf(const Endpoint& endpoint) { return endpoint.host + ":" + endpoint.port; }

template <class Stream>
std::unique_ptr<Link<Stream>> KeptLinks<Stream>::Take(const std::string& place) {
  const auto found = kept_.find(place);
  if (found == kept_.end()) return nullptr;
  std::vector<Kept>& links = found->second;
  while (!links.empty()) {
    Kept last = std::move(links.back());
    links.pop_back();
    if (last.until > steady_clock::now() &&
        IsQuiet(beast::get_lowest_layer(last.link->stream).socket()))
      return std::move(last.link);
  }
  return nullptr;
}

template <class Stream>
void KeptLinks<Stream>::Keep(const std::string& place, std::unique_ptr<Link<Stream>> link) {
  const auto now = steady_clock::now();
  if (!link->parser->keep_alive() || link->buffer.size() > 0) return;
  link->parser.reset();
  link->buffer.shrink_to_fit();
  beast::get_lowest_layer(link->stream).expires_never();
  std::vector<Kept>& links = kept_[place];
  std::erase_if(links, [&](const Kept& kept) { return kept.until <= now; });
  if (links.size() < kMostKept) links.push_back({std::move(link), now + kKeptTime});
}

template <class Stream>
asio::awaitable<std::unique_ptr<Link<Stream>>> ProviderLinks::Open(Endpoint endpoint,
                                                                   steady_clock::duration time) {
  Addresses addresses = co_await resolver_(endpoint);
  std::erase_if(addresses,
                [](const tcp::endpoint& address) { return IsForbidden(address.address()); });
  if (addresses.empty())
    throw boost::system::system_error(asio::error::host_not_found, "no address that may be called");
  std::unique_ptr<Link<Stream>> link;
  if constexpr (std::is_same_v<Stream, TlsStream>) {
    link = std::make_unique<Link<Stream>>(Stream(executor_, TlsContext()));
    link->stream.set_verify_callback(asio::ssl::host_name_verification(endpoint.host));
    SSL_set_tlsext_host_name(link->stream.native_handle(), endpoint.host.c_str());
  } else {
    link = std::make_unique<Link<Stream>>(Stream(executor_));
  }
  auto& connection = beast::get_lowest_layer(link->stream);
  connection.expires_after(time);
  co_await connection.async_connect(addresses, use_awaitable);
  connection.socket().set_option(tcp::no_delay(true));
  if constexpr (std::is_same_v<Stream, TlsStream>)
    co_await link->stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  co_return link;
}

template <class Stream>
void ProviderLinks::GiveBack(const Endpoint& endpoint, std::unique_ptr<Link<Stream>> link) {
  asio::co_spawn(executor_, ReadRest(kept<Stream>(), PlaceOf(endpoint), std::move(link)),
                 asio::detached);
}

template class KeptLinks<PlainStream>;
template class KeptLinks<TlsStream>;
template asio::awaitable<std::unique_ptr<Link<PlainStream>>> ProviderLinks::Open<PlainStream>(
    Endpoint, steady_clock::duration);
template asio::awaitable<std::unique_ptr<Link<TlsStream>>> ProviderLinks::Open<TlsStream>(
    Endpoint, steady_clock::duration);
template void ProviderLinks::GiveBack<PlainStream>(const Endpoint&,
                                                   std::unique_ptr<Link<PlainStream>>);
template void ProviderLinks::GiveBack<TlsStream>(const Endpoint&, std::unique_ptr<Link<TlsStream>>);

}  // namespace ormc::server
