#include <algorithm>
#include <chrono>

#include "server/api/handlers.h"
#include "server/llm/chat_client.h"
#include "server/observability/log.h"
#include "server/services.h"

namespace ormc::server {
namespace {

constexpr std::chrono::seconds kMostTime{15};
const ChatMessage kPing{"user", "Answer with the word ok."};

struct Words {
  const char* message;
  const char* hint;
};

Words WordsOf(Reply reply) {
  switch (reply) {
    case Reply::kOk:
      return {"The model answers.", ""};
    case Reply::kTimeout:
      return {"The provider did not answer in time.", "Try again, or raise the timeout."};
    case Reply::kUnauthorised:
      return {"The provider refused the key.", "Enter a valid key."};
    case Reply::kModelNotFound:
      return {"The provider does not know this model or address.", "Check model and base URL."};
    case Reply::kRateLimited:
      return {"The provider says that it is asked too often.", "Check the account's limits."};
    case Reply::kUnreachable:
      return {"The provider cannot be reached.", "Check the base URL and the network."};
    case Reply::kGarbage:
      return {"The provider's answer could not be read.", "Is this an OpenAI-compatible API?"};
    case Reply::kRejected:
      return {"The provider did not accept the request.", "Check model and parameters."};
    case Reply::kNotAllowed:
      return {"This base URL is not allowed.",
              "Use a known provider over https, a server on this machine, or OPENAI_BASE_URL."};
  }
  return {"", ""};
}

boost::json::object CheckJson(std::string_view status, const Words& words,
                              const std::string& model) {
  return {{"ok", status == "ok"},
          {"status", status},
          {"message", words.message},
          {"hint", words.hint},
          {"model", model}};
}

}  // namespace

// One small call. It counts against the user's rate, as it costs the site money.
boost::asio::awaitable<Response> CheckSettings(RequestContext context) {
  Settings settings = co_await context.services.settings.Get();
  ModelSettings& model = settings.model;
  if (!model.configured()) {
    co_return JsonResponse(CheckJson(
        "no_key", {"No key is set.", "Set it in AI Assistant -> Settings, or as OPENAI_API_KEY."},
        model.model));
  }
  co_await context.services.questions.CountCall(context.user, settings.limits.questions_per_minute);
  model.max_tokens = 5;
  const std::string name = model.model;
  const TextListener nobody;
  const Prompt ping{nullptr, "", std::vector<ChatMessage>(1, kPing)};
  const Payload payload = PayloadOf(model, ping);
  const Completion completion =
      co_await Complete(context.services.provider_links, model, payload,
                        std::min<std::chrono::steady_clock::duration>(model.timeout, kMostTime),
                        static_cast<size_t>(settings.limits.model_bytes), nobody);
  if (completion.reply != Reply::kOk)
    LogModelFailed(context.request.id, NameOf(completion.reply), completion.detail);
  co_return JsonResponse(CheckJson(NameOf(completion.reply), WordsOf(completion.reply), name));
}

}  // namespace ormc::server
