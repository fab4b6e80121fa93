#include "server/llm/chat_client.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <memory>

#include "server/async/within.h"
#include "server/llm/completion_reader.h"
#include "server/llm/endpoint.h"
#include "server/llm/provider_links.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;

// A body that lies elsewhere, in parts.
struct PartsBody {
  using value_type = std::array<std::string_view, 2>;
  static uint64_t size(const value_type& parts) { return parts[0].size() + parts[1].size(); }

  class Writer {
   public:
    using const_buffers_type = std::array<asio::const_buffer, 2>;
    template <bool kIsRequest, class Fields>
    Writer(const http::header<kIsRequest, Fields>& /*header*/, const value_type& parts)
        : buffers_{asio::buffer(parts[0]), asio::buffer(parts[1])} {}
    void init(boost::system::error_code& error) { error = {}; }
    boost::optional<std::pair<const_buffers_type, bool>> get(boost::system::error_code& error) {
      error = {};
      return {{buffers_, /*more=*/false}};
    }

   private:
    const_buffers_type buffers_;
  };
  using writer = Writer;  // the name that Beast looks for
};
using HttpRequest = http::request<PartsBody>;

// What a call needs besides where it goes.
struct Exchange {
  const Payload& payload;
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
// A call waits long: a frame of those who wait holds a pointer for each answer that it may take.
using AnsweredPtr = std::unique_ptr<Answered>;

HttpRequest MakeRequest(const Endpoint& endpoint, const ModelSettings& settings,
                        const PayloadBytes& payload) {
  HttpRequest request(http::verb::post, endpoint.path + "/chat/completions", 11);
  request.set(http::field::host, endpoint.host);
  request.set(http::field::user_agent, "ormd");
  request.set(http::field::accept, "text/event-stream, application/json");
  request.set(http::field::content_type, "application/json");
  if (!settings.api_key.empty())
    request.set(http::field::authorization, "Bearer " + settings.api_key);
  request.body() = payload.parts();
  request.prepare_payload();
  return request;
}

template <class Stream>
asio::awaitable<AnsweredPtr> Converse(Link<Stream>& link, const HttpRequest& request,
                                      const Exchange& exchange) {
  beast::get_lowest_layer(link.stream).expires_after(exchange.time);
  co_await http::async_write(link.stream, request, use_awaitable);
  auto& parser = link.parser.emplace();
  parser.body_limit(exchange.most_bytes);
  co_await http::async_read_header(link.stream, link.buffer, parser, use_awaitable);
  const auto& head = parser.get();
  auto answered = std::make_unique<Answered>();
  answered->status = head.result_int();
  answered->retry_after = std::string(head[http::field::retry_after]);
  CompletionReader reader(head[http::field::content_type], exchange.listener);
  while (!parser.is_done() && !reader.done()) {
    co_await http::async_read_some(link.stream, link.buffer, parser, use_awaitable);
    if (answered->status == 200) reader.Read(parser.get().body());
  }
  answered->body = std::move(parser.get().body());
  if (answered->status == 200) answered->completion = reader.Finish(answered->body);
  co_return answered;
}

// The provider ended a connection that was kept, and did not say a word of an answer.
template <class Stream>
bool WasStale(const Link<Stream>& link, const boost::system::error_code& error) {
  const bool ended = error == http::error::end_of_stream || error == asio::error::eof ||
                     error == asio::error::connection_reset || error == asio::error::broken_pipe ||
                     error == asio::ssl::error::stream_truncated;
  return ended && (!link.parser || !link.parser->got_some());
}

template <class Stream>
asio::awaitable<AnsweredPtr> CallOver(ProviderLinks& links, const Endpoint& endpoint,
                                      const HttpRequest& request, const Exchange& exchange) {
  auto link = links.kept<Stream>().Take(PlaceOf(endpoint));
  AnsweredPtr answered;
  if (link) {
    try {
      answered = co_await Converse(*link, request, exchange);
    } catch (const boost::system::system_error& error) {
      if (!WasStale(*link, error.code())) throw;
    }
  }
  if (!answered) {
    link = co_await links.Open<Stream>(endpoint, exchange.time);
    answered = co_await Converse(*link, request, exchange);
  }
  links.GiveBack(endpoint, std::move(link));
  co_return answered;
}

asio::awaitable<AnsweredPtr> Call(ProviderLinks& links, const Endpoint& endpoint,
                                  const ModelSettings& settings, const Exchange& exchange) {
  const HttpRequest request = MakeRequest(endpoint, settings, *exchange.payload);
  if (endpoint.tls) co_return co_await CallOver<TlsStream>(links, endpoint, request, exchange);
  co_return co_await CallOver<PlainStream>(links, endpoint, request, exchange);
}

Completion Failed(Reply reply, std::string detail) {
  Completion failed;
  failed.reply = reply;
  failed.detail = std::move(detail);
  return failed;
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
Completion CompletionOf(Answered&& answered) {
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

asio::awaitable<Completion> Attempt(ProviderLinks& links, Endpoint endpoint, ModelSettings settings,
                                    Payload payload, std::chrono::steady_clock::duration time,
                                    size_t most_bytes, TextListener listener) {
  const Exchange exchange{payload, time, most_bytes, listener};
  Completion completion;
  try {
    // A provider may refuse several parameters, one after the other.
    AnsweredPtr answered;
    do {
      answered = co_await Call(links, endpoint, settings, exchange);
    } while (answered->status == 400 && LeaveOutRefused(settings, answered->body, *payload));
    completion = CompletionOf(std::move(*answered));
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

asio::awaitable<Completion> Complete(ProviderLinks& links, ModelSettings settings, Payload payload,
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
  auto completed = co_await Within(time, Attempt(links, *endpoint, std::move(settings),
                                                 std::move(payload), time, most_bytes, forward));
  *heard = false;
  if (!completed) co_return Failed(Reply::kTimeout, "timeout");
  co_return std::move(*completed);
}

}  // namespace ormc::server
