// Where the provider is, and whether a key may be sent there.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ormc::server {

struct Endpoint {
  bool tls = true;
  std::string host;
  std::string port;
  std::string path;  // of the base URL, without a slash at its end
};

std::optional<Endpoint> ParseEndpoint(std::string_view base_url);

// `trusted`: the address comes from the process's environment, not from a row. Otherwise only known
// providers over TLS, and servers on this machine.
bool MayCall(const Endpoint& endpoint, bool trusted);

// Link-local addresses hold the metadata services of clouds: refused whoever named them.
bool IsForbidden(const boost::asio::ip::address& address);

}  // namespace ormc::server
