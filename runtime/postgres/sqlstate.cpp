#include <utility>

#include "runtime/postgres/failure.h"

namespace ormc::postgres {
namespace {

// A SQLSTATE or its first two letters (the class).  The first row that fits is taken.
struct Row {
  std::string_view prefix;
  Kind kind;
};
constexpr Row kRows[] = {
    {"57014", Kind::StatementTimeout},  // a cancellation of ours is told apart by the session
    {"25006", Kind::ReadOnlyViolation}, {"42501", Kind::DatabasePermission},
    {"28", Kind::ConnectionFailed},                                     // the role may not log in
    {"3D", Kind::ConnectionFailed},                                     // no such database
    {"08", Kind::ConnectionFailed},     {"53300", Kind::DatabaseBusy},  // too many connections
    {"57P", Kind::ConnectionFailed},  // shutdown, crash, starting up
    {"57", Kind::ConnectionFailed},     {"22", Kind::DataRefused},
    {"42", Kind::StatementInvalid},  // no such function for these types, and kin
};

// psycopg's and so Django's exception of a class of SQLSTATEs, by its first letters.
constexpr std::pair<std::string_view, std::string_view> kDjango[] = {
    {"08", "OperationalError"}, {"0A", "NotSupportedError"}, {"20", "ProgrammingError"},
    {"21", "ProgrammingError"}, {"22", "DataError"},         {"23", "IntegrityError"},
    {"24", "InternalError"},    {"25", "InternalError"},     {"26", "ProgrammingError"},
    {"28", "OperationalError"}, {"2B", "InternalError"},     {"2D", "InternalError"},
    {"2F", "OperationalError"}, {"34", "ProgrammingError"},  {"38", "OperationalError"},
    {"39", "OperationalError"}, {"3B", "OperationalError"},  {"3D", "ProgrammingError"},
    {"3F", "ProgrammingError"}, {"40", "OperationalError"},  {"42", "ProgrammingError"},
    {"44", "ProgrammingError"}, {"53", "OperationalError"},  {"54", "OperationalError"},
    {"55", "OperationalError"}, {"57", "OperationalError"},  {"58", "OperationalError"},
    {"F", "OperationalError"},  {"H", "OperationalError"},   {"P", "ProgrammingError"},
    {"X", "InternalError"},
};

}  // namespace

std::string_view DjangoClassOf(std::string_view sqlstate) {
  for (const auto& [prefix, name] : kDjango) {
    if (sqlstate.starts_with(prefix)) return name;
  }
  return "DatabaseError";
}

Kind KindOfSqlstate(std::string_view sqlstate) {
  for (const Row& row : kRows) {
    if (sqlstate.starts_with(row.prefix)) return row.kind;
  }
  return Kind::DatabaseFailed;
}

std::string Redacted(std::string_view message) {
  std::string out;
  char quote = 0;
  for (const char c : message) {
    if (quote != 0) {
      if (c == quote) {
        out += c;
        quote = 0;
      }
      continue;
    }
    out += (c == '\n' || c == '\r') ? ' ' : c;
    if (c == '"' || c == '\'') {
      quote = c;
      out += "…";
    }
  }
  return out;
}

}  // namespace ormc::postgres
