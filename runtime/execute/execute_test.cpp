// Programs made by hand, against a real PostgreSQL (PGHOST, ...); skipped without one.
#include "runtime/execute/execute.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "compiler/values/temporal.h"
#include "compiler/values/text.h"
#include "runtime/execute/to_json.h"

namespace ormc::execute {
namespace {

using namespace std::chrono_literals;
using program::ExprPtr;

ExprPtr RunOf(uint32_t query) { return program::Make({}, program::RunQuery{query}); }
ExprPtr ConstantOf(Value value) { return program::Make({}, program::Constant{std::move(value)}); }

program::Query QueryOf(std::string sql, std::vector<std::string> names) {
  program::Query query;
  query.variants = {{std::move(sql), {}}};
  for (std::string& name : names) {
    program::Column column;
    column.name = std::move(name);
    query.columns.push_back(std::move(column));
  }
  return query;
}

class ExecuteTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("PGHOST") == nullptr) GTEST_SKIP() << "no PostgreSQL: PGHOST is not set";
    connection_ = postgres::Connection::Open("", waiter_, postgres::Clock::now() + 10s);
    options_.now = DateTime{{2024, 7, 1}, {.hour = 12, .zone = Utc()}};
  }

  // A program whose result is its last query.
  program::Program ProgramOf(std::vector<program::Query> queries) const {
    program::Program program;
    program.queries = std::move(queries);
    program.result = RunOf(static_cast<uint32_t>(program.queries.size() - 1));
    return program;
  }

  ResultSet ResultOf(const program::Program& program) {
    Outcome outcome = Execute(program, *connection_, waiter_, options_);
    if (const auto* failure = std::get_if<Failure>(&outcome)) {
      ADD_FAILURE() << failure->message << " " << failure->log;
      return {};
    }
    return std::get<ResultSet>(std::move(outcome));
  }

  Failure FailureOf(const program::Program& program) {
    Outcome outcome = Execute(program, *connection_, waiter_, options_);
    if (const auto* result = std::get_if<ResultSet>(&outcome)) {
      ADD_FAILURE() << Repr(result->value);
      return {};
    }
    return std::get<Failure>(std::move(outcome));
  }

  postgres::PollWaiter waiter_;
  std::unique_ptr<postgres::Connection> connection_;
  Options options_;
};

TEST_F(ExecuteTest, ACountIsANumber) {
  program::Query query = QueryOf("SELECT COUNT(*) FROM generate_series(1, $1)", {"__count"});
  query.variants[0].parameters.push_back({ConstantOf(Value::Int(7)), {}, {}});
  query.fetch = program::FetchKind::kScalar;
  const ResultSet result = ResultOf(ProgramOf({query}));
  EXPECT_EQ(result.kind, AnswerKind::kNumber);
  ASSERT_EQ(result.queries.size(), 1U);
  EXPECT_EQ(result.queries[0].rows, 1U);
  boost::json::object json = ToJson(result);
  json["queries"].as_array()[0].as_object()["ms"] = 0;
  EXPECT_EQ(boost::json::serialize(json),
            R"~({"result":7,"kind":"number","columns":[],"truncated":false,)~"
            R"~("queries":[{"sql":"SELECT COUNT(*) FROM generate_series(1, $1)",)~"
            R"~("params":[{"type":"integer","value":"7"}],"rows":1,"ms":0}]})~");
}

TEST_F(ExecuteTest, PostgresItselfRefusesToWrite) {
  const program::Program program = ProgramOf({QueryOf("UPDATE pg_class SET relname = ''", {"x"})});
  EXPECT_EQ(FailureOf(program).kind, Kind::UnverifiedSql);
  options_.verify = false;
  const Failure failure = FailureOf(program);
  EXPECT_EQ(failure.kind, Kind::ReadOnlyViolation);
  EXPECT_EQ(failure.django, "InternalError");
  EXPECT_EQ(failure.log, "25006 cannot execute UPDATE in a read-only transaction");
}

TEST_F(ExecuteTest, AShownQueryIsATableThatIsCut) {
  program::Query query = QueryOf("SELECT i, i * 2 FROM generate_series(1, 10) i", {"id", "twice"});
  query.row = program::RowKind::kDict;
  query.columns[0].link = "shop.Order";
  query.shown = true;
  options_.limits.max_rows = 3;
  ResultSet result = ResultOf(ProgramOf({query}));
  EXPECT_EQ(result.kind, AnswerKind::kTable);
  EXPECT_TRUE(result.truncated);
  ASSERT_EQ(result.cells.size(), 3U);
  EXPECT_EQ(result.columns[0].link, "shop.Order");
  EXPECT_EQ(result.columns[1].type, "integer");
  EXPECT_EQ(Repr(result.cells[2][1]), "6");

  options_.offset = 8;
  result = ResultOf(ProgramOf({query}));
  EXPECT_FALSE(result.truncated);
  ASSERT_EQ(result.cells.size(), 2U);
  EXPECT_EQ(Repr(result.cells[0][0]), "9");
}

TEST_F(ExecuteTest, AnEmptyTableHasItsColumns) {
  program::Query query = QueryOf("SELECT 1, 2 WHERE false", {"id", "name"});
  query.shown = true;
  const ResultSet result = ResultOf(ProgramOf({query}));
  EXPECT_EQ(result.kind, AnswerKind::kTable);
  EXPECT_EQ(result.columns.size(), 2U);
}

TEST_F(ExecuteTest, RowsReadAreNeverCut) {
  program::Query query = QueryOf("SELECT generate_series(1, 1000)", {"i"});
  query.row = program::RowKind::kFlat;
  options_.limits.read_rows = 999;
  const Failure failure = FailureOf(ProgramOf({query}));
  EXPECT_EQ(failure.kind, Kind::TooManyRowsRead);
  EXPECT_EQ(failure.message, "more than 999 rows would be read to compute this");
  EXPECT_NE(failure.hint, "");
  options_.limits.read_rows = 1000;
  EXPECT_EQ(ResultOf(ProgramOf({query})).value.list()->items.size(), 1000U);
}

TEST_F(ExecuteTest, QueriesOfAProgramSeeOneSnapshotAndEachOther) {
  program::Query first = QueryOf("SELECT txid_current_if_assigned() IS NULL, now()", {"a", "b"});
  first.fetch = program::FetchKind::kRow;
  program::Query second = QueryOf("SELECT $1::timestamptz = now()", {"same"});
  second.fetch = program::FetchKind::kScalar;
  const ExprPtr moment = program::Make(
      {}, program::Subscript{program::Make({}, program::Local{0}), ConstantOf(Value::Str("b"))});
  second.variants[0].parameters.push_back({moment, {}, {}});
  program::Program program = ProgramOf({first, second});
  program.slots = 1;
  program.body.push_back({{}, program::Assign{program::Target{0, {}}, RunOf(0)}});
  options_.verify = false;  // txid_* is on the verifier's list
  const ResultSet result = ResultOf(program);
  EXPECT_EQ(Repr(result.value), "True");
  EXPECT_EQ(result.queries.size(), 2U);
}

TEST_F(ExecuteTest, VariantsFollowWhatIsNone) {
  program::Query query = QueryOf("SELECT 'is given'", {"x"});
  query.fetch = program::FetchKind::kScalar;
  query.variants.push_back({"SELECT 'is none'", {}});
  query.none_tests.push_back(ConstantOf(Value::None()));
  EXPECT_EQ(Repr(ResultOf(ProgramOf({query})).value), "'is none'");
  query.variants[1] = {};
  query.empty_value = Value::Int(0);
  const ResultSet empty = ResultOf(ProgramOf({query}));
  EXPECT_EQ(Repr(empty.value), "0");
  EXPECT_TRUE(empty.queries.empty());
}

TEST_F(ExecuteTest, ErrorsAreDjangos) {
  program::Query query = QueryOf("SELECT 1 WHERE false", {"id"});
  query.fetch = program::FetchKind::kGet;
  query.model = "shop.Order";
  const Failure missing = FailureOf(ProgramOf({query}));
  EXPECT_EQ(missing.kind, Kind::DoesNotExist);
  EXPECT_EQ(missing.django, "DoesNotExist");
  EXPECT_EQ(missing.message, "no `Order` matches the query");

  const Failure data = FailureOf(ProgramOf({QueryOf("SELECT 1 / 0", {"x"})}));
  EXPECT_EQ(data.kind, Kind::DataRefused);
  EXPECT_EQ(data.django, "DataError");
  EXPECT_EQ(data.message.find("zero value"), std::string::npos);
  EXPECT_EQ(FailureOf(ProgramOf({QueryOf("SELECT sum('a'::text)", {"x"})})).django,
            "ProgrammingError");
  EXPECT_EQ(boost::json::serialize(ToJson(missing).at("error")),
            R"({"code":"ORM601","django":"DoesNotExist","message":"no `Order` matches the query",)"
            R"("hint":"`.first()` gives None where there is no row"})");
}

TEST_F(ExecuteTest, TheProgramsClockIsFrozen) {
  program::Program program;
  program.result = program::Make({}, program::CallBuiltin{"timezone.now", {}, {}});
  EXPECT_EQ(ToJson(ResultOf(program)).at("result").as_string(), "2024-07-01T12:00:00+00:00");
  program.now = DateTime{{2020, 1, 1}, {.zone = Utc()}};
  EXPECT_EQ(ToJson(ResultOf(program)).at("result").as_string(), "2020-01-01T00:00:00+00:00");
}

}  // namespace
}  // namespace ormc::execute
