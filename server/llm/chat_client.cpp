#include "server/llm/chat_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "server/async/within.h"
#include "server/llm/endpoint.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using asio::use_awaitable;
using asio::ip::tcp;
using HttpRequest = http::request<http::string_body>;
using HttpResponse = http::response<http::string_body>;

constexpr uint64_t kMostBytes = 1U << 20U;  // an answer of 800 tokens is under 10 kB
constexpr std::string_view kOptionalParameters[] = {"temperature", "max_tokens"};

// Parameters that a provider has refused, by base URL and model: they are not sent again.
std::set<std::string>& RefusedParameters() {
  static std::set<std::string> refused;
  return refused;
}
std::string RefusedKey(const ModelSettings& settings, std::string_view parameter) {
  return settings.base_url + " " + settings.model + " " + std::string(parameter);
}

asio::ssl::context& TlsContext() {
  static asio::ssl::context context = [] {
    asio::ssl::context made(asio::ssl::context::tls_client);
    made.set_default_verify_paths();
    made.set_verify_mode(asio::ssl::verify_peer);
    return made;
  }();
  return context;
}

std::string RequestBody(const ModelSettings& settings, const std::vector<ChatMessage>& messages) {
  json::array said;
  for (const ChatMessage& message : messages)
    said.push_back({{"role", message.role}, {"content", message.content}});
  json::object body{{"model", settings.model}, {"messages", std::move(said)}, {"stream", false}};
  if (!RefusedParameters().contains(RefusedKey(settings, "temperature")))
    body["temperature"] = settings.temperature;
  if (!RefusedParameters().contains(RefusedKey(settings, "max_tokens")))
    body["max_tokens"] = settings.max_tokens;
  return json::serialize(body);
}

template <class Stream>
asio::awaitable<HttpResponse> Exchange(Stream& stream, const HttpRequest& request) {
  co_await http::async_write(stream, request, use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMostBytes);
  co_await http::async_read(stream, buffer, parser, use_awaitable);
  co_return parser.release();
}

asio::awaitable<HttpResponse> Call(const Endpoint& endpoint, const ModelSettings& settings,
                                   std::string body, std::chrono::steady_clock::duration time) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  std::vector<tcp::endpoint> addresses;
  const auto resolved =
      co_await resolver.async_resolve(endpoint.host, endpoint.port, use_awaitable);
  for (const auto& entry : resolved) {
    if (!IsForbidden(entry.endpoint().address())) addresses.push_back(entry.endpoint());
  }
  if (addresses.empty())
    throw boost::system::system_error(asio::error::host_not_found, "no address that may be called");

  HttpRequest request(http::verb::post, endpoint.path + "/chat/completions", 11);
  request.set(http::field::host, endpoint.host);
  request.set(http::field::user_agent, "ormd");
  request.set(http::field::accept, "application/json");
  request.set(http::field::content_type, "application/json");
  if (!settings.api_key.empty())
    request.set(http::field::authorization, "Bearer " + settings.api_key);
  request.body() = std::move(body);
  request.prepare_payload();

  if (!endpoint.tls) {
    beast::tcp_stream stream(executor);
    stream.expires_after(time);
    co_await stream.async_connect(addresses, use_awaitable);
    co_return co_await Exchange(stream, request);
  }
  beast::ssl_stream<beast::tcp_stream> stream(executor, TlsContext());
  stream.set_verify_callback(asio::ssl::host_name_verification(endpoint.host));
  SSL_set_tlsext_host_name(stream.native_handle(), endpoint.host.c_str());
  beast::get_lowest_layer(stream).expires_after(time);
  co_await beast::get_lowest_layer(stream).async_connect(addresses, use_awaitable);
  co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  co_return co_await Exchange(stream, request);
}

int64_t Count(const json::object& usage, std::string_view name) {
  const json::value* value = usage.if_contains(name);
  return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

Completion Failed(Reply reply, std::string detail) { return {reply, {}, 0, 0, std::move(detail)}; }

Completion ReadAnswer(const std::string& body) {
  boost::system::error_code error;
  const json::value document = json::parse(body, error);
  if (error) return Failed(Reply::kGarbage, "the answer is not JSON");
  boost::system::error_code missing;
  const json::value* text = document.find_pointer("/choices/0/message/content", missing);
  if (text == nullptr || !text->is_string())
    return Failed(Reply::kGarbage, "the answer has no message");
  Completion completion{Reply::kOk, std::string(text->get_string()), 0, 0, {}};
  if (const json::value* usage = document.get_object().if_contains("usage");
      usage != nullptr && usage->is_object()) {
    completion.prompt_tokens = Count(usage->get_object(), "prompt_tokens");
    completion.completion_tokens = Count(usage->get_object(), "completion_tokens");
  }
  return completion;
}

// Remembers a parameter that the refusal names; true where the call is worth repeating.
bool LearnRefused(const ModelSettings& settings, const std::string& body) {
  for (const std::string_view parameter : kOptionalParameters) {
    if (body.find(parameter) != std::string::npos &&
        RefusedParameters().insert(RefusedKey(settings, parameter)).second)
      return true;
  }
  return false;
}

Completion ReadResponse(const HttpResponse& response) {
  const unsigned status = response.result_int();
  const std::string detail = "HTTP " + std::to_string(status);
  if (status == 200) return ReadAnswer(response.body());
  if (status == 401 || status == 403) return Failed(Reply::kUnauthorised, detail);
  if (status == 404) return Failed(Reply::kModelNotFound, detail);
  if (status == 429) return Failed(Reply::kRateLimited, detail);
  if (status == 408 || status == 504) return Failed(Reply::kTimeout, detail);
  if (status >= 500) return Failed(Reply::kUnreachable, detail);
  return Failed(Reply::kRejected, detail);
}

asio::awaitable<Completion> Attempt(Endpoint endpoint, ModelSettings settings,
                                    std::vector<ChatMessage> messages,
                                    std::chrono::steady_clock::duration time) {
  try {
    HttpResponse response =
        co_await Call(endpoint, settings, RequestBody(settings, messages), time);
    if (response.result_int() == 400 && LearnRefused(settings, response.body()))
      response = co_await Call(endpoint, settings, RequestBody(settings, messages), time);
    co_return ReadResponse(response);
  } catch (const boost::system::system_error& error) {
    if (error.code() == beast::error::timeout) co_return Failed(Reply::kTimeout, "timeout");
    if (error.code().category() == http::make_error_code(http::error::bad_method).category())
      co_return Failed(Reply::kGarbage, error.code().message());
    co_return Failed(Reply::kUnreachable, error.code().message());
  }
}

}  // namespace

std::string_view NameOf(Reply reply) {
  switch (reply) {
    case Reply::kOk:
      return "ok";
    case Reply::kTimeout:
      return "timeout";
    case Reply::kUnauthorised:
      return "unauthorised";
    case Reply::kModelNotFound:
      return "model_not_found";
    case Reply::kRateLimited:
      return "rate_limited";
    case Reply::kUnreachable:
      return "unreachable";
    case Reply::kGarbage:
    case Reply::kRejected:
      return "garbage";
    case Reply::kNotAllowed:
      return "not_allowed";
  }
  return "garbage";
}

asio::awaitable<Completion> Complete(ModelSettings settings, std::vector<ChatMessage> messages,
                                     std::chrono::steady_clock::duration time) {
  const auto endpoint = ParseEndpoint(settings.base_url);
  if (!endpoint || !MayCall(*endpoint, settings.from_environment))
    co_return Failed(Reply::kNotAllowed, "the base URL is not allowed");
  // The outer deadline holds for name resolution too, and for the repeated call.
  auto completion =
      co_await Within(time, Attempt(*endpoint, std::move(settings), std::move(messages), time));
  co_return completion ? std::move(*completion) : Failed(Reply::kTimeout, "timeout");
}

}  // namespace ormc::server
