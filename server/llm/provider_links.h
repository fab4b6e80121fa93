// Connections to providers, kept open from one call to the next. On the I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/llm/endpoint.h"

namespace ormc::server {

using PlainStream = boost::beast::tcp_stream;
using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

template <class Stream>
struct Link {
  explicit Link(Stream made) : stream(std::move(made)) {}

  Stream stream;
  boost::beast::flat_buffer buffer;
  // Of the answer that is being read; it says whether the connection may be used again.
  std::optional<boost::beast::http::response_parser<boost::beast::http::string_body>> parser;
};

// Those of one kind, by host and port.
template <class Stream>
class KeptLinks {
 public:
  std::unique_ptr<Link<Stream>> Take(const std::string& place);  // null: none that lives
  void Keep(const std::string& place, std::unique_ptr<Link<Stream>> link);

 private:
  struct Kept {
    std::unique_ptr<Link<Stream>> link;
    std::chrono::steady_clock::time_point until;
  };
  std::map<std::string, std::vector<Kept>> kept_;
};

using Addresses = std::vector<boost::asio::ip::tcp::endpoint>;
using Resolver = std::function<boost::asio::awaitable<Addresses>(Endpoint)>;

// What the system says that the endpoint's name stands for.
boost::asio::awaitable<Addresses> Resolve(Endpoint endpoint);

class ProviderLinks {
 public:
  explicit ProviderLinks(boost::asio::any_io_executor executor, Resolver resolver = Resolve)
      : executor_(std::move(executor)), resolver_(std::move(resolver)) {}

  template <class Stream>
  KeptLinks<Stream>& kept() {
    return std::get<KeptLinks<Stream>>(kept_);
  }
  // A new one. The name is resolved once: what was looked at is what is connected to, whatever the
  // name stands for a moment later. Throws boost::system::system_error.
  template <class Stream>
  boost::asio::awaitable<std::unique_ptr<Link<Stream>>> Open(
      Endpoint endpoint, std::chrono::steady_clock::duration time);
  // What is left of the last answer is read, for a moment; then the connection is kept, or closed.
  template <class Stream>
  void GiveBack(const Endpoint& endpoint, std::unique_ptr<Link<Stream>> link);

 private:
  boost::asio::any_io_executor executor_;
  Resolver resolver_;
  std::tuple<KeptLinks<PlainStream>, KeptLinks<TlsStream>> kept_;
};

// Where a connection leads: two endpoints of one place may share it.
std::string PlaceOf(const Endpoint& endpoint);

}  // namespace ormc::server
