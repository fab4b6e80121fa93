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
asio::awaitable<AnswerPtr> FromSnippet(const Asking& asking, ViewPtr view) {
  asking.sink.Send("phase", {{"phase", "compiling"}});
  const Program program = FreezeNow(asking.user, asking.question.text);
  Compilation compilation = co_await CompileSnippet(asking, view, program);
  if (compilation.accepted())
    co_return co_await RunSnippet(asking, view, std::move(compilation), program, Source::kSnippet);
  const bool words = !asking.is_snippet &&
                     asking.question.text.find(".objects") == std::string::npos &&
                     IsSyntaxError(compilation);
  if (words) co_return nullptr;
  co_return std::make_unique<Answer>(DescribeCompilation(compilation, program, Source::kSnippet));
}

// A verified query that the user's view refuses does not exist for that user.
asio::awaitable<AnswerPtr> FromVerified(const Asking& asking, ViewPtr view,
                                        const VerifiedQueries& known) {
  const auto match = MatchVerified(known.queries, known.normalized);
  if (!match) co_return nullptr;
  asking.sink.Send("phase", {{"phase", "compiling"}});
  const Program program = FreezeNow(asking.user, match->snippet);
  Compilation compilation = co_await CompileSnippet(asking, view, program);
  if (!compilation.accepted()) co_return nullptr;
  AnswerPtr answer =
      co_await RunSnippet(asking, view, std::move(compilation), program, Source::kVerified);
  if (answer->status == Status::kOk && !match->explanation.empty())
    answer->content = match->explanation;
  co_return answer;
}

// Near verified queries of the user's view: examples for a model, suggestions for a person.
asio::awaitable<std::vector<Example>> NearExamples(const Asking& asking, ViewPtr view,
                                                   const VerifiedQueries& known) {
  std::vector<Example> near;
  for (const VerifiedQuery* query : NearVerified(known.queries, known.normalized)) {
    if (near.size() == kMostTried) break;
    near.push_back({query->question, query->snippet});
  }
  co_return co_await AcceptedOf(asking, view, std::move(near), kMostSuggestions);
}

Answer SuggestOnly(const std::vector<Example>& near) {
  Answer answer = FailedAnswer(Failure::kNoModel);
  for (const Example& example : near) answer.suggestions.push_back(example.question);
  if (answer.suggestions.empty()) return answer;
  answer.status = Status::kSuggest;
  answer.content = "Did you mean one of these?";
  return answer;
}

asio::awaitable<AnswerPtr> ComposeOrThrow(const Asking& asking) {
  const ViewPtr view = asking.services.engine.ViewOf(asking.site, asking.user);
  const bool may_paste = asking.user.May("paste_snippet");
  if (asking.is_snippet || (may_paste && LooksLikeCode(asking.question.text))) {
    AnswerPtr answer = co_await FromSnippet(asking, view);
    if (answer) co_return answer;
  }
  Payload payload;
  {  // What is known is not kept while the model thinks.
    Knowledge known = co_await LoadKnowledge(asking.services.store, asking.user.id,
                                             asking.question.chat, asking.question.text);
    AnswerPtr answer = co_await FromVerified(asking, view, known.verified);
    if (answer) co_return answer;
    std::vector<Example> near = co_await NearExamples(asking, ToldOf(view), known.verified);
    if (!asking.settings.model.configured()) co_return std::make_unique<Answer>(SuggestOnly(near));
    payload = co_await MakePayload(asking, view, std::move(known), std::move(near));
  }
  co_return co_await AnswerFromModel(asking, view, std::move(payload));
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

asio::awaitable<AnswerPtr> Compose(Asking asking) {
  try {
    co_return co_await ComposeOrThrow(asking);
  } catch (const std::exception& failure) {
    LogDefect(asking.question.request_id, failure.what());
  }
  co_return std::make_unique<Answer>(FailedAnswer(Failure::kInternal));
}

}  // namespace ormc::server
