// What helps a model to understand a question: the site's words and the chat's earlier turns.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "server/llm/prompt.h"
#include "server/store/pool.h"

namespace ormc::server {

struct GlossaryTerm {
  GlossaryLine line;
  std::vector<std::string> names;  // the term and its synonyms
  std::string model;               // "shop.Order" or ""
};

// Both throw StoreError.
boost::asio::awaitable<std::vector<GlossaryTerm>> LoadGlossary(StorePool& pool);
// Answered questions of a chat of `owner` before this one, the oldest first.
boost::asio::awaitable<std::vector<Turn>> LoadTurns(StorePool& pool, std::string owner,
                                                    std::string chat);

// The lines whose words stand in the question and whose model the user sees.
std::vector<GlossaryLine> FittingTerms(const std::vector<GlossaryTerm>& terms,
                                       const manifest::ScopedManifest& scope,
                                       std::string_view question);

}  // namespace ormc::server
