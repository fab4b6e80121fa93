// An answer: what is stored, logged and sent. Its JSON is MESSAGE of docs/contract/http.md.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ormc::server {

enum class Status : uint8_t { kOk, kSuggest, kClarify, kRefused, kError };
enum class Source : uint8_t { kVerified, kSnippet, kModel, kNone };

std::string_view NameOf(Status status);
std::string_view NameOf(Source source);
std::string_view LogStateOf(Status status);  // ai_assistant_querylog.state
std::string_view OutcomeOf(Status status);   // ai_assistant_message.outcome

// Why there is no answer, in our own words.
struct AnswerError {
  std::string code;
  std::string name;
  std::string message;
  std::string hint;
  std::string whose_move;  // "you", "admin", "wait", "us"
  bool retry = false;
};

// The rows of docs/contract/http.md, "Errors of an answer".
enum class Failure : uint8_t {
  kNoModel,
  kModelTimeout,
  kModelKeyRefused,
  kModelRateLimited,
  kModelGarbage,
  kModelUnreachable,
  kModelRefused,
  kSnippetRefused,
  kInterrupted,
  kModelMisconfigured,
  kInternal,
};
AnswerError ErrorOf(Failure failure);

struct ModelUse {
  std::string name;
  int64_t calls = 0;
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
};

struct Answer {
  Status status = Status::kError;
  Source source = Source::kNone;
  std::string content;
  std::optional<std::string> snippet;
  boost::json::array statements;
  std::optional<boost::json::object> result;
  std::vector<std::string> meaning;
  boost::json::array tables;
  std::vector<std::string> permissions;
  std::vector<std::string> rules;
  std::vector<std::string> notes;
  double duration_ms = 0;
  std::optional<ModelUse> model;
  boost::json::array diagnostics;
  std::optional<AnswerError> error;
  std::vector<std::string> suggestions;

  // Not shown: for the store and the log.
  std::string title;       // what a new chat is called after this answer
  std::string frozen_now;  // of the compiled program, "" without one
  std::string frozen_zone;
  uint64_t rows = 0;
  bool truncated = false;
  std::string error_detail;
  std::optional<std::string> logged_snippet;  // without values that belong to masked fields
  boost::json::array calls;  // what was sent to the model: [{ordinal, host, payload, reply}]
};

// An answer on its way: null where there is none. Ten thousand frames may wait for one.
using AnswerPtr = std::unique_ptr<Answer>;

// An answer that says `failure` and nothing else.
Answer FailedAnswer(Failure failure, Status status = Status::kError);

boost::json::object ErrorJson(const AnswerError& error);
// Every member but id, chat, role and created_at: what is stored. Rows of tables are left out.
boost::json::object StoredJson(const Answer& answer);
// The same with the rows.
boost::json::object ShownJson(Answer answer);
// An answer as a client sees it, from what is stored or shown.
boost::json::object MessageJson(boost::json::object answer, std::string_view id,
                                std::string_view chat, std::string_view created_at);

}  // namespace ormc::server
