#include "server/store/connection.h"

#include <poll.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <chrono>

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

// The deadline of whatever the connection waits for. Deadlines only grow, so one that has been
// moved is noticed when the timer comes to the old one: in a busy hour no statement sets a timer.
class Connection::Alarm : public std::enable_shared_from_this<Alarm> {
 public:
  Alarm(const asio::any_io_executor& executor, Descriptor& socket)
      : timer_(executor), socket_(&socket) {}

  void Set(std::chrono::milliseconds time) {
    deadline_ = asio::steady_timer::clock_type::now() + time;
    if (!armed_) Arm();
  }
  void Await(bool waiting) { waiting_ = waiting; }
  bool late() const { return late_; }
  void Forget() {
    socket_ = nullptr;
    timer_.cancel();
  }

 private:
  void Arm() {
    armed_ = true;
    timer_.expires_at(deadline_);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code) { self->Ring(); });
  }
  void Ring() {
    armed_ = false;
    if (socket_ == nullptr || !waiting_) return;
    if (asio::steady_timer::clock_type::now() < deadline_) return Arm();
    late_ = true;
    socket_->cancel();
  }

  asio::steady_timer timer_;
  Descriptor* socket_;  // null: the connection has gone
  asio::steady_timer::time_point deadline_;
  bool armed_ = false;
  bool waiting_ = false;
  bool late_ = false;
};

Connection::Connection(const asio::any_io_executor& executor, PGconn* connection)
    : connection_(connection, &PQfinish),
      socket_(executor),
      alarm_(std::make_shared<Alarm>(executor, socket_)) {}

// libpq owns the descriptor and closes it; Asio only waits on it.
Connection::~Connection() {
  alarm_->Forget();
  if (socket_.is_open()) socket_.release();
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
  boost::system::error_code error;
  alarm_->Await(true);
  co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, error));
  alarm_->Await(false);
  if (alarm_->late() || error) {
    usable_ = false;
    Fail("", alarm_->late() ? "the store did not answer in time" : error.message());
  }
}

asio::awaitable<void> Connection::Connect() {
  alarm_->Set(kConnectTime);
  auto state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) Fail("", PQerrorMessage(connection_.get()));
    co_await Wait(state == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write);
    // The descriptor may change between two polls, so it is taken anew each time.
    socket_.release();
    state = PQconnectPoll(connection_.get());
  }
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1)
    Fail("", PQerrorMessage(connection_.get()));
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

void Connection::Send(const std::vector<Statement>& statements) {
  PGconn* raw = connection_.get();
  expected_.clear();
  failed_.clear();
  for (const Statement& statement : statements) {
    std::vector<const char*> values;
    values.reserve(statement.params.size());
    for (const Param& param : statement.params) values.push_back(param ? param->c_str() : nullptr);
    const int count = static_cast<int>(values.size());
    if (prepares_) {
      const std::string name = NameOf(statement.sql);
      if (!prepared_.contains(name)) {
        Sent(PQsendPrepare(raw, name.c_str(), statement.sql, 0, nullptr));
        expected_.push_back(name);
      }
      Sent(PQsendQueryPrepared(raw, name.c_str(), count, values.data(), nullptr, nullptr, 0));
    } else {
      Sent(PQsendQueryParams(raw, statement.sql, count, nullptr, values.data(), nullptr, nullptr,
                             0));
    }
    expected_.emplace_back();
  }
  Sent(PQpipelineSync(raw));
}

asio::awaitable<PGresult*> Connection::Next() {
  PGconn* raw = connection_.get();
  while (PQisBusy(raw) != 0) {
    co_await Wait(Descriptor::wait_read);
    if (PQconsumeInput(raw) == 0) {
      usable_ = false;
      Fail("", PQerrorMessage(raw));
    }
  }
  co_return PQgetResult(raw);
}

// All that the journey brings, also after a failure: the connection is in step again afterwards.
asio::awaitable<std::vector<Rows>> Connection::Receive() {
  PGconn* raw = connection_.get();
  while (PQflush(raw) == 1) co_await Wait(Descriptor::wait_write);

  std::vector<Rows> rows;
  std::optional<StoreError> failure;
  for (size_t at = 0;;) {
    PGresult* result = co_await Next();
    if (result == nullptr) {
      if (++at > expected_.size()) Fail("", "the store sent no result");
      continue;
    }
    Rows given(result);
    const auto status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_PIPELINE_ABORTED) continue;
    if (at >= expected_.size()) Fail("", "the store sent more than was asked");
    const bool done = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!done && !failure) {
      const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      failure.emplace(sqlstate != nullptr ? sqlstate : "", PQresultErrorMessage(result));
      failed_ = expected_[at];
    } else if (done && !expected_[at].empty()) {
      prepared_.insert(expected_[at]);
    } else if (done) {
      rows.push_back(std::move(given));
    }
  }
  if (failure) Fail(failure->sqlstate(), failure->what());
  co_return rows;
}

// Nothing was done then, and it goes another way: the transaction was one.
bool Connection::MayRepeat(const StoreError& error) {
  if (!usable_ || !prepares_) return false;
  // A pooler has given us a connection that another of us has prepared it on: it is the same.
  if (error.sqlstate() == kNameTaken && !failed_.empty()) return prepared_.insert(failed_).second;
  if (error.sqlstate() != kNameUnknown && error.sqlstate() != kPlanOutdated) return false;
  prepares_ = false;
  return true;
}

asio::awaitable<std::vector<Rows>> Connection::Run(std::vector<Statement> statements) {
  alarm_->Set(kQueryTime);
  while (true) {
    Send(statements);
    try {
      std::vector<Rows> rows = co_await Receive();
      co_return rows;
    } catch (const StoreError& error) {
      if (!MayRepeat(error)) throw;
    }
  }
}

}  // namespace ormc::server
