#include "server/answer/answer.h"

#include <algorithm>
#include <array>

#include "compiler/base/check.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

struct FailureRow {
  Failure failure;
  std::string_view code;
  std::string_view name;
  std::string_view message;
  std::string_view hint;
  std::string_view whose_move;
  bool retry;
};

constexpr std::string_view kCheckSettings =
    "A superuser can check provider, key and model in AI Assistant -> Settings.";

constexpr std::array kFailures = {
    FailureRow{
        Failure::kNoModel, "ORM751", "no-model",
        "No language model is configured, and no verified query asks exactly this.",
        "A superuser can set a key and a model in AI Assistant -> Settings. Until then, ask a "
        "verified question or paste an ORM snippet.",
        "admin", false},
    FailureRow{Failure::kModelTimeout, "ORM752", "model-timeout",
               "The language model did not answer in time.", "Try again.", "wait", true},
    FailureRow{Failure::kModelKeyRefused, "ORM753", "model-key-refused",
               "The provider of the language model refused the key.", kCheckSettings, "admin",
               false},
    FailureRow{
        Failure::kModelRateLimited, "ORM754", "model-rate-limited",
        "The provider of the language model is asked too often, or the account is exhausted.",
        "Try again in a minute.", "wait", true},
    FailureRow{Failure::kModelGarbage, "ORM755", "model-garbage",
               "The language model's answer could not be read.",
               "Try again, or ask in other words.", "wait", true},
    FailureRow{Failure::kModelUnreachable, "ORM756", "model-unreachable",
               "The provider of the language model cannot be reached.", "Try again.", "wait", true},
    FailureRow{Failure::kModelRefused, "ORM757", "model-refused",
               "This cannot be answered from the data that you may see.", "Ask in other words.",
               "you", false},
    FailureRow{Failure::kSnippetRefused, "ORM758", "snippet-refused", "The snippet was refused.",
               "The diagnostics say why, and what to write instead.", "you", false},
    FailureRow{Failure::kInterrupted, "ORM759", "interrupted",
               "The server stopped while it worked on this question.", "Ask again.", "wait", true},
    FailureRow{Failure::kModelMisconfigured, "ORM760", "model-misconfigured",
               "The provider of the language model did not accept the request.", kCheckSettings,
               "admin", false},
    FailureRow{Failure::kInternal, "ORM900", "internal", "A defect of the assistant.",
               "Try again; if it stays, report the time of this message.", "us", true},
};

json::array Texts(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

// All but what an answer holds as JSON: its result and its lists.
json::object Words(const Answer& answer) {
  json::object body{{"status", NameOf(answer.status)},
                    {"source", NameOf(answer.source)},
                    {"content", answer.content},
                    {"verified", answer.source == Source::kVerified},
                    {"generated", answer.source == Source::kModel},
                    {"meaning", Texts(answer.meaning)},
                    {"permissions", Texts(answer.permissions)},
                    {"rules", Texts(answer.rules)},
                    {"notes", Texts(answer.notes)},
                    {"duration_ms", answer.duration_ms},
                    {"suggestions", Texts(answer.suggestions)}};
  body["snippet"] = answer.snippet ? json::value(*answer.snippet) : json::value();
  body["error"] = answer.error ? json::value(ErrorJson(*answer.error)) : json::value();
  body["model"] = answer.model ? json::value{{"name", answer.model->name},
                                             {"calls", answer.model->calls},
                                             {"prompt_tokens", answer.model->prompt_tokens},
                                             {"completion_tokens", answer.model->completion_tokens}}
                               : json::value();
  return body;
}

}  // namespace

std::string_view NameOf(Status status) {
  switch (status) {
    case Status::kOk:
      return "ok";
    case Status::kSuggest:
      return "suggest";
    case Status::kClarify:
      return "clarify";
    case Status::kRefused:
      return "refused";
    case Status::kError:
      return "error";
  }
  throw InternalError("a status without a name");
}

std::string_view NameOf(Source source) {
  switch (source) {
    case Source::kVerified:
      return "verified";
    case Source::kSnippet:
      return "snippet";
    case Source::kModel:
      return "model";
    case Source::kNone:
      return "none";
  }
  throw InternalError("a source without a name");
}

std::string_view LogStateOf(Status status) {
  switch (status) {
    case Status::kOk:
      return "answered";
    case Status::kSuggest:
    case Status::kClarify:
      return "clarify";
    case Status::kRefused:
      return "refused";
    case Status::kError:
      return "failed";
  }
  throw InternalError("a status without a state");
}

std::string_view OutcomeOf(Status status) {
  switch (status) {
    case Status::kOk:
      return "answer";
    case Status::kSuggest:
    case Status::kClarify:
      return "clarify";
    case Status::kRefused:
      return "refuse";
    case Status::kError:
      return "error";
  }
  throw InternalError("a status without an outcome");
}

AnswerError ErrorOf(Failure failure) {
  const auto* row = std::find_if(kFailures.begin(), kFailures.end(),
                                 [&](const FailureRow& r) { return r.failure == failure; });
  Check(row != kFailures.end(), "a failure without a row");
  return {std::string(row->code), std::string(row->name),       std::string(row->message),
          std::string(row->hint), std::string(row->whose_move), row->retry};
}

Answer FailedAnswer(Failure failure, Status status) {
  Answer answer;
  answer.status = status;
  answer.error = ErrorOf(failure);
  answer.content = answer.error->message;
  return answer;
}

json::object ErrorJson(const AnswerError& error) {
  return {{"code", error.code},
          {"name", error.name},
          {"message", error.message},
          {"hint", error.hint},
          {"whose_move", error.whose_move},
          {"retry", error.retry}};
}

json::object ShownJson(Answer answer) {
  json::object body = Words(answer);
  body["sql"] = std::move(answer.statements);
  body["tables"] = std::move(answer.tables);
  body["diagnostics"] = std::move(answer.diagnostics);
  body["result"] = nullptr;
  if (answer.result) body["result"] = std::move(*answer.result);
  return body;
}

json::object StoredJson(const Answer& answer) {
  json::object body = Words(answer);
  body["sql"] = answer.statements;
  body["tables"] = answer.tables;
  body["diagnostics"] = answer.diagnostics;
  json::value& result = body["result"];
  if (!answer.result) return body;
  json::object& kept = result.emplace_object();
  for (const auto& [name, value] : *answer.result)
    kept[name] = name == "rows" ? json::value() : value;
  return body;
}

json::object MessageJson(json::object answer, std::string_view id, std::string_view chat,
                         std::string_view created_at) {
  answer["id"] = id;
  answer["chat"] = chat;
  answer["role"] = "assistant";
  answer["created_at"] = created_at;
  return answer;
}

}  // namespace ormc::server
