#include "server/store/connection.h"

#include <poll.h>

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

constexpr std::string_view kNameTaken = "42P05";
constexpr std::string_view kNameUnknown = "26000";   // a pooler has changed the server behind us
constexpr std::string_view kPlanOutdated = "0A000";  // a migration has changed a column's type

// By its text, so that behind a pooler a name means the same to every process.
std::string NameOf(std::string_view sql) {
  constexpr uint64_t kPrime = 1'099'511'628'211U;
  uint64_t hash = 14'695'981'039'346'656'037U;  // FNV-1a
  for (const char c : sql) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  return "ormd_" + std::to_string(hash);
}

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

// Nobody asked it anything: what can be read is its farewell, of which the end may still be on its
// way, or a notice, for which a new connection is cheap.
bool Connection::Alive() const {
  pollfd watched{PQsocket(connection_.get()), POLLIN, 0};
  return PQstatus(connection_.get()) == CONNECTION_OK && poll(&watched, 1, 0) == 0;
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

void Connection::Sent(int accepted) {
  if (accepted == 1) return;
  usable_ = false;
  Fail("", PQerrorMessage(connection_.get()));
}

asio::awaitable<Rows> Connection::Receive() {
  PGconn* raw = connection_.get();
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

asio::awaitable<void> Connection::Prepare(const char* sql, const std::string& name) {
  if (prepared_.contains(name)) co_return;
  Sent(PQsendPrepare(connection_.get(), name.c_str(), sql, 0, nullptr));
  try {
    co_await Receive();
  } catch (const StoreError& error) {
    // A pooler has given us a connection that another of us has prepared it on: it is the same.
    if (error.sqlstate() != kNameTaken) throw;
  }
  prepared_.insert(name);
}

asio::awaitable<Rows> Connection::Query(const char* sql, std::vector<Param> params) {
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) values.push_back(param ? param->c_str() : nullptr);
  const int count = static_cast<int>(values.size());
  SetDeadline(kQueryTime);
  if (prepares_) {
    const std::string name = NameOf(sql);
    co_await Prepare(sql, name);
    Sent(PQsendQueryPrepared(connection_.get(), name.c_str(), count, values.data(), nullptr,
                             nullptr, 0));
    std::optional<Rows> rows;
    try {
      rows = co_await Receive();
    } catch (const StoreError& error) {
      if (error.sqlstate() != kNameUnknown && error.sqlstate() != kPlanOutdated) throw;
      prepares_ = false;
    }
    if (rows) co_return std::move(*rows);
  }
  Sent(PQsendQueryParams(connection_.get(), sql, count, nullptr, values.data(), nullptr, nullptr,
                         0));
  co_return co_await Receive();
}

}  // namespace ormc::server
