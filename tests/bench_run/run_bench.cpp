// The run path of `ormd` against bare libpq: wall time of one answer from the pool to the values, and of
// the same statements sent in one pipeline by libpq alone, in turn.
//
//   run_bench MANIFEST DSN      answers each line of standard input with a line
//
// A line is {"snippet", "now", "tz", "rounds"}; the answer has medians in nanoseconds: "ours" is a lease
// of the pool, the transaction, its settings, the plan's cost, the statement and the decoding; "bare" the
// same statements and parameters in one round trip, with results that nobody reads; "gated" the same, but
// with a round trip for each plan, as nothing may run before its cost is known.
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/manifest/load.h"
#include "compiler/pipeline/compile.h"
#include "compiler/policy/policy.h"
#include "compiler/values/temporal.h"
#include "runtime/execute/execute.h"
#include "runtime/postgres/pool.h"
#include "runtime/postgres/session.h"

namespace {

namespace json = boost::json;
namespace postgres = ormc::postgres;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{10};
constexpr size_t kWarmUp = 20;
constexpr std::string_view kPlan = "EXPLAIN (FORMAT JSON) ";

std::string ReadFile(const char* path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class T>
T Required(ormc::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

// Somebody who may view every model, but is not exempt from the question.
ormc::policy::User Viewer(const ormc::manifest::Manifest& manifest) {
  ormc::policy::User user;
  user.id = ormc::Value::Int(1);
  for (const auto& model : manifest.models) user.view.push_back(model->label);
  return user;
}

class Bare {
 public:
  explicit Bare(const std::string& dsn) : connection_(PQconnectdb(dsn.c_str()), &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK ||
        PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1)
      Fail();
  }

  // In one pipeline, or in one that ends after each plan.
  void Run(const std::vector<postgres::Statement>& statements, bool wait_for_plans) {
    for (const postgres::Statement& statement : statements) {
      Send(statement);
      if (wait_for_plans && statement.sql.starts_with(kPlan)) Receive();
    }
    Receive();
  }

 private:
  void Send(const postgres::Statement& statement) {
    std::vector<Oid> types;
    std::vector<const char*> texts;
    for (const postgres::TypedText& parameter : statement.parameters) {
      types.push_back(parameter.type);
      texts.push_back(parameter.text ? parameter.text->c_str() : nullptr);
    }
    if (PQsendQueryParams(connection_.get(), statement.sql.c_str(), static_cast<int>(types.size()),
                          types.data(), texts.data(), nullptr, nullptr, 0) != 1)
      Fail();
  }
  void Receive() {
    PGconn* raw = connection_.get();
    if (PQpipelineSync(raw) != 1) Fail();
    for (bool synced = false; !synced;) {
      int unsent = PQflush(raw);
      while (PQisBusy(raw) == 1) {
        const auto events = static_cast<int16_t>(unsent == 1 ? POLLIN | POLLOUT : POLLIN);
        pollfd watched{PQsocket(raw), events, 0};
        poll(&watched, 1, -1);
        if (PQconsumeInput(raw) != 1) Fail();
        unsent = PQflush(raw);
      }
      const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(raw), &PQclear);
      const ExecStatusType status = PQresultStatus(result.get());
      if (result && (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)) Fail();
      synced = result && status == PGRES_PIPELINE_SYNC;
    }
  }
  [[noreturn]] void Fail() { throw std::runtime_error(PQerrorMessage(connection_.get())); }

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

template <class Work>
int64_t Nanoseconds(const Work& work) {
  const auto begun = steady_clock::now();
  work();
  return std::chrono::nanoseconds(steady_clock::now() - begun).count();
}

int64_t Median(std::vector<int64_t> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

class Bench {
 public:
  Bench(const char* manifest, const std::string& dsn)
      : manifest_(Required(ormc::manifest::Load(ReadFile(manifest)))),
        visible_(Required(ormc::policy::BuildScope(*manifest_, {}))),
        seen_(ormc::policy::SeenBy(Viewer(*manifest_), {}, visible_)),
        pool_(dsn, 1),
        bare_(dsn) {
    options_.most_cost = 1e9;
  }

  json::object Measure(const json::object& line) {
    ormc::pipeline::Options options;
    options.now = ormc::ParseIsoDateTime(std::string(line.at("now").as_string()));
    options.zone = line.at("tz").as_string();
    const auto compiled =
        ormc::pipeline::Compile(std::string(line.at("snippet").as_string()), seen_, options);
    if (compiled.program == nullptr)
      throw std::runtime_error(ormc::MessageOf(compiled.diagnostics.front()));
    const ormc::execute::ResultSet first = Run(*compiled.program);
    const auto statements = StatementsOf(first);
    std::vector<int64_t> ours;
    std::vector<int64_t> bare;
    std::vector<int64_t> gated;
    for (size_t round = 0; round < kWarmUp + line.at("rounds").to_number<size_t>(); ++round) {
      const int64_t one = Nanoseconds([&] { static_cast<void>(Run(*compiled.program)); });
      const int64_t other = Nanoseconds([&] { bare_.Run(statements, false); });
      const int64_t third = Nanoseconds([&] { bare_.Run(statements, true); });
      if (round < kWarmUp) continue;
      ours.push_back(one);
      bare.push_back(other);
      gated.push_back(third);
    }
    return {{"ours", Median(ours)},
            {"bare", Median(bare)},
            {"gated", Median(gated)},
            {"rows", first.queries.back().rows}};
  }

 private:
  ormc::execute::ResultSet Run(const ormc::program::Program& program) {
    postgres::PollWaiter waiter;
    auto lease = pool_.Acquire(waiter, postgres::Clock::now() + kPatience);
    auto ran = ormc::execute::Execute(program, *lease, waiter, options_);
    if (const auto* failure = std::get_if<ormc::execute::Failure>(&ran))
      throw std::runtime_error(failure->message + " " + failure->log);
    return std::get<ormc::execute::ResultSet>(std::move(ran));
  }

  // What `first` sent, from the transaction's beginning to its end.
  std::vector<postgres::Statement> StatementsOf(const ormc::execute::ResultSet& first) const {
    postgres::SessionOptions session;
    session.statement_timeout = std::chrono::milliseconds(options_.limits.statement_timeout_ms);
    std::vector<postgres::Statement> statements = postgres::Beginning(session);
    for (const ormc::execute::SentQuery& query : first.queries) {
      statements.push_back({std::string(kPlan) + query.sql, query.parameters});
      statements.push_back({query.sql, query.parameters});
    }
    statements.push_back({"ROLLBACK", {}});
    return statements;
  }

  std::shared_ptr<const ormc::manifest::Manifest> manifest_;
  ormc::manifest::ScopedManifest visible_;
  ormc::manifest::ScopedManifest seen_;
  ormc::execute::Options options_;
  postgres::Pool pool_;
  Bare bare_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::runtime_error("usage: run_bench MANIFEST DSN");
    Bench bench(argv[1], argv[2]);
    std::string line;
    while (std::getline(std::cin, line))
      std::cout << json::serialize(bench.Measure(json::parse(line).as_object())) << std::endl;
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "run_bench: " << error.what() << "\n";
    return 1;
  }
}
