#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/values/value.h"
#include "runtime/postgres/connection.h"
#include "runtime/postgres/decode.h"

namespace ormc::postgres {

struct SessionOptions {
  std::chrono::milliseconds statement_timeout{5'000};
  // No answer takes longer, whatever the server does (a slow reader defeats statement_timeout).
  Clock::time_point deadline = Clock::time_point::max();
  // PostgreSQL's clock: UTC; the site's TIME_ZONE where its USE_TZ is off.
  std::string time_zone = "UTC";
  // "": the role's own stays in force, because tables without a schema are printed without one.
  std::string search_path;
  DecodeOptions decode;
};

// What is kept of a statement's rows.
struct FetchLimits {
  size_t rows = SIZE_MAX;
  size_t bytes = SIZE_MAX;  // of text, as it was sent
  // True: later rows are left out and `more` is set.  False: TooManyRowsRead.
  bool cut = false;
  // Takes the rows as they come, so that none is kept; false: no more is wanted.
  std::function<bool(std::vector<Value>)> each = {};
  // Nothing is asked after this statement: the transaction's end travels with it.
  bool last = false;
};

struct Rows {
  std::vector<std::vector<Value>> rows;
  size_t count = 0;
  bool more = false;
  size_t bytes = 0;
};

// What is sent ahead of a transaction's first query.
std::vector<Statement> Beginning(const SessionOptions& options);

// One snapshot: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY with the settings of an answer, all
// of them local to the transaction (a transaction pooler stays correct), then its queries, always
// ROLLBACK.  The beginning travels with the first query: it costs no round trip.
class Session {
 public:
  Session(Connection& connection, Waiter& waiter, SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Throws DatabaseFailure.
  Rows Query(const Statement& statement, const FetchLimits& limits);
  // PostgreSQL's plan as JSON text; nothing is run.
  std::string Explain(const Statement& statement);
  // ROLLBACK; nothing runs afterwards.  Where that fails the connection is broken: its pool drops it.
  void End() noexcept;

 private:
  struct Batch;
  void QueueBeginning(Batch& batch);
  ResultPtr Next(bool row_by_row);
  void Stop(Batch& batch, Kind why, size_t limit);
  void Interrupt(Readiness why);
  void ReadToSync(Batch& batch, Rows* rows, const FetchLimits& limits);
  void Note(const pg_result& result, Batch& batch, bool ending);
  void ReadRow(const pg_result& result, int index, Rows& rows, const FetchLimits& limits,
               Batch& batch);
  void Run(const Statement& statement, Rows* rows, const FetchLimits& limits);

  Connection& connection_;
  Waiter& waiter_;
  SessionOptions options_;
  Clock::time_point deadline_;
  bool begun_ = false;
  Readiness why_ = Readiness::kReady;  // of an interruption of ours
};

}  // namespace ormc::postgres
