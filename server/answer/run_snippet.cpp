#include "server/answer/run_snippet.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "server/async/within.h"
#include "server/observability/log.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;

// "2026-11-22T11:04:05.123456+00:00"
std::string NowText() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(now - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}+00:00",
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

constexpr std::string_view kPlainWords = "Here is what was found.";

}  // namespace

Program FreezeNow(const User& user, std::string snippet) {
  return {std::move(snippet), NowText(), user.time_zone};
}

ViewPtr ToldOf(const ViewPtr& view) { return {view, &view->told()}; }

asio::awaitable<Compilation> CompileSnippet(const Asking& asking, ViewPtr view, Program program) {
  co_return co_await OnPool(asking.services.workers,
                            [&] { return asking.services.engine.Compile(*view, program); });
}

namespace {

// None where `verdict` does not know one that counts.
template <class Verdict>
std::optional<std::vector<Example>> FirstAccepted(const std::vector<Example>& examples, size_t most,
                                                  const Verdict& verdict) {
  std::vector<Example> accepted;
  for (const Example& example : examples) {
    if (accepted.size() == most) break;
    const std::optional<bool> accepts = verdict(example.snippet);
    if (!accepts) return std::nullopt;
    if (*accepts) accepted.push_back(example);
  }
  return accepted;
}

}  // namespace

asio::awaitable<std::vector<Example>> AcceptedOf(const Asking& asking, ViewPtr view,
                                                 std::vector<Example> examples, size_t most) {
  Engine& engine = asking.services.engine;
  auto accepted = FirstAccepted(examples, most, [&](const std::string& snippet) {
    return engine.Remembered(*view, snippet);
  });
  if (!accepted) {
    accepted = co_await OnPool(asking.services.workers, [&] {
      return FirstAccepted(examples, most, [&](const std::string& snippet) {
        return std::optional(engine.Accepts(*view, FreezeNow(asking.user, snippet)));
      });
    });
  }
  co_return std::move(*accepted);
}

Answer DescribeCompilation(const Compilation& compilation, const Program& program, Source source) {
  Answer answer =
      compilation.accepted() ? Answer{} : FailedAnswer(Failure::kSnippetRefused, Status::kRefused);
  const pipeline::Explanation& explanation = compilation.compiled.explanation;
  answer.source = source;
  answer.snippet = compilation.snippet;
  answer.statements = compilation.statements;
  answer.tables = compilation.tables;
  answer.diagnostics = compilation.diagnostics;
  answer.permissions = explanation.permissions;
  answer.rules = explanation.rules;
  answer.notes = explanation.notes;
  if (!explanation.sentence.empty()) answer.meaning.push_back(explanation.sentence);
  if (!compilation.accepted()) {
    // The first diagnostic in its own words: it names what is wrong ("cannot execute UPDATE ...").
    if (!compilation.diagnostics.empty())
      answer.content = compilation.diagnostics.front().at("message").as_string().c_str();
    return answer;
  }
  answer.status = Status::kOk;
  answer.content = explanation.sentence.empty() ? std::string(kPlainWords) : explanation.sentence;
  answer.frozen_now = program.frozen_now;
  answer.frozen_zone = program.time_zone;
  return answer;
}

asio::awaitable<AnswerPtr> RunSnippet(const Asking& asking, ViewPtr view, Compilation compilation,
                                      Program program, Source source) {
  asking.sink.Send("snippet", {{"snippet", compilation.snippet}});
  asking.sink.Send("phase", {{"phase", "running"}});
  auto answer = std::make_unique<Answer>(DescribeCompilation(compilation, program, source));
  Outcome outcome = co_await OnPool(asking.services.workers, [&] {
    return asking.services.engine.Run(*view, compilation, Page{});
  });
  if (!outcome.statements.empty()) answer->statements = std::move(outcome.statements);
  if (outcome.error) {
    LogRunFailed(asking.question.request_id, outcome.error->code, outcome.error_detail);
    answer->status = Status::kError;
    answer->content = outcome.error->message;
    answer->error = std::move(outcome.error);
    answer->error_detail = std::move(outcome.error_detail);
    co_return answer;
  }
  answer->rows = outcome.rows;
  answer->truncated = outcome.truncated;
  answer->result = std::move(outcome.result);
  co_return answer;
}

}  // namespace ormc::server
