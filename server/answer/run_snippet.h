// A snippet compiled, run, and put into words. The steps work on the worker pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "server/answer/compose.h"
#include "server/llm/prompt.h"

namespace ormc::server {

// `snippet` with the clock of this moment and the user's zone.
Program FreezeNow(const User& user, std::string snippet);

boost::asio::awaitable<Compilation> CompileSnippet(const Asking& asking, ViewPtr view,
                                                   Program program);

// The first `most` of the examples that `view` accepts, in their order.
boost::asio::awaitable<std::vector<Example>> AcceptedOf(const Asking& asking, ViewPtr view,
                                                        std::vector<Example> examples, size_t most);

// What a language model is told of `view`, which it keeps alive.
ViewPtr ToldOf(const ViewPtr& view);

// An answer with everything that the compilation says: snippet, SQL, tables, rules, words. Its
// status is refused where the compiler refused it.
Answer DescribeCompilation(const Compilation& compilation, const Program& program, Source source);

// Runs an accepted snippet and adds result or error.
boost::asio::awaitable<AnswerPtr> RunSnippet(const Asking& asking, ViewPtr view,
                                             Compilation compilation, Program program,
                                             Source source);

}  // namespace ormc::server
