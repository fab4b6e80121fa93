#include "server/store/connection.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

namespace ormc::server {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

constexpr std::chrono::milliseconds kConnectTime{5'000};
constexpr std::chrono::milliseconds kQueryTime{10'000};

}  // namespace

std::string Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}

std::optional<std::string> Rows::optional(int row, int column) const {
  if (null(row, column)) return std::nullopt;
  return text(row, column);
}

int64_t Rows::integer(int row, int column) const {
  const std::string digits = text(row, column);
  int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

Connection::Connection(const asio::any_io_executor& executor, PGconn* connection)
    : connection_(connection, &PQfinish), socket_(executor) {}

// libpq owns the descriptor and closes it; Asio only waits on it.
Connection::~Connection() {
  if (socket_.is_open()) socket_.release();
}

void Connection::SetDeadline(std::chrono::milliseconds time) {
  deadline_ = asio::steady_timer::clock_type::now() + time;
}

void Connection::Fail(std::string sqlstate, std::string message) {
  usable_ = usable_ && PQstatus(connection_.get()) == CONNECTION_OK;
  throw StoreError(std::move(sqlstate), std::move(message));
}

bool Connection::Alive() {
  // The first look may read the server's farewell, the second then sees the end of the stream.
  for (int look = 0; look < 2; ++look) PQconsumeInput(connection_.get());
  return PQstatus(connection_.get()) == CONNECTION_OK;
}

asio::awaitable<void> Connection::Wait(Descriptor::wait_type what) {
  const int descriptor = PQsocket(connection_.get());
  if (descriptor < 0) Fail("", "no connection to the store");
  if (!socket_.is_open() || socket_.native_handle() != descriptor) {
    if (socket_.is_open()) socket_.release();
    socket_.assign(descriptor);
  }
  asio::steady_timer timer(socket_.get_executor(), deadline_);
  bool late = false;
  timer.async_wait([&](boost::system::error_code cancelled) {
    if (cancelled) return;
    late = true;
    socket_.cancel();
  });
  boost::system::error_code error;
  co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, error));
  timer.cancel();
  // The timer's handler refers to this frame: it runs, cancelled, before the coroutine goes on.
  co_await asio::post(socket_.get_executor(), asio::use_awaitable);
  if (late || error) {
    usable_ = false;
    Fail("", late ? "the store did not answer in time" : error.message());
  }
}

asio::awaitable<void> Connection::Connect() {
  SetDeadline(kConnectTime);
  auto state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) Fail("", PQerrorMessage(connection_.get()));
    co_await Wait(state == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write);
    // The descriptor may change between two polls, so it is taken anew each time.
    socket_.release();
    state = PQconnectPoll(connection_.get());
  }
  if (PQsetnonblocking(connection_.get(), 1) != 0) Fail("", PQerrorMessage(connection_.get()));
}

asio::awaitable<std::unique_ptr<Connection>> Connection::Open(asio::any_io_executor executor,
                                                              const std::string& dsn) {
  PGconn* raw = PQconnectStart(dsn.c_str());
  if (raw == nullptr) throw StoreError("", "out of memory");
  std::unique_ptr<Connection> connection(new Connection(executor, raw));
  co_await connection->Connect();
  co_return connection;
}

asio::awaitable<Rows> Connection::Query(const char* sql, std::vector<Param> params) {
  PGconn* raw = connection_.get();
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) values.push_back(param ? param->c_str() : nullptr);
  if (PQsendQueryParams(raw, sql, static_cast<int>(values.size()), nullptr, values.data(), nullptr,
                        nullptr, 0) == 0) {
    usable_ = false;
    Fail("", PQerrorMessage(raw));
  }
  SetDeadline(kQueryTime);
  while (PQflush(raw) == 1) co_await Wait(Descriptor::wait_write);

  std::optional<Rows> rows;
  std::optional<StoreError> failure;
  while (true) {
    while (PQisBusy(raw) != 0) {
      co_await Wait(Descriptor::wait_read);
      if (PQconsumeInput(raw) == 0) {
        usable_ = false;
        Fail("", PQerrorMessage(raw));
      }
    }
    PGresult* result = PQgetResult(raw);
    if (result == nullptr) break;
    const auto status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      rows.emplace(result);
      continue;
    }
    const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    failure.emplace(sqlstate != nullptr ? sqlstate : "", PQresultErrorMessage(result));
    PQclear(result);
  }
  if (failure) Fail(failure->sqlstate(), failure->what());
  if (!rows) Fail("", "the store sent no result");
  co_return std::move(*rows);
}

}  // namespace ormc::server
