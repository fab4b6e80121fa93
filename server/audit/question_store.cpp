#include "server/audit/question_store.h"

#include <boost/json/serialize.hpp>
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
    "   $4::text, $8::varchar, $9::varchar FROM question)"
    " SELECT q.id, " ORMC_TIME_TEXT("q.created_at") " FROM chat LEFT JOIN question q ON true";

// The log row does not depend on the chat, which may be gone. `updated` sets the title once.
constexpr const char* kFinish =
    "WITH chat AS (SELECT id FROM ai_assistant_chat WHERE owner_id = $1 AND id = $2 FOR UPDATE),"
    " answer AS (INSERT INTO ai_assistant_message (chat_id, role, content, outcome, snippet,"
    "   frozen_now, frozen_tz, result, error_code)"
    "  SELECT chat.id, 'assistant', $3::text, $4::varchar, $5::text, $6::timestamptz,"
    "   $7::varchar, $8::jsonb, $9::varchar FROM chat RETURNING id, chat_id, created_at),"
    " updated AS (UPDATE ai_assistant_chat c SET updated_at = now(),"
    "   title = CASE WHEN c.title = '' THEN left($10::text, 200) ELSE c.title END"
    "  FROM answer a WHERE c.id = a.chat_id"
    "  RETURNING c.id, c.title, c.created_at, c.updated_at),"
    " logged AS (INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id, username,"
    "   chat_id, message_id, question, snippet, source, duration_ms, rows, truncated, error_code,"
    "   error_detail, model, tokens_in, tokens_out, manifest_fingerprint, policy_fingerprint)"
    "  VALUES ($11::uuid, 'ended', $12::varchar, $13::varchar, left($14::text, 150), $15::bigint,"
    "   (SELECT id FROM answer), $16::text, $5::text, $17::varchar, $18::int, $19::bigint,"
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
    " VALUES ($1, 'accepted', 'running', $2, left($3::text, 150), $4, $5, $6, 'page', $7, $8)";
constexpr const char* kFinishPage =
    "INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id, username, chat_id,"
    "  message_id, snippet, source, duration_ms, rows, truncated, error_code, error_detail,"
    "  manifest_fingerprint, policy_fingerprint)"
    " VALUES ($1, 'ended', $2, $3, left($4::text, 150), $5, $6, $7, 'page', $8, $9, $10, $11, $12,"
    "  $13, $14) ON CONFLICT (request_id, phase) DO NOTHING";

// `source` page has no message to answer.
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
    "  ON CONFLICT (request_id, phase) DO NOTHING RETURNING request_id, chat_id, source),"
    " told AS (INSERT INTO ai_assistant_message (chat_id, role, content, outcome, result,"
    "   error_code)"
    "  SELECT c.id, 'assistant', $3::text, 'error', $4::jsonb, $2::varchar"
    "  FROM closed JOIN ai_assistant_chat c ON c.id = closed.chat_id"
    "  WHERE closed.source <> 'page')"
    " SELECT count(*) FROM closed";

constexpr int kMinute = 60;

std::string Number(double value) { return std::to_string(std::llround(value)); }

// The log's word for where the snippet came from.
std::string LogSource(Source source) {
  return source == Source::kNone ? "" : std::string(NameOf(source));
}

// A place for each of kFinish's parameters.
std::vector<Param> FinishParams(const User& user, const Question& question, const Answer& answer) {
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
      json::serialize(StoredJson(answer)),
      answer.error ? answer.error->code : "",
      answer.title,
      question.request_id,
      std::string(LogStateOf(answer.status)),
      user.id,
      user.name,
      question.chat,
      question.text,
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
  };
}

// A place for each of kFinishPage's parameters.
std::vector<Param> PageParams(const User& user, const Question& question,
                              const std::string& message, const Answer& answer) {
  return {question.request_id,
          std::string(LogStateOf(answer.status)),
          user.id,
          user.name,
          question.chat,
          message,
          answer.snippet,
          Number(answer.duration_ms),
          answer.result ? Param(std::to_string(answer.rows)) : Param(),
          answer.result ? Param(answer.truncated ? "t" : "f") : Param(),
          answer.error ? answer.error->code : "",
          answer.error_detail,
          question.manifest_fingerprint,
          question.policy_fingerprint};
}

}  // namespace

asio::awaitable<Accepted> QuestionStore::Accept(const User& user, const Question& question,
                                                int64_t questions_a_minute) {
  const Rows rows = co_await pool_.Query(
      kAccept, user.id, question.chat, user.id, question.text, std::to_string(questions_a_minute),
      question.request_id, user.name, question.manifest_fingerprint, question.policy_fingerprint);
  if (rows.empty()) throw ProblemError(Problem::kNotFound);
  if (rows.null(0, 0)) throw ProblemError(Problem::kTooManyQuestions, {}, kMinute);
  co_return Accepted{rows.text(0, 0), rows.text(0, 1)};
}

asio::awaitable<void> QuestionStore::CountCall(const User& user, int64_t questions_a_minute) {
  const Rows rows = co_await pool_.Query(kCount, user.id);
  if (rows.integer(0, 0) > questions_a_minute)
    throw ProblemError(Problem::kTooManyQuestions, {}, kMinute);
}

asio::awaitable<std::optional<Finished>> QuestionStore::Finish(const User& user,
                                                               const Question& question,
                                                               const Answer& answer) {
  const Rows rows = co_await pool_.Run(kFinish, FinishParams(user, question, answer));
  if (rows.empty()) co_return std::nullopt;
  co_return Finished{rows.text(0, 0),
                     rows.text(0, 1),
                     {rows.text(0, 2), rows.text(0, 3), rows.text(0, 4), rows.text(0, 5)}};
}

asio::awaitable<void> QuestionStore::AcceptPage(const User& user, const Question& question,
                                                const std::string& message,
                                                const std::string& snippet) {
  co_await pool_.Query(kAcceptPage, question.request_id, user.id, user.name, question.chat, message,
                       snippet, question.manifest_fingerprint, question.policy_fingerprint);
}

asio::awaitable<void> QuestionStore::FinishPage(const User& user, const Question& question,
                                                const std::string& message, const Answer& answer) {
  co_await pool_.Run(kFinishPage, PageParams(user, question, message, answer));
}

asio::awaitable<size_t> QuestionStore::CloseInterrupted(std::optional<std::string> seat_prefix) {
  const Answer answer = FailedAnswer(Failure::kInterrupted);
  const Rows rows =
      co_await pool_.Query(kCloseInterrupted, std::move(seat_prefix), answer.error->code,
                           answer.content, json::serialize(StoredJson(answer)));
  co_return static_cast<size_t>(rows.integer(0, 0));
}

}  // namespace ormc::server
