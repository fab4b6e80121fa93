#include "server/answer/ask.h"

#include <chrono>

#include "server/answer/text.h"
#include "server/observability/log.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr size_t kTitleBytes = 80;

class NoSink : public EventSink {
 public:
  void Send(std::string_view, const json::value&) override {}
};

class Running {
 public:
  explicit Running(size_t& count) : count_(count) { ++count_; }
  ~Running() { --count_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  size_t& count_;
};

// A chat is called after its first stable answer: the model's title, else the question's first
// line.
std::string TitleOf(const Answer& answer, const Question& question, bool is_snippet) {
  if (answer.status != Status::kOk) return "";
  if (!answer.title.empty()) return answer.title;
  if (is_snippet && !answer.meaning.empty()) return CutText(answer.meaning.front(), kTitleBytes);
  return CutText(std::string_view(question.text).substr(0, question.text.find('\n')), kTitleBytes);
}

}  // namespace

asio::awaitable<Asked> AcceptQuestion(Services& services, const User& user, std::string request_id,
                                      std::string chat, std::string text, bool is_snippet) {
  if (services.running >= services.most_running) throw ProblemError(Problem::kOverloaded, {}, 5);
  Asked asked{user, {std::move(request_id), std::move(chat), std::move(text), {}, {}},
              {},   {},
              {},   is_snippet};
  asked.settings = co_await services.settings.Get();
  if (!asked.settings.enabled) throw ProblemError(Problem::kDisabled);
  asked.site = co_await services.sites.Get(user.manifest);
  asked.question.manifest_fingerprint = asked.site->manifest_fingerprint;
  asked.question.policy_fingerprint = asked.site->policy_fingerprint;
  asked.accepted =
      co_await services.questions.Accept(user, asked.question, asked.settings.questions_a_minute);
  co_return asked;
}

asio::awaitable<json::object> AnswerQuestion(Services& services, Asked asked,
                                             std::shared_ptr<EventSink> sink) {
  const Running running(services.running);
  const auto started = Clock::now();
  if (!sink) sink = std::make_shared<NoSink>();
  Asking asking{services,
                asked.user,
                asked.site,
                asked.settings,
                asked.question.chat,
                asked.question.request_id,
                asked.question.text,
                asked.is_snippet,
                *sink};
  Answer answer = co_await Compose(std::move(asking));
  const std::chrono::duration<double, std::milli> took = Clock::now() - started;
  answer.duration_ms = took.count();
  answer.title = TitleOf(answer, asked.question, asked.is_snippet);

  const auto finished = co_await services.questions.Finish(asked.user, asked.question, answer);
  LogQuestionEnded(asked.question.request_id, NameOf(answer.source), NameOf(answer.status),
                   answer.error ? answer.error->code : "", answer.duration_ms);
  services.metrics.Question(NameOf(answer.source), NameOf(answer.status), took.count() / 1e3);
  if (!finished) throw ProblemError(Problem::kNotFound, "the chat was deleted meanwhile");

  if (answer.result) sink->Send("result", {{"result", *answer.result}});
  if (answer.status == Status::kError) sink->Send("error", {{"error", ErrorJson(*answer.error)}});
  json::object exchange{{"chat", ChatJson(finished->chat)},
                        {"question", QuestionJson(asked.accepted.message_id, asked.question.chat,
                                                  asked.question.text, asked.accepted.created_at)},
                        {"answer", MessageJson(ShownJson(answer), finished->message_id,
                                               asked.question.chat, finished->created_at)}};
  sink->Send("done", exchange);
  co_return exchange;
}

}  // namespace ormc::server
