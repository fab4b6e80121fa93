#include "server/chat/chat_store.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "server/answer/answer.h"
#include "server/http/problem.h"
#include "server/store/time_text.h"

namespace ormc::server {
namespace {

namespace json = boost::json;
namespace asio = boost::asio;

#define CHAT_COLUMNS "id, title, " ORMC_TIME_TEXT("created_at") ", " ORMC_TIME_TEXT("updated_at")

constexpr const char* kList =
    "SELECT " CHAT_COLUMNS
    " FROM ai_assistant_chat"
    " WHERE owner_id = $1 AND ($2::timestamptz IS NULL OR (updated_at, id) < ($2::timestamptz, $3))"
    " ORDER BY updated_at DESC, id DESC LIMIT $4";
constexpr const char* kCreate =
    "INSERT INTO ai_assistant_chat (owner_id, title) VALUES ($1, $2) RETURNING " CHAT_COLUMNS;
constexpr const char* kFind =
    "SELECT " CHAT_COLUMNS " FROM ai_assistant_chat WHERE owner_id = $1 AND id = $2";
constexpr const char* kMessages =
    "SELECT id, role, content, result, " ORMC_TIME_TEXT("created_at")
    " FROM ai_assistant_message"
    " WHERE chat_id = $1 AND role <> 'system' AND ($2::bigint IS NULL OR id < $2)"
    " ORDER BY id DESC LIMIT $3";
constexpr const char* kRename =
    "UPDATE ai_assistant_chat SET title = $3 WHERE owner_id = $1 AND id = $2"
    " RETURNING " CHAT_COLUMNS;
// The foreign keys are deferred, so that one statement may delete both ends.
constexpr const char* kDelete =
    "WITH gone AS (SELECT id FROM ai_assistant_chat WHERE owner_id = $1 AND id = $2),"
    " said AS (SELECT id FROM ai_assistant_message WHERE chat_id IN (SELECT id FROM gone)),"
    " events AS (DELETE FROM ai_assistant_streamevent"
    "  WHERE message_id IN (SELECT id FROM said)),"
    " thumbs AS (DELETE FROM ai_assistant_feedback WHERE message_id IN (SELECT id FROM said)),"
    " kept AS (UPDATE ai_assistant_favorite SET message_id = NULL"
    "  WHERE message_id IN (SELECT id FROM said)),"
    " messages AS (DELETE FROM ai_assistant_message WHERE id IN (SELECT id FROM said))"
    " DELETE FROM ai_assistant_chat WHERE id IN (SELECT id FROM gone) RETURNING id";
constexpr const char* kProgram =
    "SELECT m.chat_id, m.snippet, " ORMC_TIME_TEXT("m.frozen_now")
    ", m.frozen_tz FROM ai_assistant_message m JOIN ai_assistant_chat c ON c.id = m.chat_id"
    " WHERE c.owner_id = $1 AND m.id = $2";
#undef CHAT_COLUMNS

Chat ChatOf(const Rows& rows, int row) {
  return {rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3)};
}

json::object MessageOf(const Rows& rows, int row, const std::string& chat) {
  const std::string id = rows.text(row, 0);
  const std::string created_at = rows.text(row, 4);
  if (rows.text(row, 1) == "user") return QuestionJson(id, chat, rows.text(row, 2), created_at);
  return MessageJson(json::parse(rows.text(row, 3)).as_object(), id, chat, created_at);
}

bool IsDigits(std::string_view text) {
  return !text.empty() && text.size() < 19 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

[[noreturn]] void BadCursor() {
  throw ProblemError(Problem::kBadRequest, "`before` is not a cursor of a page");
}

// "2026-11-22T11:04:05.123456Z_7": the place after a chat in the order of the list.
std::string CursorOf(const Chat& chat) {
  return chat.updated_at.substr(0, chat.updated_at.find('+')) + "Z_" + chat.id;
}

}  // namespace

json::object ChatJson(const Chat& chat) {
  return {{"id", chat.id},
          {"title", chat.title},
          {"created_at", chat.created_at},
          {"updated_at", chat.updated_at}};
}

json::object QuestionJson(const std::string& id, const std::string& chat,
                          const std::string& content, const std::string& created_at) {
  return {{"id", id},
          {"chat", chat},
          {"role", "user"},
          {"content", content},
          {"created_at", created_at}};
}

asio::awaitable<ChatPage> ChatStore::List(std::string owner, int64_t limit,
                                          std::optional<std::string> before) {
  Param time;
  Param id;
  if (before) {
    const size_t bar = before->find('_');
    if (bar == std::string::npos) BadCursor();
    time = before->substr(0, bar);
    id = before->substr(bar + 1);
    if (time->size() != 27 || time->find_first_not_of("0123456789-:.TZ") != std::string::npos ||
        !IsDigits(*id))
      BadCursor();
  }
  const Rows rows = co_await pool_.Query(kList, owner, time, id, std::to_string(limit + 1));
  ChatPage page;
  for (int row = 0; row < std::min<int64_t>(rows.size(), limit); ++row)
    page.chats.push_back(ChatOf(rows, row));
  if (rows.size() > limit) page.next_before = CursorOf(page.chats.back());
  co_return page;
}

asio::awaitable<Chat> ChatStore::Create(std::string owner, std::string title) {
  const Rows rows = co_await pool_.Query(kCreate, owner, title);
  co_return ChatOf(rows, 0);
}

asio::awaitable<std::optional<HistoryPage>> ChatStore::History(std::string owner, std::string chat,
                                                               int64_t limit,
                                                               std::optional<std::string> before) {
  if (before && !IsDigits(*before)) BadCursor();
  const Rows found = co_await pool_.Query(kFind, owner, chat);
  if (found.empty()) co_return std::nullopt;
  const Rows rows = co_await pool_.Query(kMessages, chat, before, std::to_string(limit + 1));
  HistoryPage page{ChatOf(found, 0), {}, {}};
  for (int row = 0; row < std::min<int64_t>(rows.size(), limit); ++row)
    page.messages.push_back(MessageOf(rows, row, chat));
  if (rows.size() > limit) page.next_before = rows.text(static_cast<int>(limit) - 1, 0);
  std::reverse(page.messages.begin(), page.messages.end());
  co_return page;
}

asio::awaitable<std::optional<Chat>> ChatStore::Rename(std::string owner, std::string chat,
                                                       std::string title) {
  const Rows rows = co_await pool_.Query(kRename, owner, chat, title);
  if (rows.empty()) co_return std::nullopt;
  co_return ChatOf(rows, 0);
}

asio::awaitable<bool> ChatStore::Delete(std::string owner, std::string chat) {
  const Rows rows = co_await pool_.Query(kDelete, owner, chat);
  co_return !rows.empty();
}

asio::awaitable<std::optional<StoredProgram>> ChatStore::ProgramOf(std::string owner,
                                                                   std::string message) {
  const Rows rows = co_await pool_.Query(kProgram, owner, message);
  if (rows.empty()) co_return std::nullopt;
  // A question, or an answer without a program.
  if (rows.null(0, 1) || rows.null(0, 2)) throw ProblemError(Problem::kNotPageable);
  co_return StoredProgram{rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3)};
}

}  // namespace ormc::server
