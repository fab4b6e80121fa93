#include "runtime/postgres/session.h"

#include <libpq-fe.h>

#include <optional>

namespace ormc::postgres {
namespace {

// How long a server may take to answer a cancellation or a ROLLBACK before we hang up.
constexpr std::chrono::milliseconds kPatience{2'000};
// Rows beyond the limit that are read and dropped before the server is asked to stop: to drain a
// short rest is cheaper than a cancellation.
constexpr size_t kDrained = 1'000;
constexpr std::string_view kSavepoint = "SAVEPOINT shown";
constexpr std::string_view kEnd = "ROLLBACK";

// One statement for all settings; `true`: local to the transaction.
constexpr std::string_view kSettings =
    "SELECT set_config('statement_timeout', $1, true), set_config('TimeZone', $2, true), "
    "set_config('DateStyle', 'ISO', true), set_config('IntervalStyle', 'postgres', true), "
    "set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true), "
    "set_config('search_path', coalesce($3, current_setting('search_path')), true)";

TypedText Text(std::string text) { return {25, std::move(text)}; }

DatabaseFailure FailureOf(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string sqlstate = state != nullptr ? state : "";
  return DatabaseFailure(KindOfSqlstate(sqlstate), sqlstate,
                         Redacted(message != nullptr ? message : ""));
}

}  // namespace

// What one Sync sends, and what has come back.
struct Session::Batch {
  size_t before = 0;  // statements ahead of the one whose rows are wanted
  std::optional<DatabaseFailure> failure;
  bool savepoint = false;
  bool ended = false;  // the transaction
  bool cancelled = false;
  size_t dropped = 0;
};

Session::Session(Connection& connection, Waiter& waiter, SessionOptions options)
    : connection_(connection),
      waiter_(waiter),
      options_(std::move(options)),
      deadline_(options_.deadline) {}

Session::~Session() { End(); }

std::vector<Statement> Beginning(const SessionOptions& options) {
  std::optional<std::string> path;
  if (!options.search_path.empty()) path = options.search_path;
  return {{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {}},
          {"SET LOCAL transaction_read_only = on", {}},
          {std::string(kSettings),
           {Text(std::to_string(options.statement_timeout.count())), Text(options.time_zone),
            TypedText{25, std::move(path)}}},
          // Until a query has run, the transaction could still be switched to read-write.
          {"SELECT 1", {}}};
}

void Session::QueueBeginning(Batch& batch) {
  if (begun_) return;
  begun_ = true;
  for (const Statement& statement : Beginning(options_)) {
    connection_.Queue(statement);
    ++batch.before;
  }
}

// The next result; a stop or the deadline first asks the server to give up, then hangs up.
ResultPtr Session::Next(bool row_by_row) {
  if (row_by_row) connection_.DeliverRowByRow();
  for (;;) {
    Readiness interrupted{};
    ResultPtr result = connection_.Next(waiter_, deadline_, interrupted);
    if (interrupted == Readiness::kReady) return result;
    Interrupt(interrupted);
  }
}

void Session::Interrupt(Readiness why) {
  if (why_ != Readiness::kReady) {
    connection_.Abandon();
    throw DatabaseFailure(why_ == Readiness::kStopped ? Kind::QueryCancelled
                                                      : Kind::StatementTimeout);
  }
  why_ = why;
  connection_.Cancel();
  deadline_ = Clock::now() + kPatience;
}

void Session::Stop(Batch& batch, Kind why, size_t limit) {
  batch.failure.emplace(why);
  batch.failure->arguments = {std::to_string(limit)};
  batch.cancelled = true;
  connection_.Cancel();
}

void Session::ReadRow(const pg_result& result, int index, Rows& rows, const FetchLimits& limits,
                      Batch& batch) {
  if (batch.failure || batch.cancelled) return;
  if (rows.count == limits.rows) {
    if (!limits.cut) return Stop(batch, Kind::TooManyRowsRead, limits.rows);
    rows.more = true;
    if (++batch.dropped < kDrained) return;
    batch.cancelled = true;
    return connection_.Cancel();
  }
  const int columns = PQnfields(&result);
  std::vector<Value> row;
  row.reserve(static_cast<size_t>(columns));
  for (int i = 0; i < columns; ++i) {
    if (PQgetisnull(&result, index, i) == 1) {
      row.emplace_back();
      continue;
    }
    const auto length = static_cast<size_t>(PQgetlength(&result, index, i));
    rows.bytes += length;
    row.push_back(
        Decode(PQftype(&result, i), {PQgetvalue(&result, index, i), length}, options_.decode));
  }
  if (rows.bytes > limits.bytes) return Stop(batch, Kind::TooManyBytesRead, limits.bytes);
  ++rows.count;
  if (!limits.each) {
    rows.rows.push_back(std::move(row));
  } else if (!limits.each(std::move(row))) {
    rows.more = true;
    batch.cancelled = true;
    connection_.Cancel();
  }
}

// Of a result without rows.
void Session::Note(const pg_result& result, Batch& batch, bool ending) {
  const ExecStatusType status = PQresultStatus(&result);
  if (ending && status == PGRES_COMMAND_OK) batch.ended = true;
  if (status != PGRES_FATAL_ERROR && status != PGRES_BAD_RESPONSE) return;
  // The end of a statement that we cancelled ourselves is no failure of its own.
  if (!ending && !batch.failure && !batch.cancelled) batch.failure = FailureOf(&result);
}

// Reads all that the batch gives, whatever it is: the connection is in step again afterwards.
void Session::ReadToSync(Batch& batch, Rows* rows, const FetchLimits& limits) {
  size_t statement = 0;
  for (;;) {
    const bool wanted = rows != nullptr && statement == batch.before;
    const ResultPtr result = Next(wanted);
    if (!result) {
      ++statement;
      continue;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_PIPELINE_SYNC:
        return;
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
        try {
          for (int i = 0; wanted && i < PQntuples(result.get()); ++i) {
            ReadRow(*result, i, *rows, limits, batch);
          }
        } catch (const DatabaseFailure& failure) {
          batch.failure = failure;
        }
        break;
      default:  // commands, errors, and what follows an error in a pipeline
        Note(*result, batch, limits.last && statement > batch.before);
        break;
    }
  }
}

void Session::Run(const Statement& statement, Rows* rows, const FetchLimits& limits) {
  Batch batch;
  try {
    QueueBeginning(batch);
    if (limits.cut && !limits.last) {
      // A result that is cut short ends in a cancellation; what follows needs the snapshot.
      connection_.Queue({std::string(kSavepoint), {}});
      ++batch.before;
      batch.savepoint = true;
    }
    connection_.Queue(statement);
    if (limits.last) connection_.Queue({std::string(kEnd), {}});
    connection_.Sync();
    ReadToSync(batch, rows, limits);
    if (batch.ended) begun_ = false;
  } catch (...) {
    connection_.Abandon();
    throw;
  }
  if (why_ != Readiness::kReady) {
    throw DatabaseFailure(why_ == Readiness::kStopped ? Kind::QueryCancelled
                                                      : Kind::StatementTimeout);
  }
  if (batch.failure) throw *batch.failure;
  if (batch.cancelled && batch.savepoint) Run({"ROLLBACK TO SAVEPOINT shown", {}}, nullptr, {});
}

Rows Session::Query(const Statement& statement, const FetchLimits& limits) {
  for (const TypedText& parameter : statement.parameters) {
    // psycopg's DataError; libpq would cut the text there.
    if (parameter.text && parameter.text->find('\0') != std::string::npos) {
      throw DatabaseFailure(Kind::DataRefused, {}, "NUL in a text");
    }
  }
  Rows rows;
  Run(statement, &rows, limits);
  return rows;
}

std::string Session::Explain(const Statement& statement) {
  Statement explained = statement;
  explained.sql.insert(0, "EXPLAIN (FORMAT JSON) ");
  const Rows rows = Query(explained, {});
  const std::string* text = rows.rows.empty() ? nullptr : rows.rows[0][0].text();
  return text != nullptr ? *text : std::string();
}

void Session::End() noexcept {
  if (!begun_) return;
  begun_ = false;
  if (connection_.broken()) return;
  try {
    deadline_ = Clock::now() + kPatience;
    why_ = Readiness::kTimeout;  // a second interruption hangs up
    connection_.Queue({std::string(kEnd), {}});
    connection_.Sync();
    Batch batch;
    batch.before = 1;
    ReadToSync(batch, nullptr, {});
    if (batch.failure) connection_.Abandon();
  } catch (const std::exception&) {
    connection_.Abandon();
  }
}

}  // namespace ormc::postgres
