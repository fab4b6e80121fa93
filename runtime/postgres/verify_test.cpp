#include "runtime/postgres/verify.h"

#include <gtest/gtest.h>

namespace ormc::postgres {
namespace {

TEST(Verify, PassesWhatTheCompilerEmits) {
  for (const char* sql : {
           "SELECT COUNT(*) FROM \"auth_user\" t0",
           "SELECT t0.\"id\" FROM \"s\".\"t\" t0 WHERE t0.\"a\" = $1 ORDER BY 1 LIMIT $2",
           "WITH c AS MATERIALIZED (SELECT 1) SELECT * FROM c UNION ALL SELECT 2",
           "SELECT EXISTS(SELECT 1 FROM t WHERE x ~* $1)",
           "SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t",
           "SELECT x AT TIME ZONE $1, (y #> $2)::text, date_trunc($3, z) FROM t",
       }) {
    EXPECT_EQ(WhatIsWrongWith(sql), "") << sql;
  }
}

TEST(Verify, RefusesAllElse) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "it is not one statement"},
      {"SELECT 1; SELECT 2", "it is not one statement"},
      {"SELECT 1; DROP TABLE t", "it is not one statement"},
      {"UPDATE t SET a = 1", "it is not a SELECT"},
      {"DELETE FROM t", "it is not a SELECT"},
      {"INSERT INTO t VALUES (1)", "it is not a SELECT"},
      {"EXPLAIN ANALYZE SELECT 1", "it is not a SELECT"},
      {"COPY t TO '/tmp/x'", "it is not a SELECT"},
      {"BEGIN", "it is not a SELECT"},
      {"SELECT 1 INTO t", "SELECT INTO"},
      {"SELECT * FROM t FOR UPDATE", "a row lock"},
      {"SELECT * FROM (SELECT * FROM t FOR SHARE) s", "a row lock"},
      {"WITH w AS (DELETE FROM t RETURNING *) SELECT * FROM w", "a DeleteStmt"},
      {"WITH w AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM w", "a InsertStmt"},
      {"SELECT pg_sleep(9)", "the function pg_sleep"},
      {"SELECT pg_catalog.pg_read_file('x')", "the function pg_read_file"},
      {"SELECT * FROM pg_read_file('x')", "the function pg_read_file"},
      {"SELECT set_config('a', 'b', false)", "the function set_config"},
      {"SELECT 1 ORDER BY lo_import('x')", "the function lo_import"},
      {"SELECT 1 WHERE EXISTS(SELECT query_to_xml('x', true, true, ''))",
       "the function query_to_xml"},
      {"SELECT (SELECT", "it does not parse"},
  };
  for (const auto& [sql, wrong] : cases) EXPECT_EQ(WhatIsWrongWith(sql), wrong) << sql;
  EXPECT_EQ(WhatIsWrongWith(std::string_view("SELECT 1\0; DROP", 15)), "NUL in the text");
}

TEST(Verify, ADeepStatementMeetsNoStackOfOurs) {
  std::string sql = "SELECT ";
  for (int i = 0; i < 400; ++i) sql += "(1 + ";
  sql += "1";
  for (int i = 0; i < 400; ++i) sql += ")";
  EXPECT_EQ(WhatIsWrongWith(sql), "");
}

}  // namespace
}  // namespace ormc::postgres
