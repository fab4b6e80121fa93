// What is known for a question: what the site has verified, the site's words, the chat's earlier turns.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "server/answer/verified.h"
#include "server/llm/prompt.h"
#include "server/store/pool.h"

namespace ormc::server {

struct GlossaryTerm {
  GlossaryLine line;
  std::vector<std::string> names;  // the term and its synonyms
  std::string model;               // "shop.Order" or ""
};

struct Knowledge {
  VerifiedQueries verified;
  std::vector<GlossaryTerm> glossary;
  std::vector<Turn> turns;  // answered questions of the chat before this one, the oldest first
};
// For a question in a chat of `owner`. Throws StoreError.
boost::asio::awaitable<Knowledge> LoadKnowledge(StorePool& pool, std::string owner,
                                                std::string chat, std::string question);

// The lines whose words stand in the question and whose model the user sees.
std::vector<GlossaryLine> FittingTerms(const std::vector<GlossaryTerm>& terms,
                                       const manifest::ScopedManifest& scope,
                                       std::string_view question);

}  // namespace ormc::server
