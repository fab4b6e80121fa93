// Questions that were accepted before, with their answers where these are stored: what a request
// that is sent again and a stream that is taken up again are answered with.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/audit/question_store.h"
#include "server/store/pool.h"

namespace ormc::server {

struct StoredExchange {
  boost::json::object exchange;  // EXCHANGE of docs/contract/http.md, where `answered`
  bool answered = false;
};

struct StoredEvent {
  int64_t seq = 0;
  std::string event;
  boost::json::value data;
};

// All of these throw StoreError.
class ExchangeStore {
 public:
  explicit ExchangeStore(StorePool& pool) : pool_(pool) {}

  // The question that the user sent with this key within a day, or none. Throws ProblemError:
  // idempotency-key-reused, where it was another.
  boost::asio::awaitable<std::optional<std::string>> QuestionOf(std::string user, RetryKey retry);
  // None where the owner has no such question.
  boost::asio::awaitable<std::optional<StoredExchange>> Load(std::string owner,
                                                             std::string question);
  // What the stream of an answered question said after `seen`, without its `done`.
  boost::asio::awaitable<std::vector<StoredEvent>> Events(std::string question, int64_t seen);

 private:
  StorePool& pool_;
};

}  // namespace ormc::server
