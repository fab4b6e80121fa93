#include "server/llm/endpoint.h"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace ormc::server {
namespace {

namespace ip = boost::asio::ip;

constexpr std::array<std::string_view, 8> kProviders = {
    "api.openai.com", "api.groq.com",    "api.mistral.ai",   "api.deepseek.com",
    "openrouter.ai",  "api.together.ai", "api.together.xyz", "api.fireworks.ai"};

struct Network {
  uint32_t address;
  uint32_t mask;
};
// Link-local addresses, and those where clouds tell a machine its secrets.
constexpr std::array<Network, 3> kForbidden = {{
    {0xa9fe'0000U, 0xffff'0000U},  // 169.254.0.0/16
    {0x6464'64c8U, 0xffff'ffffU},  // 100.100.100.200, Alibaba
    {0xc000'00c0U, 0xffff'ffffU},  // 192.0.0.192, Oracle
}};
// IPv6 addresses that end in an IPv4 one: ::ffff:0:0/96 and 64:ff9b::/96.
constexpr std::array<std::array<unsigned char, 12>, 2> kEmbedding = {{
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},
    {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0},
}};

bool IsLocal(std::string_view host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return host == "localhost" || (!error && address.is_loopback());
}

}  // namespace

std::optional<Endpoint> ParseEndpoint(std::string_view base_url) {
  const auto url = boost::urls::parse_uri(base_url);
  if (!url || url->host().empty() || url->has_userinfo() || url->has_query()) return std::nullopt;
  const std::string_view scheme = url->scheme();
  if (scheme != "https" && scheme != "http") return std::nullopt;
  // Boost.URL 1.81 ends the host of `127.0.0.1.evil.example` at the fourth number.
  if (!url->encoded_path().empty() && !url->encoded_path().starts_with('/')) return std::nullopt;
  Endpoint endpoint;
  endpoint.tls = scheme == "https";
  endpoint.host =
      url->host_type() == boost::urls::host_type::ipv6 ? url->host_address() : url->host();
  endpoint.port = url->has_port() ? std::string(url->port()) : endpoint.tls ? "443" : "80";
  endpoint.path = std::string(url->encoded_path());
  while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
  return endpoint;
}

bool MayCall(const Endpoint& endpoint, bool trusted) {
  if (trusted || IsLocal(endpoint.host)) return true;
  return endpoint.tls &&
         std::find(kProviders.begin(), kProviders.end(), endpoint.host) != kProviders.end();
}

bool IsForbidden(const ip::address& address) {
  if (address.is_v4()) {
    return std::any_of(kForbidden.begin(), kForbidden.end(), [&](const Network& network) {
      return (address.to_v4().to_uint() & network.mask) == network.address;
    });
  }
  const auto bytes = address.to_v6().to_bytes();
  for (const auto& prefix : kEmbedding) {
    if (!std::equal(prefix.begin(), prefix.end(), bytes.begin())) continue;
    ip::address_v4::bytes_type embedded{};
    std::copy(bytes.begin() + prefix.size(), bytes.end(), embedded.begin());
    return IsForbidden(ip::make_address_v4(embedded));
  }
  return address.to_v6().is_link_local() ||
         address.to_v6() == ip::make_address_v6("fd00:ec2::254");  // AWS
}

}  // namespace ormc::server
