#include "server/http/http_session.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>

#include "server/async/within.h"
#include "server/http/request_id.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using TcpStream = beast::tcp_stream;
using Parser = http::request_parser<http::string_body>;
using asio::use_awaitable;
using std::chrono::seconds;

Method MethodOf(http::verb verb) {
  if (verb == http::verb::get) return Method::kGet;
  if (verb == http::verb::post) return Method::kPost;
  if (verb == http::verb::patch) return Method::kPatch;
  if (verb == http::verb::delete_) return Method::kDelete;
  return Method::kOther;
}

// Throws ProblemError. Proxies and Python servers disagree on `a_b` and `a-b`, so names with an
// underscore are refused before anything reads a header. Beast takes a message of an unknown coding
// for one without a body, and would read the body as the next request.
Request MakeRequest(const http::request<http::string_body>& message, const std::string& id) {
  for (const auto& field : message) {
    if (field.name_string().find('_') != std::string_view::npos)
      throw ProblemError(Problem::kBadRequest, "a header's name holds an underscore");
  }
  if (message.count(http::field::transfer_encoding) > 0 && !message.chunked())
    throw ProblemError(Problem::kBadRequest, "the transfer coding is not `chunked`");
  const auto target = boost::urls::parse_origin_form(message.target());
  if (!target) throw ProblemError(Problem::kBadRequest, "the address is malformed");
  Request request;
  request.id = id;
  request.method = MethodOf(message.method());
  request.path = target->path();
  for (const auto& parameter : target->params()) request.query[parameter.key] = parameter.value;
  const auto text = [&](http::field field) {
    const auto value = message[field];
    return std::string(value.data(), value.size());
  };
  request.authorization = text(http::field::authorization);
  request.accept = text(http::field::accept);
  request.content_type = text(http::field::content_type);
  request.idempotency_key = std::string(message["Idempotency-Key"]);
  request.last_event_id = std::string(message["Last-Event-ID"]);
  request.body = message.body();
  return request;
}

template <class Message>
void SetHeaders(Message& message, const Response& response, const std::string& id) {
  message.set(http::field::cache_control, "no-store, private");
  message.set("X-Content-Type-Options", "nosniff");
  message.set("X-Request-Id", id);
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
}

asio::awaitable<void> WriteWhole(TcpStream& stream, Response response, const std::string& id,
                                 bool keep_alive) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
  SetHeaders(message, response, id);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  if (response.status != 204) message.prepare_payload();
  co_await http::async_write(stream, message, use_awaitable);
}

// A comment, for proxies that close what is silent and to notice a client that has gone.
constexpr std::string_view kStillHere = ": still here\n\n";

// Events wait here until the client has taken the ones before; an unread queue is bounded by what
// one question says (phases, and a model's few hundred tokens), so nothing is dropped while the
// client is there.
class EventQueue : public EventWriter {
 public:
  EventQueue(const asio::any_io_executor& executor, seconds silence)
      : wake_(executor), silence_(silence) {}

  void Write(std::string_view id, std::string_view event, const boost::json::value& data) override {
    if (gone_) return;
    queue_.push_back("id: " + std::string(id) + "\nevent: " + std::string(event) +
                     "\ndata: " + boost::json::serialize(data) + "\n\n");
    wake_.cancel();
  }

  void Close() {
    closed_ = true;
    wake_.cancel();
  }
  void Abandon() {
    gone_ = true;
    queue_.clear();
  }

  // The next piece of text, or none after the last one.
  asio::awaitable<std::optional<std::string>> Next() {
    while (queue_.empty() && !closed_) {
      wake_.expires_after(silence_);
      boost::system::error_code woken;
      co_await wake_.async_wait(asio::redirect_error(use_awaitable, woken));
      if (!woken && queue_.empty() && !closed_) co_return std::string(kStillHere);
    }
    if (queue_.empty()) co_return std::nullopt;
    std::string text = std::move(queue_.front());
    queue_.pop_front();
    co_return text;
  }

 private:
  asio::steady_timer wake_;
  seconds silence_;
  std::deque<std::string> queue_;
  bool closed_ = false;
  bool gone_ = false;
};

asio::awaitable<void> WriteEvents(TcpStream& stream, const Response& response,
                                  const std::string& id, const ServerLimits& limits) {
  http::response<http::empty_body> message(http::status::ok, 11);
  SetHeaders(message, response, id);
  message.keep_alive(false);
  message.chunked(true);
  http::response_serializer<http::empty_body> serializer(message);
  co_await http::async_write_header(stream, serializer, use_awaitable);

  const auto executor = co_await asio::this_coro::executor;
  const auto sink = std::make_shared<EventQueue>(executor, seconds(limits.silence_seconds));
  asio::co_spawn(
      executor,
      [](server::Stream work, std::shared_ptr<EventQueue> to) -> asio::awaitable<void> {
        co_await work(to);
        to->Close();
      }(response.stream, sink),
      asio::detached);
  try {
    while (true) {
      const auto text = co_await sink->Next();
      if (!text) break;
      stream.expires_after(seconds(limits.departure_seconds));
      co_await asio::async_write(stream, http::make_chunk(asio::buffer(*text)), use_awaitable);
    }
    stream.expires_after(seconds(limits.departure_seconds));
    co_await asio::async_write(stream, http::make_chunk_last(), use_awaitable);
  } catch (...) {
    sink->Abandon();
    throw;
  }
}

asio::awaitable<void> WritePieces(TcpStream& stream, const Response& response,
                                  const std::string& id, const ServerLimits& limits) {
  http::response<http::empty_body> message(http::status::ok, 11);
  SetHeaders(message, response, id);
  message.keep_alive(false);
  message.chunked(true);
  http::response_serializer<http::empty_body> serializer(message);
  co_await http::async_write_header(stream, serializer, use_awaitable);
  while (true) {
    stream.expires_never();  // the work has its own deadline
    const auto piece = co_await response.pieces();
    if (!piece) break;
    stream.expires_after(seconds(limits.departure_seconds));
    co_await asio::async_write(stream, http::make_chunk(asio::buffer(*piece)), use_awaitable);
  }
  stream.expires_after(seconds(limits.departure_seconds));
  co_await asio::async_write(stream, http::make_chunk_last(), use_awaitable);
}

std::optional<Problem> ProblemOf(boost::system::error_code error) {
  if (error == http::error::body_limit) return Problem::kBodyTooLarge;
  if (error == http::error::header_limit) return Problem::kHeadersTooLarge;
  if (error == beast::error::timeout) return Problem::kRequestTimeout;
  if (error == http::error::end_of_stream) return std::nullopt;
  if (error.category() == http::make_error_code(http::error::bad_method).category() &&
      error != http::error::partial_message)
    return Problem::kBadRequest;
  return std::nullopt;
}

class Busy {
 public:
  explicit Busy(Drain& drain) : drain_(drain) { ++drain_.busy; }
  ~Busy() { --drain_.busy; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  Drain& drain_;
};

using RequestPtr = std::unique_ptr<Request>;
using ResponsePtr = std::unique_ptr<Response>;

// The next request, whole; none: the client has gone. Throws ProblemError.
asio::awaitable<RequestPtr> ReadRequest(TcpStream& stream, beast::flat_buffer& buffer,
                                        const ServerLimits& limits, const std::string& id,
                                        bool& keep_alive) {
  stream.expires_after(seconds(limits.arrival_seconds));
  Parser parser;
  parser.header_limit(static_cast<uint32_t>(limits.header_bytes));
  parser.body_limit(static_cast<uint64_t>(limits.body_bytes));
  boost::system::error_code error;
  co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
  if (error) {
    const std::optional<Problem> refused = ProblemOf(error);
    if (!refused) co_return nullptr;
    throw ProblemError(*refused);
  }
  if (buffer.size() == 0) buffer.shrink_to_fit();
  keep_alive = parser.get().keep_alive();
  auto request = std::make_unique<Request>(MakeRequest(parser.get(), id));
  co_return request;
}

// What is said to the next request, or the problem that it or its own deadline is; none: the client
// has gone. An answer may wait long, and here, so little of a request lives in this frame.
asio::awaitable<ResponsePtr> Reply(TcpStream& stream, beast::flat_buffer& buffer,
                                   const Handler& handler, const ServerLimits& limits,
                                   const std::string& id, bool& keep_alive) {
  try {
    RequestPtr request = co_await ReadRequest(stream, buffer, limits, id, keep_alive);
    if (request == nullptr) co_return nullptr;
    stream.expires_never();  // the handler has its own deadline
    auto response = co_await Within(seconds(limits.answer_seconds), handler(std::move(*request)));
    if (response) co_return std::make_unique<Response>(std::move(*response));
    co_return std::make_unique<Response>(ProblemResponse(ProblemError(Problem::kDeadline), id));
  } catch (const ProblemError& problem) {
    // Who sent it and who passed it on may disagree on where it ends: nothing after it is read.
    keep_alive = false;
    co_return std::make_unique<Response>(ProblemResponse(problem, id));
  }
}

// False ends the connection.
asio::awaitable<bool> Respond(TcpStream& stream, ResponsePtr response, const std::string& id,
                              const ServerLimits& limits, bool keep_alive) {
  stream.expires_after(seconds(limits.departure_seconds));
  if (response->stream) {
    co_await WriteEvents(stream, *response, id, limits);
    co_return false;
  }
  if (response->pieces) {
    co_await WritePieces(stream, *response, id, limits);
    co_return false;
  }
  co_await WriteWhole(stream, std::move(*response), id, keep_alive);
  co_return keep_alive;
}

// One request and its answer. False ends the connection.
asio::awaitable<bool> ServeRequest(TcpStream& stream, beast::flat_buffer& buffer,
                                   const Handler& handler, const ServerLimits& limits,
                                   Drain& drain) {
  // While the connection is idle its deadline is long; from the first byte on it is absolute and
  // short, however slowly the bytes drip.
  if (buffer.size() == 0) {
    stream.expires_after(seconds(limits.idle_seconds));
    const size_t read = co_await stream.async_read_some(buffer.prepare(4096), use_awaitable);
    buffer.commit(read);
  }
  const Busy busy(drain);
  const std::string id = NewRequestId();
  bool keep_alive = false;
  ResponsePtr response = co_await Reply(stream, buffer, handler, limits, id, keep_alive);
  if (response == nullptr) co_return false;
  keep_alive = keep_alive && !drain.stopping;
  co_return co_await Respond(stream, std::move(response), id, limits, keep_alive);
}

// Closing with unread bytes would reset the connection, and the client might lose our answer to what
// was too large: so the rest is read, a little, and thrown away.
asio::awaitable<void> Leave(TcpStream& stream) {
  constexpr size_t kMostDiscarded = 1U << 20U;
  std::array<char, 4096> discarded{};
  boost::system::error_code error;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  stream.expires_after(std::chrono::seconds(2));
  for (size_t total = 0; !error && total < kMostDiscarded;) {
    total += co_await stream.async_read_some(asio::buffer(discarded),
                                             asio::redirect_error(use_awaitable, error));
  }
}

}  // namespace

asio::awaitable<void> ServeConnection(asio::ip::tcp::socket socket, const Handler& handler,
                                      const ServerLimits& limits, Drain& drain) {
  TcpStream stream(std::move(socket));
  beast::flat_buffer buffer;
  try {
    bool keep_alive = true;
    while (keep_alive && !drain.stopping)
      keep_alive = co_await ServeRequest(stream, buffer, handler, limits, drain);
  } catch (const boost::system::system_error&) {
    // The client left or broke its deadline: there is nobody to tell.
  }
  co_await Leave(stream);
}

}  // namespace ormc::server
