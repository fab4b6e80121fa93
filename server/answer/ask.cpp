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

// A chat is called after its first stable answer: the model's title, else the question's first
// line.
std::string TitleOf(const Answer& answer, const Question& question, bool is_snippet) {
  if (answer.status != Status::kOk) return "";
  if (!answer.title.empty()) return answer.title;
  if (is_snippet && !answer.meaning.empty()) return CutText(answer.meaning.front(), kTitleBytes);
  return CutText(std::string_view(question.text).substr(0, question.text.find('\n')), kTitleBytes);
}

struct Event {
  const char* name;
  json::value data;
};

// What a stream says between the last phase and `done`, of an answer as it is shown or stored.
std::vector<Event> LastEvents(const json::object& answer) {
  std::vector<Event> events;
  if (!answer.at("result").is_null())
    events.push_back({"result", {{"result", answer.at("result")}}});
  if (answer.at("status") == "error") events.push_back({"error", {{"error", answer.at("error")}}});
  return events;
}

// The events that the store keeps: nothing of the site's rows is in them.
json::array StoredEvents(const EventLog& log, const json::object& stored) {
  json::array events = log.Recorded();
  for (Event& event : LastEvents(stored))
    events.push_back(
        {{"seq", events.size() + 1}, {"event", event.name}, {"data", std::move(event.data)}});
  return events;
}

}  // namespace

asio::awaitable<std::unique_ptr<const Asked>> AcceptQuestion(Services& services, const User& user,
                                                             Question question, bool is_snippet) {
  auto accepted = std::make_unique<Asked>();
  Asked& asked = *accepted;
  asked.user = user;
  asked.question = std::move(question);
  asked.is_snippet = is_snippet;
  std::vector<Statement> standing;
  standing.push_back(services.settings.Ask());
  standing.push_back(services.sites.Ask(user.manifest));
  const std::vector<Rows> rows = co_await services.store.Together(std::move(standing));
  asked.settings = services.settings.Read(rows[0]);
  if (!asked.settings.enabled) throw ProblemError(Problem::kDisabled);
  asked.place = services.places.Take(user.id, asked.settings.limits);
  asked.site = co_await services.sites.Read(user.manifest, rows[1]);
  asked.question.manifest_fingerprint = asked.site->manifest_fingerprint;
  asked.question.policy_fingerprint = asked.site->policy_fingerprint;
  asked.question.logged_text = services.engine.Redacted(*asked.site, asked.question.text);
  asked.accepted = co_await services.questions.Accept(user, asked.question,
                                                      asked.settings.limits.questions_per_minute);
  co_return accepted;
}

asio::awaitable<json::object> AnswerQuestion(Services& services, const Asked& asked,
                                             std::shared_ptr<EventLog> log) {
  const auto started = Clock::now();
  NoSink nobody;
  EventSink& sink = log ? static_cast<EventSink&>(*log) : nobody;
  const Asking asking{services,       asked.user,       asked.site, asked.settings,
                      asked.question, asked.is_snippet, sink};
  const AnswerPtr composed = co_await Compose(asking);
  Answer& answer = *composed;
  const std::chrono::duration<double, std::milli> took = Clock::now() - started;
  answer.duration_ms = took.count();
  answer.title = TitleOf(answer, asked.question, asked.is_snippet);

  if (answer.snippet)
    answer.logged_snippet = services.engine.Redacted(*asked.site, *answer.snippet);
  const json::object stored = StoredJson(answer);
  const json::array events = log ? StoredEvents(*log, stored) : json::array();
  const auto finished = co_await services.questions.Finish(asked.user, asked.question,
                                                           asked.accepted, answer, stored, events);
  LogQuestionEnded(asked.question.request_id, NameOf(answer.source), NameOf(answer.status),
                   answer.error ? answer.error->code : "", answer.duration_ms);
  services.metrics.Question(NameOf(answer.source), NameOf(answer.status), took.count() / 1e3);
  if (!finished) throw ProblemError(Problem::kNotFound, "the chat was deleted meanwhile");

  json::object shown = ShownJson(std::move(answer));
  if (log) {
    for (const Event& event : LastEvents(shown)) log->Send(event.name, event.data);
  }
  json::object exchange{{"chat", ChatJson(finished->chat)},
                        {"question", QuestionJson(asked.accepted.message_id, asked.question.chat,
                                                  asked.question.text, asked.accepted.created_at)},
                        {"answer", MessageJson(std::move(shown), finished->message_id,
                                               asked.question.chat, finished->created_at)}};
  if (log) log->Send("done", exchange);
  co_return exchange;
}

}  // namespace ormc::server
