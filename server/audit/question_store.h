// The two commits of a question. `Accept` stores question, log row and the user's rate before
// anything runs; `Finish` stores answer and log row. What has the first and not the second was cut
// off, and is closed as interrupted. The log is only ever inserted into.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "server/answer/answer.h"
#include "server/auth/token.h"
#include "server/chat/chat_store.h"
#include "server/store/pool.h"

namespace ormc::server {

// The client's name for a request that it may send again, and what the request was.
struct RetryKey {
  std::string key;
  std::string request_hash;
};

struct Question {
  std::string request_id;
  std::string chat;
  std::string text;
  std::string manifest_fingerprint;
  std::string policy_fingerprint;
  std::optional<RetryKey> retry;
  std::string logged_text;  // as the log has it: without values that belong to masked fields
};

struct Accepted {
  std::string message_id;
  std::string created_at;
};

struct Finished {
  std::string message_id;
  std::string created_at;
  Chat chat;
};

struct KeyTaken : std::exception {};

class QuestionStore {
 public:
  explicit QuestionStore(StorePool& pool) : pool_(pool) {}

  // Throws ProblemError: not-found (no such chat of this user), too-many-questions; and
  // KeyTaken, before anything is stored, where another request came first with the same key.
  boost::asio::awaitable<Accepted> Accept(const User& user, const Question& question,
                                          int64_t questions_a_minute);
  // Counts a call that is no question. Throws ProblemError: too-many-questions.
  boost::asio::awaitable<void> CountCall(const User& user, int64_t questions_a_minute);
  // None where the chat was deleted meanwhile: the log row is written all the same. `stored` is the
  // answer's StoredJson; `events` are the stream's: [{seq, event, data}], for who comes back to it.
  boost::asio::awaitable<std::optional<Finished>> Finish(const User& user, const Question& question,
                                                         const Accepted& accepted,
                                                         const Answer& answer,
                                                         const boost::json::object& stored,
                                                         const boost::json::array& events);
  // The log rows of "Show more" and of an export, which have no message of their own. `source` is
  // the log's word: "page", "export".
  boost::asio::awaitable<void> AcceptPage(const User& user, const Question& question,
                                          const std::string& message, const std::string& snippet,
                                          const char* source);
  boost::asio::awaitable<void> FinishPage(const User& user, const Question& question,
                                          const std::string& message, const Answer& answer,
                                          const char* source);

  // Questions of a process that had our seat (at the start), or that are too old to be alive.
  boost::asio::awaitable<size_t> CloseInterrupted(std::optional<std::string> seat_prefix);
  // Deletes what is only good for minutes: rate windows, keys of retries, events.
  boost::asio::awaitable<void> ForgetShortLived();

 private:
  StorePool& pool_;
};

}  // namespace ormc::server
