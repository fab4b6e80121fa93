// execute: a compiled program, run on one snapshot.
//
//   execute.h      the door: Execute, ResultSet
//   source.cpp     a query's rows -> the value of its Fetch; limits; the record of what was sent
//   rows.h         a row of columns -> tuple, dict, instance; Django's converters
//   json_text.cpp  JSON text -> value, as json.loads
//   mask.cpp       how a masked column is shown
//   describe.cpp   what kind of answer a value is, and its table
//   to_json.h      the JSON of the command line's contract
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/program/program.h"
#include "compiler/values/value.h"
#include "runtime/postgres/connection.h"
#include "runtime/postgres/waiter.h"

namespace ormc::execute {

struct Options {
  Limits limits;                  // max_rows: of each query that is shown
  size_t offset = 0;              // rows of a shown query to leave out: "show more"
  DateTime now;                   // aware, UTC; where the program has none of its own
  std::string site_zone = "UTC";  // settings.TIME_ZONE
  std::string search_path;        // "": the role's own
  // For the answer as a whole: queries, rows on their way, evaluation.
  std::chrono::milliseconds deadline{30'000};
  // By PostgreSQL's own estimate, asked before each query; over it the answer reads as a timeout's
  // does.  0: not asked.
  double most_cost = 0;
  // Only a test of what PostgreSQL itself refuses turns it off.
  bool verify = true;
};

// One query, as it was sent.
struct SentQuery {
  std::string sql;
  std::vector<postgres::TypedText> parameters;
  size_t rows = 0;
  double milliseconds = 0;
};

enum class AnswerKind : uint8_t {
  kNone,
  kNumber,
  kText,
  kBool,
  kDate,
  kDateTime,
  kTime,
  kDuration,
  kList,
  kDict,
  kTable,
};
std::string_view NameOf(AnswerKind kind);  // "number"

struct ResultSet {
  Value value;
  AnswerKind kind = AnswerKind::kNone;
  std::vector<program::Column> columns;   // of a table
  std::vector<std::vector<Value>> cells;  // of a table: `value` in the order of `columns`
  bool truncated = false;                 // a shown query has more rows
  std::vector<SentQuery> queries;
};

struct Failure {
  Kind kind = Kind::DatabaseFailed;
  std::string django;   // the class that Django would raise: "DoesNotExist", or ""
  std::string message;  // for the user: never PostgreSQL's words
  std::string hint;
  std::string log;  // for the log only
  std::vector<SentQuery> queries;
};

// As Execute tells it; for who opens the connection.
Failure FailureOf(const postgres::DatabaseFailure& error);

using Outcome = std::variant<ResultSet, Failure>;

// Takes a table row by row.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void Columns(const std::vector<program::Column>& columns) = 0;  // once, before the rows
  virtual bool Row(const std::vector<Value>& cells) = 0;  // false: no more is wanted
};

// What was written to a RowSink.
struct Streamed {
  bool is_table = true;  // false: nothing was written
  uint64_t rows = 0;
  bool truncated = false;  // there are more than `limits.max_rows`, or than were wanted
  std::vector<SentQuery> queries;
};

// Never throws but for a bug of ours (InternalError).  The waiter suspends, the rest computes.
Outcome Execute(const program::Program& program, postgres::Connection& connection,
                postgres::Waiter& waiter, const Options& options);

// The same for a table of many rows: a result that is a queryset is written as its rows come, in
// constant memory; another one is computed first, within the limits of what is read.
std::variant<Streamed, Failure> Stream(const program::Program& program,
                                       postgres::Connection& connection, postgres::Waiter& waiter,
                                       const Options& options, RowSink& sink);

}  // namespace ormc::execute
