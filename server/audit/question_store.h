// The two commits of a question. `Accept` stores question, log row and the user's rate before
// anything runs; `Finish` stores answer and log row. What has the first and not the second was cut
// off, and is closed as interrupted. The log is only ever inserted into.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "server/answer/answer.h"
#include "server/auth/token.h"
#include "server/chat/chat_store.h"
#include "server/store/pool.h"

namespace ormc::server {

struct Question {
  std::string request_id;
  std::string chat;
  std::string text;
  std::string manifest_fingerprint;
  std::string policy_fingerprint;
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

class QuestionStore {
 public:
  explicit QuestionStore(StorePool& pool) : pool_(pool) {}

  // Throws ProblemError: not-found (no such chat of this user), too-many-questions.
  boost::asio::awaitable<Accepted> Accept(const User& user, const Question& question,
                                          int64_t questions_a_minute);
  // Counts a call that is no question. Throws ProblemError: too-many-questions.
  boost::asio::awaitable<void> CountCall(const User& user, int64_t questions_a_minute);
  // None where the chat was deleted meanwhile: the log row is written all the same.
  boost::asio::awaitable<std::optional<Finished>> Finish(const User& user, const Question& question,
                                                         const Answer& answer);
  // The log rows of "Show more" (source `page`), which has no message of its own.
  boost::asio::awaitable<void> AcceptPage(const User& user, const Question& question,
                                          const std::string& message, const std::string& snippet);
  boost::asio::awaitable<void> FinishPage(const User& user, const Question& question,
                                          const std::string& message, const Answer& answer);

  // Questions of a process that had our seat (at the start), or that are too old to be alive.
  boost::asio::awaitable<size_t> CloseInterrupted(std::optional<std::string> seat_prefix);

 private:
  StorePool& pool_;
};

}  // namespace ormc::server
