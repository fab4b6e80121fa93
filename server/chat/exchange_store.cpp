#include "server/chat/exchange_store.h"

#include <boost/json/parse.hpp>

#include "server/chat/chat_store.h"
#include "server/http/problem.h"
#include "server/store/time_text.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// What the table still holds of an old key must not stand in the way of the new one.
constexpr const char* kFindKey =
    "WITH old AS (DELETE FROM ai_assistant_idempotencykey WHERE user_id = $1 AND key = $2"
    "  AND created_at < now() - interval '24 hours')"
    " SELECT request_hash, message_id FROM ai_assistant_idempotencykey"
    " WHERE user_id = $1 AND key = $2 AND created_at >= now() - interval '24 hours'";
constexpr const char* kLoad =
    "SELECT c.id, c.title, " ORMC_TIME_TEXT("c.created_at") ", " ORMC_TIME_TEXT(
        "c.updated_at") ", q.content, " ORMC_TIME_TEXT("q.created_at") ", a.id, a.result, "
    ORMC_TIME_TEXT("a.created_at")
    " FROM ai_assistant_message q JOIN ai_assistant_chat c ON c.id = q.chat_id"
    " LEFT JOIN ai_assistant_message a ON a.reply_to_id = q.id"
    " WHERE c.owner_id = $1 AND q.id = $2 AND q.role = 'user'";
constexpr const char* kEvents =
    "SELECT seq, event, data FROM ai_assistant_streamevent WHERE message_id = $1 AND seq > $2"
    " ORDER BY seq";

}  // namespace

asio::awaitable<std::optional<std::string>> ExchangeStore::QuestionOf(std::string user,
                                                                      RetryKey retry) {
  const Rows rows = co_await pool_.Query(kFindKey, user, retry.key);
  if (rows.empty()) co_return std::nullopt;
  if (rows.text(0, 0) != retry.request_hash) throw ProblemError(Problem::kKeyReused);
  co_return rows.text(0, 1);
}

asio::awaitable<std::optional<StoredExchange>> ExchangeStore::Load(std::string owner,
                                                                   std::string question) {
  const Rows rows = co_await pool_.Query(kLoad, owner, question);
  if (rows.empty()) co_return std::nullopt;
  const Chat chat{rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3)};
  StoredExchange stored;
  stored.exchange["chat"] = ChatJson(chat);
  stored.exchange["question"] = QuestionJson(question, chat.id, rows.text(0, 4), rows.text(0, 5));
  stored.answered = !rows.null(0, 6);
  if (stored.answered) {
    stored.exchange["answer"] = MessageJson(json::parse(rows.text(0, 7)).as_object(),
                                            rows.text(0, 6), chat.id, rows.text(0, 8));
  }
  co_return stored;
}

asio::awaitable<std::vector<StoredEvent>> ExchangeStore::Events(std::string question,
                                                                int64_t seen) {
  const Rows rows = co_await pool_.Query(kEvents, question, std::to_string(seen));
  std::vector<StoredEvent> events;
  for (int row = 0; row < rows.size(); ++row)
    events.push_back({rows.integer(row, 0), rows.text(row, 1), json::parse(rows.text(row, 2))});
  co_return events;
}

}  // namespace ormc::server
