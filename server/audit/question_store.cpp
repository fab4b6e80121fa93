#include "server/audit/question_store.h"

#include <boost/json/serialize.hpp>
#include <chrono>
#include <cmath>
#include <vector>

#include "server/http/problem.h"
#include "server/store/time_text.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// One statement, so one commit. The rate is counted even where the question is refused for it.
constexpr const char* kAccept =
    "WITH chat AS (SELECT id FROM ai_assistant_chat WHERE owner_id = $1 AND id = $2 FOR UPDATE),"
    " rate AS (INSERT INTO ai_assistant_ratewindow (user_id, window_start, count)"
    "  SELECT $3::varchar, date_trunc('minute', now()), 1 FROM chat"
    "  ON CONFLICT (user_id, window_start)"
    "  DO UPDATE SET count = ai_assistant_ratewindow.count + 1 RETURNING count),"
    " question AS (INSERT INTO ai_assistant_message (chat_id, role, content)"
    "  SELECT chat.id, 'user', $4::text FROM chat, rate WHERE rate.count <= $5::int"
    "  RETURNING id, chat_id, created_at),"
    " touched AS (UPDATE ai_assistant_chat c SET updated_at = now() FROM question q"
    "  WHERE c.id = q.chat_id),"
    " logged AS (INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id, username,"
    "   chat_id, message_id, question, manifest_fingerprint, policy_fingerprint)"
    "  SELECT $6::uuid, 'accepted', 'running', $3::varchar, left($7::text, 150), chat_id, id,"
    "   $12::text, $8::varchar, $9::varchar FROM question),"
    " kept AS (INSERT INTO ai_assistant_idempotencykey (user_id, key, request_hash, message_id)"
    "  SELECT $3::varchar, $10::varchar, $11::varchar, id FROM question"
    "  WHERE $10::varchar IS NOT NULL)"
    " SELECT q.id, " ORMC_TIME_TEXT("q.created_at") " FROM chat LEFT JOIN question q ON true";

// The log row does not depend on the chat, which may be gone. `updated` sets the title once.
constexpr const char* kFinish =
    "WITH chat AS (SELECT id FROM ai_assistant_chat WHERE owner_id = $1 AND id = $2 FOR UPDATE),"
    " answer AS (INSERT INTO ai_assistant_message (chat_id, role, content, outcome, snippet,"
    "   frozen_now, frozen_tz, result, error_code, reply_to_id)"
    "  SELECT chat.id, 'assistant', $3::text, $4::varchar, $5::text, $6::timestamptz,"
    "   $7::varchar, $8::jsonb, $9::varchar, $27::bigint FROM chat"
    "  RETURNING id, chat_id, created_at),"
    " events AS (INSERT INTO ai_assistant_streamevent (message_id, seq, event, data)"
    "  SELECT $27::bigint, e.seq, e.event, e.data FROM answer,"
    "   jsonb_to_recordset($28::jsonb) AS e (seq int, event varchar, data jsonb)),"
    " updated AS (UPDATE ai_assistant_chat c SET updated_at = now(),"
    "   title = CASE WHEN c.title = '' THEN left($10::text, 200) ELSE c.title END"
    "  FROM answer a WHERE c.id = a.chat_id"
    "  RETURNING c.id, c.title, c.created_at, c.updated_at),"
    " called AS (INSERT INTO ai_assistant_modelcall (request_id, ordinal, host, payload, reply)"
    "  SELECT $11::uuid, c.ordinal, c.host, c.payload, c.reply FROM"
    "   jsonb_to_recordset($30::jsonb)"
    "   AS c (ordinal int, host varchar, payload text, reply varchar)),"
    " logged AS (INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id, username,"
    "   chat_id, message_id, question, snippet, source, duration_ms, rows, truncated, error_code,"
    "   error_detail, model, tokens_in, tokens_out, manifest_fingerprint, policy_fingerprint)"
    "  VALUES ($11::uuid, 'ended', $12::varchar, $13::varchar, left($14::text, 150), $15::bigint,"
    "   (SELECT id FROM answer), $16::text, $29::text, $17::varchar, $18::int, $19::bigint,"
    "   $20::bool, $9::varchar, $21::text, left($22::text, 120), $23::int, $24::int, $25::varchar,"
    "   $26::varchar) ON CONFLICT (request_id, phase) DO NOTHING)"
    " SELECT a.id, " ORMC_TIME_TEXT("a.created_at") ", u.id, u.title, " ORMC_TIME_TEXT(
        "u.created_at") ", " ORMC_TIME_TEXT("u.updated_at") " FROM answer a, updated u";

constexpr const char* kCount =
    "INSERT INTO ai_assistant_ratewindow (user_id, window_start, count)"
    " VALUES ($1, date_trunc('minute', now()), 1) ON CONFLICT (user_id, window_start)"
    " DO UPDATE SET count = ai_assistant_ratewindow.count + 1 RETURNING count";

constexpr const char* kAcceptPage =
    "INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id, username, chat_id,"
    "  message_id, snippet, source, manifest_fingerprint, policy_fingerprint)"
    " VALUES ($1, 'accepted', 'running', $2, left($3::text, 150), $4, $5, $6, $7, $8, $9)";
constexpr const char* kFinishPage =
    "INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id, username, chat_id,"
    "  message_id, snippet, source, duration_ms, rows, truncated, error_code, error_detail,"
    "  manifest_fingerprint, policy_fingerprint)"
    " VALUES ($1, 'ended', $2, $3, left($4::text, 150), $5, $6, $7, $8, $9, $10, $11, $12, $13,"
    "  $14, $15) ON CONFLICT (request_id, phase) DO NOTHING";

// Pages and exports have no message to answer.
constexpr const char* kCloseInterrupted =
    "WITH cut AS (SELECT a.* FROM ai_assistant_querylog a WHERE a.phase = 'accepted'"
    "   AND (a.created_at < now() - interval '5 minutes'"
    "        OR ($1::text IS NOT NULL AND starts_with(a.request_id::text, $1::text)))"
    "   AND NOT EXISTS (SELECT FROM ai_assistant_querylog e"
    "        WHERE e.request_id = a.request_id AND e.phase = 'ended')),"
    " closed AS (INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id, username,"
    "   chat_id, message_id, question, snippet, source, error_code, manifest_fingerprint,"
    "   policy_fingerprint)"
    "  SELECT request_id, 'ended', 'interrupted', user_id, username, chat_id, message_id, question,"
    "   snippet, source, $2::varchar, manifest_fingerprint, policy_fingerprint FROM cut"
    "  ON CONFLICT (request_id, phase) DO NOTHING"
    "  RETURNING request_id, chat_id, message_id, source),"
    " told AS (INSERT INTO ai_assistant_message (chat_id, role, content, outcome, result,"
    "   error_code, reply_to_id)"
    "  SELECT q.chat_id, 'assistant', $3::text, 'error', $4::jsonb, $2::varchar, q.id"
    "  FROM closed JOIN ai_assistant_message q ON q.id = closed.message_id"
    "  WHERE closed.source NOT IN ('page', 'export'))"
    " SELECT count(*) FROM closed";

constexpr const char* kForget =
    "WITH windows AS (DELETE FROM ai_assistant_ratewindow"
    "   WHERE window_start < now() - interval '1 hour'),"
    " keys AS (DELETE FROM ai_assistant_idempotencykey"
    "   WHERE created_at < now() - interval '24 hours')"
    " DELETE FROM ai_assistant_streamevent WHERE created_at < now() - interval '24 hours'";

constexpr std::string_view kUniqueViolation = "23505";

std::string Number(double value) { return std::to_string(std::llround(value)); }

// The log's word for where the snippet came from.
std::string LogSource(Source source) {
  return source == Source::kNone ? "" : std::string(NameOf(source));
}

// A place for each of kFinish's parameters.
std::vector<Param> FinishParams(const User& user, const Question& question,
                                const Accepted& accepted, const Answer& answer,
                                const json::object& stored, const json::array& events) {
  const auto tokens = [&](int64_t ModelUse::*count) -> Param {
    if (!answer.model) return std::nullopt;
    return std::to_string((*answer.model).*count);
  };
  return {
      user.id,
      question.chat,
      answer.content,
      std::string(OutcomeOf(answer.status)),
      answer.snippet,
      answer.frozen_now.empty() ? Param() : Param(answer.frozen_now),
      answer.frozen_zone,
      json::serialize(stored),
      answer.error ? answer.error->code : "",
      answer.title,
      question.request_id,
      std::string(LogStateOf(answer.status)),
      user.id,
      user.name,
      question.chat,
      question.logged_text,
      LogSource(answer.source),
      Number(answer.duration_ms),
      answer.result ? Param(std::to_string(answer.rows)) : Param(),
      answer.result ? Param(answer.truncated ? "t" : "f") : Param(),
      answer.error_detail,
      answer.model ? answer.model->name : "",
      tokens(&ModelUse::prompt_tokens),
      tokens(&ModelUse::completion_tokens),
      question.manifest_fingerprint,
      question.policy_fingerprint,
      accepted.message_id,
      json::serialize(events),
      answer.logged_snippet,
      json::serialize(answer.calls),
  };
}

// Until the minute is over in which too much was asked.
[[noreturn]] void TooManyQuestions() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto passed = std::chrono::duration_cast<std::chrono::seconds>(now).count() % 60;
  throw ProblemError(Problem::kTooManyQuestions, {}, static_cast<int>(60 - passed));
}

Param KeyParam(const std::optional<RetryKey>& retry, std::string RetryKey::*member) {
  return retry ? Param((*retry).*member) : std::nullopt;
}

// A place for each of kFinishPage's parameters.
std::vector<Param> PageParams(const User& user, const Question& question,
                              const std::string& message, const Answer& answer,
                              const char* source) {
  const bool done = answer.status == Status::kOk;
  return {question.request_id,
          std::string(LogStateOf(answer.status)),
          user.id,
          user.name,
          question.chat,
          message,
          answer.logged_snippet,
          source,
          Number(answer.duration_ms),
          done ? Param(std::to_string(answer.rows)) : Param(),
          done ? Param(answer.truncated ? "t" : "f") : Param(),
          answer.error ? answer.error->code : "",
          answer.error_detail,
          question.manifest_fingerprint,
          question.policy_fingerprint};
}

}  // namespace

asio::awaitable<Accepted> QuestionStore::Accept(const User& user, const Question& question,
                                                int64_t questions_a_minute) {
  Param key = KeyParam(question.retry, &RetryKey::key);
  Param hash = KeyParam(question.retry, &RetryKey::request_hash);
  std::optional<Rows> accepted;
  try {
    accepted = co_await pool_.Query(
        kAccept, user.id, question.chat, user.id, question.text, std::to_string(questions_a_minute),
        question.request_id, user.name, question.manifest_fingerprint, question.policy_fingerprint,
        std::move(key), std::move(hash), question.logged_text);
  } catch (const StoreError& error) {
    if (question.retry && error.sqlstate() == kUniqueViolation) throw KeyTaken();
    throw;
  }
  const Rows& rows = *accepted;
  if (rows.empty()) throw ProblemError(Problem::kNotFound);
  if (rows.null(0, 0)) TooManyQuestions();
  co_return Accepted{rows.text(0, 0), rows.text(0, 1)};
}

asio::awaitable<void> QuestionStore::CountCall(const User& user, int64_t questions_a_minute) {
  const Rows rows = co_await pool_.Query(kCount, user.id);
  if (rows.integer(0, 0) > questions_a_minute) TooManyQuestions();
}

asio::awaitable<std::optional<Finished>> QuestionStore::Finish(
    const User& user, const Question& question, const Accepted& accepted, const Answer& answer,
    const json::object& stored, const json::array& events) {
  Statement finish{kFinish, FinishParams(user, question, accepted, answer, stored, events)};
  const Rows rows = co_await pool_.Query(std::move(finish));
  if (rows.empty()) co_return std::nullopt;
  co_return Finished{rows.text(0, 0),
                     rows.text(0, 1),
                     {rows.text(0, 2), rows.text(0, 3), rows.text(0, 4), rows.text(0, 5)}};
}

asio::awaitable<void> QuestionStore::AcceptPage(const User& user, const Question& question,
                                                const std::string& message,
                                                const std::string& snippet, const char* source) {
  co_await pool_.Query(kAcceptPage, question.request_id, user.id, user.name, question.chat, message,
                       snippet, source, question.manifest_fingerprint, question.policy_fingerprint);
}

asio::awaitable<void> QuestionStore::FinishPage(const User& user, const Question& question,
                                                const std::string& message, const Answer& answer,
                                                const char* source) {
  Statement finish{kFinishPage, PageParams(user, question, message, answer, source)};
  co_await pool_.Query(std::move(finish));
}

asio::awaitable<size_t> QuestionStore::CloseInterrupted(std::optional<std::string> seat_prefix) {
  const Answer answer = FailedAnswer(Failure::kInterrupted);
  const Rows rows =
      co_await pool_.Query(kCloseInterrupted, std::move(seat_prefix), answer.error->code,
                           answer.content, json::serialize(StoredJson(answer)));
  co_return static_cast<size_t>(rows.integer(0, 0));
}

asio::awaitable<void> QuestionStore::ForgetShortLived() { co_await pool_.Query(kForget); }

}  // namespace ormc::server
