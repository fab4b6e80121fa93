#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/postgres/failure.h"
#include "runtime/postgres/waiter.h"

// libpq's own types, so that no header of ours includes libpq.
struct pg_conn;
struct pg_result;
struct pg_cancel;

namespace ormc::postgres {

// A parameter in PostgreSQL's text format; no text: NULL.  Type 0: PostgreSQL infers it.
struct TypedText {
  uint32_t type = 0;
  std::optional<std::string> text;
};

struct Statement {
  std::string sql;
  std::vector<TypedText> parameters;
};

struct ResultDeleter {
  void operator()(pg_result* result) const;
};
using ResultPtr = std::unique_ptr<pg_result, ResultDeleter>;

// A connection in pipeline mode: statements are queued, one Sync sends them as one round trip.
// Everything that is written here is sent as one statement a Parse (R14).
class Connection {
 public:
  // Throws ConnectionFailed.  Names are resolved by libpq, which blocks for that: give addresses,
  // or a resolver nearby.
  static std::unique_ptr<Connection> Open(const std::string& conninfo, Waiter& waiter,
                                          Clock::time_point deadline);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const;
  bool broken() const;
  // Not to be used again: results are due that nobody will read.
  void Abandon() { abandoned_ = true; }
  // Of a connection that nothing was asked: false where the server has closed it meanwhile.
  bool IdleAndAlive() const;
  void Queue(const Statement& statement);
  void Sync();
  // The rows of the statement whose results come next are delivered one by one; nothing where that
  // statement has begun, or is left out after an error.
  void DeliverRowByRow();
  // The next result, null after a statement's last one.  DatabaseFailure where the connection is
  // lost; `deadline` and a stop come back as `interrupted`, and the results stay due.
  ResultPtr Next(Waiter& waiter, Clock::time_point deadline, Readiness& interrupted);
  // Asks the server to give up what runs (over a connection of its own, which blocks shortly).
  void Cancel();

 private:
  explicit Connection(pg_conn* connection) : connection_(connection) {}
  [[noreturn]] void Fail() const;
  void Connect(Waiter& waiter, Clock::time_point deadline);

  pg_conn* connection_;
  bool abandoned_ = false;
};

}  // namespace ormc::postgres
