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
// Each answer with the question before it; the latest three.
constexpr const char* kTurns =
    "SELECT q.content, a.snippet FROM ai_assistant_message a"
    " JOIN ai_assistant_chat c ON c.id = a.chat_id"
    " CROSS JOIN LATERAL (SELECT content FROM ai_assistant_message m WHERE m.chat_id = a.chat_id"
    "  AND m.role = 'user' AND m.id < a.id ORDER BY m.id DESC LIMIT 1) q"
    " WHERE c.owner_id = $1 AND a.chat_id = $2 AND a.role = 'assistant' AND a.outcome = 'answer'"
    "  AND a.snippet IS NOT NULL ORDER BY a.id DESC LIMIT 3";

}  // namespace

asio::awaitable<std::vector<GlossaryTerm>> LoadGlossary(StorePool& pool) {
  const Rows rows = co_await pool.Query(kGlossary);
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
  co_return terms;
}

asio::awaitable<std::vector<Turn>> LoadTurns(StorePool& pool, std::string owner, std::string chat) {
  const Rows rows = co_await pool.Query(kTurns, std::move(owner), std::move(chat));
  std::vector<Turn> turns;
  for (int row = rows.size() - 1; row >= 0; --row)
    turns.push_back({rows.text(row, 0), rows.text(row, 1)});
  co_return turns;
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
