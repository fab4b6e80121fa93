#include "runtime/postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <array>

namespace ormc::postgres {

void ResultDeleter::operator()(pg_result* result) const { PQclear(result); }

std::unique_ptr<Connection> Connection::Open(const std::string& conninfo, Waiter& waiter,
                                             Clock::time_point deadline) {
  const std::array keywords = {"dbname", "client_encoding", "fallback_application_name",
                               static_cast<const char*>(nullptr)};
  const std::array values = {conninfo.c_str(), "UTF8", "ormc", static_cast<const char*>(nullptr)};
  std::unique_ptr<Connection> connection(
      new Connection(PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/1)));
  if (connection->connection_ == nullptr) throw DatabaseFailure(Kind::ConnectionFailed);
  connection->Connect(waiter, deadline);
  return connection;
}

void Connection::Connect(Waiter& waiter, Clock::time_point deadline) {
  if (PQstatus(connection_) == CONNECTION_BAD) Fail();
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  for (PostgresPollingStatusType state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
       state = PQconnectPoll(connection_)) {
    if (state == PGRES_POLLING_FAILED) Fail();
    const bool to_write = state == PGRES_POLLING_WRITING;
    if (waiter.Wait(socket(), to_write, deadline) != Readiness::kReady) {
      throw DatabaseFailure(Kind::ConnectionFailed, {}, "no connection before the deadline");
    }
  }
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1) Fail();
}

Connection::~Connection() { PQfinish(connection_); }

int Connection::socket() const { return PQsocket(connection_); }

bool Connection::broken() const { return abandoned_ || PQstatus(connection_) != CONNECTION_OK; }

// What can be read is the server's farewell, of which the end may still be on its way, or a notice, for
// which a new connection is cheap.
bool Connection::IdleAndAlive() const {
  pollfd watched{socket(), POLLIN, 0};
  return !broken() && poll(&watched, 1, 0) == 0;
}

void Connection::Fail() const {
  throw DatabaseFailure(Kind::ConnectionFailed, {}, Redacted(PQerrorMessage(connection_)));
}

void Connection::Queue(const Statement& statement) {
  std::vector<Oid> types;
  std::vector<const char*> texts;
  for (const TypedText& parameter : statement.parameters) {
    types.push_back(parameter.type);
    texts.push_back(parameter.text ? parameter.text->c_str() : nullptr);
  }
  if (PQsendQueryParams(connection_, statement.sql.c_str(), static_cast<int>(types.size()),
                        types.data(), texts.data(), nullptr, nullptr, /*resultFormat=*/0) != 1) {
    Fail();
  }
}

void Connection::Sync() {
  if (PQpipelineSync(connection_) != 1) Fail();
}

void Connection::DeliverRowByRow() { PQsetSingleRowMode(connection_); }

ResultPtr Connection::Next(Waiter& waiter, Clock::time_point deadline, Readiness& interrupted) {
  interrupted = Readiness::kReady;
  if (broken()) Fail();
  int unsent = PQflush(connection_);
  while (unsent < 0 || PQisBusy(connection_) == 1) {
    if (unsent < 0) Fail();
    interrupted = waiter.Wait(socket(), unsent == 1, deadline);
    if (interrupted != Readiness::kReady) return nullptr;
    if (PQconsumeInput(connection_) != 1) Fail();
    unsent = PQflush(connection_);
  }
  return ResultPtr(PQgetResult(connection_));
}

void Connection::Cancel() {
  const std::unique_ptr<pg_cancel, decltype(&PQfreeCancel)> handle(PQgetCancel(connection_),
                                                                   &PQfreeCancel);
  std::array<char, 256> error{};
  if (handle) PQcancel(handle.get(), error.data(), static_cast<int>(error.size()));
}

}  // namespace ormc::postgres
