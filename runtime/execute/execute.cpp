#include "runtime/execute/execute.h"

#include "compiler/eval/evaluate.h"
#include "compiler/values/temporal.h"
#include "runtime/execute/describe.h"
#include "runtime/execute/source.h"
#include "runtime/postgres/session.h"

namespace ormc::execute {
namespace {

Failure FailureOf(Kind kind, std::vector<std::string> arguments) {
  const Diagnostic diagnostic{kind, {}, std::move(arguments), {}, {}};
  Failure failure;
  failure.kind = kind;
  failure.django = InfoOf(kind).django;
  failure.message = MessageOf(diagnostic);
  failure.hint = HintOf(diagnostic);
  return failure;
}

// The model of a message of Django's: "Order matching query does not exist."
std::string FirstWord(const std::string& message) { return message.substr(0, message.find(' ')); }

Failure FailureOf(const PythonError& error) {
  if (error.django_name == "DoesNotExist") {
    return FailureOf(Kind::DoesNotExist, {FirstWord(error.message)});
  }
  // Of no class that Django has.
  if (error.django_name == "TooFewRows") return FailureOf(Kind::TooFewRows, {});
  if (error.django_name == "RowNotReadable")
    return FailureOf(Kind::RowNotReadable, {error.message});
  Failure failure = error.django_name == "MultipleObjectsReturned"
                        ? FailureOf(Kind::MultipleObjects, {})
                        : FailureOf(Kind::PythonFailed, {error.django_name, error.message});
  failure.django = error.django_name;
  if (failure.kind == Kind::MultipleObjects) failure.message = error.message;
  return failure;
}

Failure FailureOf(const LimitError& error, const Limits& limits) {
  if (error.limit() == "loop_queries") {
    return FailureOf(Kind::TooManyQueries, {std::to_string(limits.loop_queries)});
  }
  return FailureOf(Kind::TooMuchWork, {error.limit()});
}

postgres::SessionOptions SessionOptionsOf(const program::Program& program, const Options& options) {
  postgres::SessionOptions session;
  session.statement_timeout = std::chrono::milliseconds(options.limits.statement_timeout_ms);
  session.deadline = postgres::Clock::now() + options.deadline;
  session.time_zone = program.use_tz ? "UTC" : options.site_zone;
  session.search_path = options.search_path;
  session.decode.use_tz = program.use_tz;
  return session;
}

}  // namespace

Failure FailureOf(const postgres::DatabaseFailure& error) {
  Failure failure = FailureOf(error.kind(), error.arguments);
  if (!error.sqlstate().empty()) failure.django = postgres::DjangoClassOf(error.sqlstate());
  failure.log = error.sqlstate() + " " + error.log();
  return failure;
}

namespace {

// The query whose value is the result as it stands: none is sent after it.  Else null.
const program::Query* LastQuery(const program::Program& program) {
  const auto* run = std::get_if<program::RunQuery>(&program.result->node);
  if (run == nullptr || !program.body.empty()) return nullptr;
  return &program.queries.at(run->query);
}

// The query whose rows are the result, where nothing else looks at them; else null.
const program::Query* OnlyQuery(const program::Program& program) {
  const program::Query* query = LastQuery(program);
  const bool table = query != nullptr && query->shown &&
                     query->fetch == program::FetchKind::kRows &&
                     query->row != program::RowKind::kFlat;
  return table ? query : nullptr;
}

Outcome Run(const program::Program& program, postgres::Connection& connection,
            postgres::Waiter& waiter, const Options& options, RowSink* sink) {
  eval::Context context;
  context.now = program.now.value_or(options.now);
  context.zone = program.zone;
  context.default_zone = options.site_zone;
  context.use_tz = program.use_tz;
  context.limits = options.limits;

  postgres::Session session(connection, waiter, SessionOptionsOf(program, options));
  Source source(session, options, LastQuery(program), sink);
  Failure failure;
  try {
    Value value = eval::Run(program, context, source);
    session.End();
    return Describe(std::move(value), source);
  } catch (const PythonError& error) {
    failure = FailureOf(error);
  } catch (const LimitError& error) {
    failure = FailureOf(error, options.limits);
  } catch (const postgres::DatabaseFailure& error) {
    failure = execute::FailureOf(error);
  }
  failure.queries = source.TakeSent();
  return failure;
}

}  // namespace

Outcome Execute(const program::Program& program, postgres::Connection& connection,
                postgres::Waiter& waiter, const Options& options) {
  return Run(program, connection, waiter, options, nullptr);
}

std::variant<Streamed, Failure> Stream(const program::Program& program,
                                       postgres::Connection& connection, postgres::Waiter& waiter,
                                       const Options& options, RowSink& sink) {
  const program::Query* query = OnlyQuery(program);
  Outcome outcome = Run(program, connection, waiter, options, query != nullptr ? &sink : nullptr);
  if (auto* failure = std::get_if<Failure>(&outcome)) return std::move(*failure);
  auto& set = std::get<ResultSet>(outcome);
  Streamed streamed{true, set.cells.size(), set.truncated, std::move(set.queries)};
  if (query != nullptr) {
    // Django sends nothing for an empty queryset: `none()`, `filter(id__in=[])`.
    if (streamed.queries.empty()) sink.Columns(query->columns);
    streamed.rows = streamed.queries.empty() ? 0 : streamed.queries.back().rows;
    return streamed;
  }
  streamed.is_table = set.kind == AnswerKind::kTable;
  if (!streamed.is_table) return streamed;
  sink.Columns(set.columns);
  for (const std::vector<Value>& cells : set.cells) {
    if (!sink.Row(cells)) break;
  }
  return streamed;
}

}  // namespace ormc::execute
