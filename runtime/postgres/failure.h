// postgres: libpq without blocking, and nothing of it beyond this room.
//
//   failure.h     why a query gave no rows: our code, and what only the log may see
//   waiter.h      how to wait for a socket: poll(), or whatever suspends a coroutine
//   connection.h  one connection in pipeline mode
//   decode.h      text of a column -> Value
//   session.h     one read-only snapshot: every query of an answer, then ROLLBACK
//   verify.h      a second parser's word on each statement before it runs
//   pool.h        a bounded number of connections
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"

namespace ormc::postgres {

// Leaves the evaluator in the middle of a program; caught by Execute, never beyond.
class DatabaseFailure : public std::exception {
 public:
  explicit DatabaseFailure(Kind kind, std::string sqlstate = {}, std::string log = {})
      : kind_(kind), sqlstate_(std::move(sqlstate)), log_(std::move(log)) {}

  Kind kind() const { return kind_; }
  const std::string& sqlstate() const { return sqlstate_; }
  // PostgreSQL's words without the values in them; for the log only (they are an oracle).
  const std::string& log() const { return log_; }
  std::vector<std::string> arguments;
  const char* what() const noexcept override { return "the database gave no rows"; }

 private:
  Kind kind_;
  std::string sqlstate_;
  std::string log_;
};

// The class of a SQLSTATE: "22012" -> DataRefused.
Kind KindOfSqlstate(std::string_view sqlstate);

// The exception that Django would raise: "22012" -> "DataError".
std::string_view DjangoClassOf(std::string_view sqlstate);

// Quoted parts, which may hold values, become "…".
std::string Redacted(std::string_view message);

}  // namespace ormc::postgres
