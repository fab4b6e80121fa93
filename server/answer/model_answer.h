// An answer by way of the language model: one call, and one more when the compiler refuses what it
// wrote, with the diagnostics. Never another call because a result looks wrong.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "server/answer/compose.h"
#include "server/answer/knowledge_store.h"
#include "server/llm/payload.h"

namespace ormc::server {

// The prompt: what is told of the view, and what is known that fits the question.
boost::asio::awaitable<Payload> MakePayload(const Asking& asking, ViewPtr view, Knowledge known,
                                            std::vector<Example> examples);

boost::asio::awaitable<AnswerPtr> AnswerFromModel(const Asking& asking, ViewPtr view,
                                                  Payload payload);

}  // namespace ormc::server
