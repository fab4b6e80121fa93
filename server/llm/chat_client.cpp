#include "server/llm/chat_client.h"

#include <algorithm>
#include <array>
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
#include <charconv>
#include <memory>
#include <set>

#include "server/async/within.h"
#include "server/llm/completion_reader.h"
#include "server/llm/endpoint.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using asio::use_awaitable;
using asio::ip::tcp;
using HttpRequest = http::request<http::span_body<const char>>;

constexpr std::array<std::string_view, 4> kOptionalParameters = {"temperature", "max_tokens",
                                                                 "stream_options", "stream"};

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
  json::object body{{"model", settings.model}, {"messages", std::move(said)}};
  const json::object optional{{"temperature", settings.temperature},
                              {"max_tokens", settings.max_tokens},
                              {"stream", true},
                              {"stream_options", {{"include_usage", true}}}};
  for (const std::string_view name : kOptionalParameters) {
    if (!RefusedParameters().contains(RefusedKey(settings, name))) body[name] = optional.at(name);
  }
  return json::serialize(body);
}

// Ten thousand questions may wait for their answers: each keeps its request once.
using Payload = std::shared_ptr<std::string>;

// The same without a parameter.
std::string Without(std::string_view parameter, const std::string& payload) {
  json::object body = json::parse(payload).as_object();
  if (const auto found = body.find(parameter); found != body.end()) body.stable_erase(found);
  return json::serialize(body);
}

// What a call needs besides where it goes.
struct Exchange {
  Payload payload;
  std::chrono::steady_clock::duration time;
  size_t most_bytes;
  const TextListener& listener;
};

struct Answered {
  unsigned status = 0;
  std::string retry_after;
  std::string body;  // of a refusal
  Completion completion;
};

template <class Stream>
asio::awaitable<Answered> Converse(Stream& stream, const HttpRequest& request,
                                   const Exchange& exchange) {
  co_await http::async_write(stream, request, use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(exchange.most_bytes);
  co_await http::async_read_header(stream, buffer, parser, use_awaitable);
  const auto& head = parser.get();
  Answered answered;
  answered.status = head.result_int();
  answered.retry_after = std::string(head[http::field::retry_after]);
  CompletionReader reader(head[http::field::content_type], exchange.listener);
  while (!parser.is_done() && !reader.done()) {
    co_await http::async_read_some(stream, buffer, parser, use_awaitable);
    if (answered.status == 200) reader.Read(parser.get().body());
  }
  answered.body = std::move(parser.get().body());
  if (answered.status == 200) answered.completion = reader.Finish(answered.body);
  co_return answered;
}

asio::awaitable<Answered> Call(const Endpoint& endpoint, const ModelSettings& settings,
                               const Exchange& exchange) {
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
  request.set(http::field::accept, "text/event-stream, application/json");
  request.set(http::field::content_type, "application/json");
  if (!settings.api_key.empty())
    request.set(http::field::authorization, "Bearer " + settings.api_key);
  request.body() = {exchange.payload->data(), exchange.payload->size()};
  request.prepare_payload();

  if (!endpoint.tls) {
    beast::tcp_stream stream(executor);
    stream.expires_after(exchange.time);
    co_await stream.async_connect(addresses, use_awaitable);
    co_return co_await Converse(stream, request, exchange);
  }
  beast::ssl_stream<beast::tcp_stream> stream(executor, TlsContext());
  stream.set_verify_callback(asio::ssl::host_name_verification(endpoint.host));
  SSL_set_tlsext_host_name(stream.native_handle(), endpoint.host.c_str());
  beast::get_lowest_layer(stream).expires_after(exchange.time);
  co_await beast::get_lowest_layer(stream).async_connect(addresses, use_awaitable);
  co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  co_return co_await Converse(stream, request, exchange);
}

Completion Failed(Reply reply, std::string detail) {
  Completion failed;
  failed.reply = reply;
  failed.detail = std::move(detail);
  return failed;
}

// Remembers a parameter that the refusal names; "" where the call is not worth repeating.
std::string_view LearnRefused(const ModelSettings& settings, const std::string& body) {
  for (const std::string_view parameter : kOptionalParameters) {
    if (body.find(parameter) != std::string::npos &&
        RefusedParameters().insert(RefusedKey(settings, parameter)).second)
      return parameter;
  }
  return "";
}

// Seconds of a Retry-After that a person would wait for; a date is none.
std::optional<int> SecondsOf(const std::string& retry_after) {
  constexpr int kMost = 3'600;
  int seconds = 0;
  const char* end = retry_after.data() + retry_after.size();
  const auto read = std::from_chars(retry_after.data(), end, seconds);
  if (read.ec != std::errc() || read.ptr != end || seconds < 1) return std::nullopt;
  return std::min(seconds, kMost);
}

// The rows of docs/model_failures.md that a status decides.
Completion CompletionOf(Answered answered) {
  const unsigned status = answered.status;
  const std::string detail = "HTTP " + std::to_string(status);
  if (status == 200) return std::move(answered.completion);
  if (status == 401 || status == 403) return Failed(Reply::kUnauthorised, detail);
  if (status == 404) return Failed(Reply::kModelNotFound, detail);
  if (status == 429) {
    Completion limited = Failed(Reply::kRateLimited, detail);
    limited.retry_after_seconds = SecondsOf(answered.retry_after);
    return limited;
  }
  if (status == 408 || status == 504) return Failed(Reply::kTimeout, detail);
  if (status >= 500) return Failed(Reply::kUnreachable, detail);
  return Failed(Reply::kRejected, detail);
}

// The rows that a broken connection decides.
Completion FailedBy(const boost::system::error_code& error) {
  if (error == beast::error::timeout) return Failed(Reply::kTimeout, "timeout");
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return Failed(Reply::kGarbage, error.message());
  return Failed(Reply::kUnreachable, error.message());
}

asio::awaitable<Completion> Attempt(Endpoint endpoint, ModelSettings settings, Payload payload,
                                    std::chrono::steady_clock::duration time, size_t most_bytes,
                                    TextListener listener) {
  const Exchange exchange{payload, time, most_bytes, listener};
  Completion completion;
  try {
    // A provider may refuse several parameters, one after the other.
    Answered answered = co_await Call(endpoint, settings, exchange);
    while (answered.status == 400) {
      const std::string_view refused = LearnRefused(settings, answered.body);
      if (refused.empty()) break;
      *payload = Without(refused, *payload);
      answered = co_await Call(endpoint, settings, exchange);
    }
    completion = CompletionOf(std::move(answered));
  } catch (const boost::system::system_error& error) {
    completion = FailedBy(error.code());
  }
  co_return completion;
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

asio::awaitable<Completion> Complete(ModelSettings settings,
                                     const std::vector<ChatMessage>& messages,
                                     std::chrono::steady_clock::duration time, size_t most_bytes,
                                     TextListener listener) {
  const auto endpoint = ParseEndpoint(settings.base_url);
  if (!endpoint || !MayCall(*endpoint, settings.from_environment))
    co_return Failed(Reply::kNotAllowed, "the base URL is not allowed");
  // The outer deadline holds for name resolution too, and for the repeated call. What comes after
  // it nobody hears.
  const auto heard = std::make_shared<bool>(true);
  const TextListener forward = [heard, listener](std::string_view text) {
    if (*heard && listener) listener(text);
  };
  const auto payload = std::make_shared<std::string>(RequestBody(settings, messages));
  auto completed = co_await Within(
      time, Attempt(*endpoint, std::move(settings), payload, time, most_bytes, forward));
  *heard = false;
  Completion completion = completed ? std::move(*completed) : Failed(Reply::kTimeout, "timeout");
  completion.payload = *payload;
  co_return completion;
}

}  // namespace ormc::server
