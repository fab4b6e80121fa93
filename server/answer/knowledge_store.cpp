#include "server/answer/knowledge_store.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr size_t kMostTerms = 12;
constexpr const char* kGlossary =
    "SELECT term, lower(term), synonyms, meaning, model, expression FROM ai_assistant_glossaryterm"
    " ORDER BY term LIMIT 1000";
// The latest three answers with their questions, among the last twenty messages: however long a chat
// is and whatever the planner thinks of it, its end is read. An equality would let the planner drop
// the chat from the order, and look for it backwards through everybody's messages.
constexpr const char* kTurns =
    "SELECT q.content, a.snippet FROM (SELECT id, role, outcome, snippet, reply_to_id"
    "  FROM ai_assistant_message WHERE chat_id BETWEEN $2 AND $2"
    "   AND EXISTS (SELECT FROM ai_assistant_chat c WHERE c.owner_id = $1 AND c.id = $2)"
    "  ORDER BY chat_id DESC, id DESC LIMIT 20) a"
    " JOIN ai_assistant_message q ON q.id = a.reply_to_id"
    " WHERE a.role = 'assistant' AND a.outcome = 'answer' AND a.snippet IS NOT NULL"
    " ORDER BY a.id DESC LIMIT 3";

std::vector<GlossaryTerm> ReadGlossary(const Rows& rows) {
  std::vector<GlossaryTerm> terms;
  for (int row = 0; row < rows.size(); ++row) {
    GlossaryTerm term{{rows.text(row, 0), rows.text(row, 3), rows.text(row, 5)},
                      {rows.text(row, 1)},
                      rows.text(row, 4)};
    boost::system::error_code error;
    const json::value synonyms = json::parse(rows.text(row, 2), error);
    if (!error && synonyms.is_array()) {
      for (const json::value& synonym : synonyms.get_array()) {
        if (synonym.is_string()) term.names.emplace_back(synonym.get_string());
      }
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

std::vector<Turn> ReadTurns(const Rows& rows) {
  std::vector<Turn> turns;
  for (int row = rows.size() - 1; row >= 0; --row)
    turns.push_back({rows.text(row, 0), rows.text(row, 1)});
  return turns;
}

}  // namespace

asio::awaitable<Knowledge> LoadKnowledge(StorePool& pool, std::string owner, std::string chat,
                                         std::string question) {
  std::vector<Statement> statements;
  statements.push_back(AskVerified(std::move(question)));
  statements.push_back(Statement::Of(kGlossary));
  statements.push_back(Statement::Of(kTurns, std::move(owner), std::move(chat)));
  const std::vector<Rows> rows = co_await pool.Together(std::move(statements));
  co_return Knowledge{ReadVerified(rows[0]), ReadGlossary(rows[1]), ReadTurns(rows[2])};
}

std::vector<GlossaryLine> FittingTerms(const std::vector<GlossaryTerm>& terms,
                                       const manifest::ScopedManifest& scope,
                                       std::string_view question) {
  std::vector<GlossaryLine> lines;
  for (const GlossaryTerm& term : terms) {
    const bool named = std::any_of(term.names.begin(), term.names.end(), [&](const auto& name) {
      return !name.empty() && question.find(name) != std::string_view::npos;
    });
    const bool seen = term.model.empty() || scope.FindModel(term.model) != nullptr;
    if (named && seen && lines.size() < kMostTerms) lines.push_back(term.line);
  }
  return lines;
}

}  // namespace ormc::server
