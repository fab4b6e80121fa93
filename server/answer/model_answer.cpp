#include "server/answer/model_answer.h"

#include <chrono>
#include <memory>

#include "server/answer/run_snippet.h"
#include "server/llm/answer_parser.h"
#include "server/llm/chat_client.h"
#include "server/llm/words_stream.h"
#include "server/observability/log.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

using CompletionPtr = std::unique_ptr<Completion>;

constexpr int kMostRepairs = 1;

Failure FailureOf(Reply reply) {
  switch (reply) {
    case Reply::kTimeout:
      return Failure::kModelTimeout;
    case Reply::kUnauthorised:
      return Failure::kModelKeyRefused;
    case Reply::kRateLimited:
      return Failure::kModelRateLimited;
    case Reply::kUnreachable:
      return Failure::kModelUnreachable;
    case Reply::kModelNotFound:
    case Reply::kNotAllowed:
    case Reply::kRejected:
      return Failure::kModelMisconfigured;
    case Reply::kOk:
    case Reply::kGarbage:
      return Failure::kModelGarbage;
  }
  return Failure::kModelGarbage;
}

// What the model said where it gave no snippet.
Answer AnswerInWords(const ModelAnswer& said) {
  switch (said.kind) {
    case ModelAnswer::Kind::kClarify: {
      Answer answer;
      answer.status = Status::kClarify;
      answer.content = said.text.empty() ? "What do you mean exactly?" : said.text;
      answer.suggestions = said.choices;
      return answer;
    }
    case ModelAnswer::Kind::kRefuse: {
      Answer answer = FailedAnswer(Failure::kModelRefused, Status::kRefused);
      if (!said.text.empty()) answer.content = said.text;
      return answer;
    }
    case ModelAnswer::Kind::kGarbage:
    case ModelAnswer::Kind::kSnippet:
      break;
  }
  return FailedAnswer(Failure::kModelGarbage);
}

class Conversation {
 public:
  Conversation(const Asking& asking, ViewPtr view, Payload payload)
      : asking_(asking),
        view_(std::move(view)),
        payload_(std::move(payload)),
        deadline_(Clock::now() + asking.settings.model.timeout) {
    use_.name = asking.settings.model.model;
  }

  asio::awaitable<AnswerPtr> Run() {
    AnswerPtr answer;
    for (int repair = 0; answer == nullptr; ++repair) {
      const CompletionPtr completion = co_await Ask();
      answer = co_await Take(*completion, repair < kMostRepairs);
    }
    answer->source = Source::kModel;
    answer->model = use_;
    answer->calls = std::move(calls_);
    asking_.services.metrics.Tokens(use_.prompt_tokens, use_.completion_tokens);
    co_return answer;
  }

 private:
  // One call. Nothing else lives in its frame, since this is where a question waits.
  asio::awaitable<CompletionPtr> Ask() {
    asking_.sink.Send("phase", {{"phase", "thinking"}});
    auto completion = std::make_unique<Completion>();
    *completion = co_await Complete(
        asking_.services.provider_links, asking_.settings.model, payload_, deadline_ - Clock::now(),
        static_cast<size_t>(asking_.settings.limits.model_bytes), Listener());
    Count(*completion);
    co_return completion;
  }

  // What came of a call; none where the compiler refused the snippet and the model may mend it.
  asio::awaitable<AnswerPtr> Take(const Completion& completion, bool may_mend) {
    if (completion.reply != Reply::kOk) co_return std::make_unique<Answer>(Failed(completion));
    const ModelAnswer said = ParseModelAnswer(completion.text);
    if (said.kind == ModelAnswer::Kind::kGarbage)
      LogModelFailed(asking_.question.request_id, "garbage", said.found);
    if (said.kind != ModelAnswer::Kind::kSnippet)
      co_return std::make_unique<Answer>(AnswerInWords(said));

    asking_.sink.Send("phase", {{"phase", "compiling"}});
    const Program program = FreezeNow(asking_.user, said.snippet);
    Compilation compilation = co_await CompileSnippet(asking_, ToldOf(view_), program);
    if (!compilation.accepted()) {
      if (!may_mend) co_return Refused(compilation, program);
      AddMessages(*payload_,
                  {{"assistant", completion.text},
                   {"user", "The compiler refused this snippet:\n" + compilation.diagnostics_text +
                                "\nWrite the whole answer again, mended."}});
      co_return nullptr;
    }
    // The answer is the person's, who may see more than the model was told.
    if (&view_->told() != view_.get()) {
      compilation = co_await CompileSnippet(asking_, view_, program);
      if (!compilation.accepted()) co_return Refused(compilation, program);
    }
    if (!told_ && !said.text.empty()) asking_.sink.Send("text", {{"text", said.text}});
    AnswerPtr answer =
        co_await RunSnippet(asking_, view_, std::move(compilation), program, Source::kModel);
    if (answer->status == Status::kOk && !said.text.empty()) answer->content = said.text;
    answer->title = said.title;
    co_return answer;
  }

  static AnswerPtr Refused(const Compilation& compilation, const Program& program) {
    return std::make_unique<Answer>(DescribeCompilation(compilation, program, Source::kModel));
  }

  // The first answer's words, as they come. Those of a mended one replace them at the end.
  TextListener Listener() {
    if (use_.calls > 0) return {};
    const auto words = std::make_shared<WordsStream>();
    return [this, words](std::string_view piece) {
      const std::string shown = words->Take(piece);
      if (shown.empty()) return;
      told_ = true;
      asking_.sink.Send("text", {{"text", shown}});
    };
  }

  void Count(const Completion& completion) {
    ++use_.calls;
    use_.prompt_tokens += completion.prompt_tokens;
    use_.completion_tokens += completion.completion_tokens;
    calls_.push_back({{"ordinal", use_.calls},
                      {"host", asking_.settings.model.base_url},
                      {"payload", payload_->Whole()},
                      {"reply", NameOf(completion.reply)}});
  }

  Answer Failed(const Completion& completion) const {
    LogModelFailed(asking_.question.request_id, NameOf(completion.reply), completion.detail);
    Answer failed = FailedAnswer(FailureOf(completion.reply));
    failed.error_detail = completion.detail;
    if (completion.retry_after_seconds) {
      failed.error->hint =
          "Try again in " + std::to_string(*completion.retry_after_seconds) + " seconds.";
    }
    return failed;
  }

  const Asking& asking_;
  ViewPtr view_;
  Payload payload_;
  Clock::time_point deadline_;
  ModelUse use_;
  boost::json::array calls_;
  bool told_ = false;  // whether words were sent
};

}  // namespace

asio::awaitable<Payload> MakePayload(const Asking& asking, ViewPtr view, Knowledge known,
                                     std::vector<Example> examples) {
  const ViewPtr told = ToldOf(view);
  PromptMaterial material;
  material.question = asking.question.text;
  material.today = FreezeNow(asking.user, "").frozen_now.substr(0, 10);
  material.time_zone = asking.user.time_zone;
  material.examples = std::move(examples);
  material.glossary = FittingTerms(known.glossary, told->scope(), known.verified.normalized);
  // Those that name nothing but what is told: a snippet that a person pasted may name more, and so
  // may one from before a permission was taken away.
  const size_t turns = known.turns.size();
  material.turns = co_await AcceptedOf(asking, told, std::move(known.turns), turns);
  if (!told->listed) {
    told->listed =
        std::make_shared<const ModelLines>(ListModels(told->scope(), told->tells_choices()));
  }
  co_return PayloadOf(asking.settings.model, BuildPrompt(*told->listed, material));
}

asio::awaitable<AnswerPtr> AnswerFromModel(const Asking& asking, ViewPtr view, Payload payload) {
  Conversation conversation(asking, std::move(view), std::move(payload));
  co_return co_await conversation.Run();
}

}  // namespace ormc::server
