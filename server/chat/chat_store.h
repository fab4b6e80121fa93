// Chats and their messages, as their owner sees them: every statement names the owner, so another
// user's chat is one that does not exist.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/pool.h"

namespace ormc::server {

struct Chat {
  std::string id;
  std::string title;
  std::string created_at;
  std::string updated_at;
};
boost::json::object ChatJson(const Chat& chat);
boost::json::object QuestionJson(const std::string& id, const std::string& chat,
                                 const std::string& content, const std::string& created_at);

struct ChatPage {
  std::vector<Chat> chats;
  std::optional<std::string> next_before;
};

struct HistoryPage {
  Chat chat;
  std::vector<boost::json::object> messages;  // oldest first
  std::optional<std::string> next_before;
};

// The program behind an answer, for "Show more".
struct StoredProgram {
  std::string chat;
  std::string snippet;
  std::string frozen_now;
  std::string time_zone;
};

// All of these throw StoreError; none is "there is no such chat of this owner".
class ChatStore {
 public:
  explicit ChatStore(StorePool& pool) : pool_(pool) {}

  // `before` is a cursor that a page gave; throws ProblemError where it is not one.
  boost::asio::awaitable<ChatPage> List(std::string owner, int64_t limit,
                                        std::optional<std::string> before);
  boost::asio::awaitable<Chat> Create(std::string owner, std::string title);
  boost::asio::awaitable<std::optional<HistoryPage>> History(std::string owner, std::string chat,
                                                             int64_t limit,
                                                             std::optional<std::string> before);
  boost::asio::awaitable<std::optional<Chat>> Rename(std::string owner, std::string chat,
                                                     std::string title);
  boost::asio::awaitable<bool> Delete(std::string owner, std::string chat);
  boost::asio::awaitable<std::optional<StoredProgram>> ProgramOf(std::string owner,
                                                                 std::string message);

 private:
  StorePool& pool_;
};

}  // namespace ormc::server
