// Against a real PostgreSQL, which libpq's variables (PGHOST, ...) name; skipped without one.
#include "runtime/postgres/session.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "compiler/values/text.h"
#include "runtime/postgres/pool.h"

namespace ormc::postgres {
namespace {

using namespace std::chrono_literals;

Clock::time_point Soon() { return Clock::now() + 10s; }

class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("PGHOST") == nullptr) GTEST_SKIP() << "no PostgreSQL: PGHOST is not set";
    connection_ = Connection::Open("", waiter_, Soon());
  }

  SessionOptions Options() const {
    SessionOptions options;
    options.deadline = Soon();
    return options;
  }

  // The one value of a statement, as Python's repr() shows it.
  std::string ReprOf(const std::string& sql, SessionOptions options) {
    Session session(*connection_, waiter_, std::move(options));
    const Rows rows = session.Query({sql, {}}, {});
    return rows.rows.empty() ? "no row" : Repr(rows.rows[0][0]);
  }
  std::string ReprOf(const std::string& sql) { return ReprOf(sql, Options()); }

  Kind FailureOf(const Statement& statement, SessionOptions options, FetchLimits limits = {}) {
    Session session(*connection_, waiter_, std::move(options));
    try {
      session.Query(statement, limits);
    } catch (const DatabaseFailure& failure) {
      log_ = failure.log();
      return failure.kind();
    }
    ADD_FAILURE() << "no failure: " << statement.sql;
    return Kind::InternalFault;
  }

  // Outside any session of ours: what another client of the database does.
  void Elsewhere(const std::string& sql) {
    const auto other = Connection::Open("", waiter_, Soon());
    Readiness interrupted{};
    other->Queue({sql, {}});
    other->Sync();
    for (int results = 0; results < 3; ++results) other->Next(waiter_, Soon(), interrupted);
  }

  PollWaiter waiter_;
  std::unique_ptr<Connection> connection_;
  std::string log_;
};

TEST_F(SessionTest, WritesAreRefusedByPostgresItself) {
  Elsewhere("CREATE TABLE IF NOT EXISTS written (a int)");
  EXPECT_EQ(FailureOf({"UPDATE written SET a = 1", {}}, Options()), Kind::ReadOnlyViolation);
  EXPECT_EQ(log_, "cannot execute UPDATE in a read-only transaction");
  FailureOf({"SET TRANSACTION READ WRITE", {}}, Options());
  EXPECT_EQ(log_, "transaction read-write mode must be set before any query");
  EXPECT_EQ(FailureOf({"SELECT 1; SELECT 2", {}}, Options()), Kind::StatementInvalid);
  EXPECT_EQ(ReprOf("SELECT 1"), "1") << "the connection is in step again";
}

TEST_F(SessionTest, TheSettingsAreTheTransactionsOwn) {
  const std::string before = ReprOf("SELECT 1");
  SessionOptions options = Options();
  options.time_zone = "Asia/Kathmandu";
  options.search_path = "pg_catalog";
  options.statement_timeout = 1234ms;
  EXPECT_EQ(ReprOf("SELECT concat_ws(' ', current_setting('TimeZone'), current_setting("
                   "'search_path'), current_setting('statement_timeout'), current_setting("
                   "'transaction_isolation'), current_setting('transaction_read_only'))",
                   options),
            "'Asia/Kathmandu pg_catalog 1234ms repeatable read on'");
  EXPECT_NE(ReprOf("SELECT current_setting('search_path')"), "'pg_catalog'");
  EXPECT_EQ(ReprOf("SELECT now()::text LIKE '%+00'"), "True");
}

TEST_F(SessionTest, WhatAStatementSetsEndsWithIt) {
  EXPECT_EQ(ReprOf("SELECT set_config('application_name', 'kept', false)"), "'kept'");
  EXPECT_NE(ReprOf("SELECT current_setting('application_name')"), "'kept'");
}

TEST_F(SessionTest, QueriesSeeOneSnapshot) {
  Elsewhere("DROP TABLE IF EXISTS snapshot");
  Elsewhere("CREATE TABLE snapshot AS SELECT 1 AS a");
  Session session(*connection_, waiter_, Options());
  const auto count = [&] {
    return Repr(session.Query({"SELECT count(*) FROM snapshot", {}}, {}).rows[0][0]);
  };
  EXPECT_EQ(count(), "1");
  Elsewhere("INSERT INTO snapshot SELECT 2");
  EXPECT_EQ(count(), "1");
  session.End();
  EXPECT_EQ(ReprOf("SELECT count(*) FROM snapshot"), "2");
}

TEST_F(SessionTest, AShownResultIsCutAndTheSnapshotStays) {
  Session session(*connection_, waiter_, Options());
  const Rows cut =
      session.Query({"SELECT generate_series(1, 100000000)", {}}, {.rows = 3, .cut = true});
  EXPECT_EQ(cut.rows.size(), 3U);
  EXPECT_TRUE(cut.more);
  EXPECT_EQ(Repr(session.Query({"SELECT 7", {}}, {}).rows[0][0]), "7");
  const Rows whole = session.Query({"SELECT generate_series(1, 3)", {}}, {.rows = 3, .cut = true});
  EXPECT_FALSE(whole.more);
  const Rows drained =
      session.Query({"SELECT generate_series(1, 9)", {}}, {.rows = 3, .cut = true});
  EXPECT_TRUE(drained.more);
}

TEST_F(SessionTest, RowsAndBytesReadAreBounded) {
  EXPECT_EQ(FailureOf({"SELECT generate_series(1, 100000000)", {}}, Options(), {.rows = 1000}),
            Kind::TooManyRowsRead);
  EXPECT_EQ(FailureOf({"SELECT repeat('x', 1000), generate_series(1, 100000000)", {}}, Options(),
                      {.bytes = 100'000}),
            Kind::TooManyBytesRead);
  EXPECT_EQ(ReprOf("SELECT 1"), "1");
}

TEST_F(SessionTest, TimeoutsAndCancellations) {
  SessionOptions options = Options();
  options.statement_timeout = 50ms;
  EXPECT_EQ(FailureOf({"SELECT pg_sleep(20)", {}}, options), Kind::StatementTimeout);
  options = Options();
  options.deadline = Clock::now() + 50ms;
  EXPECT_EQ(FailureOf({"SELECT pg_sleep(20)", {}}, options), Kind::StatementTimeout);
  EXPECT_FALSE(connection_->broken());

  std::stop_source source;
  PollWaiter stoppable(source.get_token());
  std::jthread other([&] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  });
  Session session(*connection_, stoppable, Options());
  try {
    session.Query({"SELECT pg_sleep(20)", {}}, {});
    ADD_FAILURE();
  } catch (const DatabaseFailure& failure) {
    EXPECT_EQ(failure.kind(), Kind::QueryCancelled);
  }
  session.End();
  EXPECT_FALSE(connection_->broken());
  EXPECT_EQ(ReprOf("SELECT 1"), "1");
}

TEST_F(SessionTest, AKilledConnectionIsAFailureAndIsNotKept) {
  Pool pool("", 1);
  {
    const Pool::Lease lease = pool.Acquire(waiter_, Soon());
    Session session(*lease, waiter_, Options());
    const std::string pid = Repr(session.Query({"SELECT pg_backend_pid()", {}}, {}).rows[0][0]);
    Elsewhere("SELECT pg_terminate_backend(" + pid + ")");
    try {
      session.Query({"SELECT 1", {}}, {});
      ADD_FAILURE();
    } catch (const DatabaseFailure& failure) {
      EXPECT_EQ(failure.kind(), Kind::ConnectionFailed);
    }
    EXPECT_TRUE(lease->broken());
  }
  std::string pid;
  {
    const Pool::Lease lease = pool.Acquire(waiter_, Soon());
    Session session(*lease, waiter_, Options());
    pid = Repr(session.Query({"SELECT pg_backend_pid()", {}}, {}).rows[0][0]);
  }
  Elsewhere("SELECT pg_terminate_backend(" + pid + ", 10000)");  // returns when it is gone
  const Pool::Lease lease = pool.Acquire(waiter_, Soon());
  Session session(*lease, waiter_, Options());
  EXPECT_EQ(Repr(session.Query({"SELECT 1", {}}, {}).rows[0][0]), "1");
  EXPECT_THROW(pool.TryAcquire(waiter_, Soon()), DatabaseFailure);
  EXPECT_THROW(pool.Acquire(waiter_, Clock::now() + 20ms), DatabaseFailure);
}

TEST_F(SessionTest, NoDatabaseIsAFailure) {
  EXPECT_THROW(Connection::Open("host=127.0.0.1 port=1", waiter_, Soon()), DatabaseFailure);
  EXPECT_THROW(Connection::Open("dbname=there_is_none", waiter_, Soon()), DatabaseFailure);
}

TEST_F(SessionTest, FailuresHaveOurKindsAndRedactedWords) {
  EXPECT_EQ(FailureOf({"SELECT 1 / 0", {}}, Options()), Kind::DataRefused);
  EXPECT_EQ(FailureOf({"SELECT 'secret'::int", {}}, Options()), Kind::DataRefused);
  EXPECT_EQ(log_.find("secret"), std::string::npos) << log_;
  EXPECT_EQ(FailureOf({"SELECT nothing", {}}, Options()), Kind::StatementInvalid);
  EXPECT_EQ(FailureOf({"SELECT 'infinity'::date", {}}, Options()), Kind::DataRefused);
  EXPECT_EQ(FailureOf({"SELECT '10000-01-01'::timestamptz", {}}, Options()), Kind::DataRefused);
  EXPECT_EQ(FailureOf({"SELECT '0044-03-15 BC'::date", {}}, Options()), Kind::DataRefused);
  EXPECT_EQ(FailureOf({"SELECT '24:00'::time", {}}, Options()), Kind::DataRefused);
}

TEST_F(SessionTest, NulInATextIsADataError) {
  EXPECT_EQ(FailureOf({"SELECT $1", {{25, std::string("a\0b", 3)}}}, Options()), Kind::DataRefused);
  EXPECT_FALSE(connection_->broken());
}

TEST_F(SessionTest, ExplainRunsNothing) {
  Session session(*connection_, waiter_, Options());
  EXPECT_NE(session.Explain({"SELECT pg_sleep($1)", {{0, "60"}}}).find("\"Total Cost\""),
            std::string::npos);
}

TEST_F(SessionTest, TheTransactionEndsWithItsLastStatement) {
  FetchLimits last;
  last.last = true;
  Session session(*connection_, waiter_, Options());
  const Rows asked = session.Query({"SELECT pg_backend_pid()", {}}, last);
  const auto other = Connection::Open("", waiter_, Soon());
  Session beside(*other, waiter_, Options());
  const std::string state = "SELECT state FROM pg_stat_activity WHERE pid = $1::int";
  const Rows seen = beside.Query({state, {{25, Repr(asked.rows.at(0).at(0))}}}, {});
  EXPECT_EQ(Repr(seen.rows.at(0).at(0)), "'idle'");
}

TEST_F(SessionTest, ALastStatementThatFailsOrIsCutLeavesTheConnectionInStep) {
  FetchLimits last;
  last.last = true;
  EXPECT_EQ(FailureOf({"SELECT 1/0", {}}, Options(), last), Kind::DataRefused);
  EXPECT_EQ(ReprOf("SELECT 1"), "1");
  last.rows = 1;
  last.cut = true;
  {
    Session session(*connection_, waiter_, Options());
    EXPECT_TRUE(session.Query({"SELECT generate_series(1, 10000000)", {}}, last).more);
  }
  EXPECT_EQ(ReprOf("SELECT 2"), "2");
}

TEST_F(SessionTest, ReadsEveryTypeAsPythonWould) {
  const std::pair<const char*, const char*> cases[] = {
#include "runtime/postgres/decoded_values.inc"
  };
  for (const auto& [sql, repr] : cases) {
    EXPECT_EQ(ReprOf(std::string("SELECT ") + sql), repr) << sql;
  }
}

TEST_F(SessionTest, WithoutUseTzMomentsAreNaiveOnTheSitesClock) {
  SessionOptions options = Options();
  options.time_zone = "Europe/Berlin";
  options.decode.use_tz = false;
  EXPECT_EQ(ReprOf("SELECT '2024-07-01 10:00:00+00'::timestamptz", options),
            "datetime.datetime(2024, 7, 1, 12, 0)");
}

}  // namespace
}  // namespace ormc::postgres
