// Verified queries: what people of the site have vouched for. A question is answered by one only
// when it equals it after normalising, or fits its typed slots; a near one is offered, never run.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/pool.h"

namespace ormc::server {

struct Slot {
  std::string name;
  std::string type;  // "date", "number", "choice"
  std::vector<std::string> choices;
};

struct VerifiedQuery {
  std::string question;
  std::string normalized;
  std::string snippet;
  std::vector<Slot> slots;
  std::string explanation;
};

struct VerifiedAnswer {
  std::string snippet;
  std::string explanation;
};

// The snippet that answers, with the slots' values as literals of the language.
// `normalized` is the question as ai_assistant_normalize() gives it.
std::optional<VerifiedAnswer> MatchVerified(const std::vector<VerifiedQuery>& queries,
                                            std::string_view normalized);

// The nearest ones without slots, the nearest first.
std::vector<const VerifiedQuery*> NearVerified(const std::vector<VerifiedQuery>& queries,
                                               std::string_view normalized);

struct VerifiedQueries {
  std::vector<VerifiedQuery> queries;
  std::string normalized;  // the question
};

// All that are enabled, and the question in the form that is compared.
Statement AskVerified(std::string question);
VerifiedQueries ReadVerified(const Rows& rows);

}  // namespace ormc::server
