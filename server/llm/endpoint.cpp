#include "server/llm/endpoint.h"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace ormc::server {
namespace {

constexpr std::array<std::string_view, 8> kProviders = {
    "api.openai.com", "api.groq.com",    "api.mistral.ai",   "api.deepseek.com",
    "openrouter.ai",  "api.together.ai", "api.together.xyz", "api.fireworks.ai"};

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

bool IsForbidden(const boost::asio::ip::address& address) {
  if (address.is_v4()) return (address.to_v4().to_uint() >> 16U) == 0xa9feU;  // 169.254/16
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped())
    return IsForbidden(boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6));
  return v6.is_link_local();
}

}  // namespace ormc::server
