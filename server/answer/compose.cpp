#include "server/answer/compose.h"

#include <algorithm>
#include <boost/asio/awaitable.hpp>

#include "server/answer/knowledge_store.h"
#include "server/answer/model_answer.h"
#include "server/answer/run_snippet.h"
#include "server/answer/verified.h"
#include "server/observability/log.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;

constexpr size_t kMostSuggestions = 3;
constexpr size_t kMostTried =
    8;  // near questions that are compiled to see whether they may be said

bool IsSyntaxError(const Compilation& compilation) {
  const auto& diagnostics = compilation.compiled.diagnostics;
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.kind == Kind::SyntaxError;
  });
}

// A pasted snippet, or none where the text is a question after all.
asio::awaitable<std::optional<Answer>> FromSnippet(const Asking& asking, ViewPtr view) {
  asking.sink.Send("phase", {{"phase", "compiling"}});
  const Program program = FreezeNow(asking.user, asking.text);
  Compilation compilation = co_await CompileSnippet(asking, view, program);
  if (compilation.accepted())
    co_return co_await RunSnippet(asking, view, std::move(compilation), program, Source::kSnippet);
  const bool words = !asking.is_snippet && asking.text.find(".objects") == std::string::npos &&
                     IsSyntaxError(compilation);
  if (words) co_return std::nullopt;
  co_return DescribeCompilation(compilation, program, Source::kSnippet);
}

// A verified query that the user's view refuses does not exist for that user.
asio::awaitable<std::optional<Answer>> FromVerified(const Asking& asking, ViewPtr view,
                                                    const VerifiedQueries& known) {
  const auto match = MatchVerified(known.queries, known.normalized);
  if (!match) co_return std::nullopt;
  asking.sink.Send("phase", {{"phase", "compiling"}});
  const Program program = FreezeNow(asking.user, match->snippet);
  Compilation compilation = co_await CompileSnippet(asking, view, program);
  if (!compilation.accepted()) co_return std::nullopt;
  Answer answer =
      co_await RunSnippet(asking, view, std::move(compilation), program, Source::kVerified);
  if (answer.status == Status::kOk && !match->explanation.empty())
    answer.content = match->explanation;
  co_return answer;
}

// Near verified queries of the user's view: examples for a model, suggestions for a person.
asio::awaitable<std::vector<Example>> NearExamples(const Asking& asking, ViewPtr view,
                                                   const VerifiedQueries& known) {
  std::vector<Example> examples;
  size_t tried = 0;
  for (const VerifiedQuery* query : NearVerified(known.queries, known.normalized)) {
    if (examples.size() == kMostSuggestions || ++tried > kMostTried) break;
    const Compilation compilation =
        co_await CompileSnippet(asking, view, FreezeNow(asking.user, query->snippet));
    if (compilation.accepted()) examples.push_back({query->question, query->snippet});
  }
  co_return examples;
}

Answer SuggestOnly(const std::vector<Example>& near) {
  Answer answer = FailedAnswer(Failure::kNoModel);
  for (const Example& example : near) answer.suggestions.push_back(example.question);
  if (answer.suggestions.empty()) return answer;
  answer.status = Status::kSuggest;
  answer.content = "Did you mean one of these?";
  return answer;
}

asio::awaitable<Answer> ComposeOrThrow(const Asking& asking) {
  const ViewPtr view = co_await MakeView(asking);
  const bool may_paste = asking.user.May("paste_snippet");
  if (asking.is_snippet || (may_paste && LooksLikeCode(asking.text))) {
    auto answer = co_await FromSnippet(asking, view);
    if (answer) co_return std::move(*answer);
  }
  std::string normalized;
  std::vector<Example> near;
  {  // All that the site has verified is not kept while the model thinks.
    VerifiedQueries known = co_await LoadVerified(asking.services.store, asking.text);
    auto answer = co_await FromVerified(asking, view, known);
    if (answer) co_return std::move(*answer);
    near = co_await NearExamples(asking, ToldOf(view), known);
    normalized = std::move(known.normalized);
  }
  if (!asking.settings.model.configured()) co_return SuggestOnly(near);
  co_return co_await AnswerFromModel(asking, view, std::move(normalized), std::move(near));
}

}  // namespace

bool LooksLikeCode(std::string_view text) {
  if (text.find(".objects") != std::string_view::npos) return true;
  const size_t assigned = text.find("result");
  if (assigned == std::string_view::npos)
    return text.starts_with("from ") && text.find("import ") != std::string_view::npos;
  const size_t next = text.find_first_not_of(' ', assigned + 6);
  return next != std::string_view::npos && text[next] == '=';
}

asio::awaitable<Answer> Compose(Asking asking) {
  try {
    co_return co_await ComposeOrThrow(asking);
  } catch (const std::exception& failure) {
    LogDefect(asking.request_id, failure.what());
  }
  co_return FailedAnswer(Failure::kInternal);
}

}  // namespace ormc::server
