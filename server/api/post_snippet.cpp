#include "compiler/base/limits.h"
#include "server/api/handlers.h"
#include "server/api/question.h"

namespace ormc::server {

boost::asio::awaitable<Response> PostSnippet(RequestContext context) {
  if (!context.user.May("paste_snippet"))
    throw ProblemError(Problem::kNoPermission, "ai_assistant.paste_snippet");
  const boost::json::object body = JsonBody(context.request);
  std::string snippet = TextMember(body, "snippet", Limits{}.snippet_bytes);
  co_return co_await HandleQuestion(std::move(context), std::move(snippet), true);
}

}  // namespace ormc::server
