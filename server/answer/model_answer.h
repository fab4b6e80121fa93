// An answer by way of the language model: one call, and one more when the compiler refuses what it
// wrote, with the diagnostics. Never another call because a result looks wrong.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "server/answer/compose.h"
#include "server/llm/prompt.h"

namespace ormc::server {

boost::asio::awaitable<Answer> AnswerFromModel(const Asking& asking, ViewPtr view,
                                               std::string normalized_question,
                                               std::vector<Example> examples);

}  // namespace ormc::server
