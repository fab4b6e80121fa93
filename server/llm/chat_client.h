// One call of an OpenAI-compatible Chat Completions API: HTTPS (or HTTP where the operator says so
// or the host is this machine) with the peer verified, no redirects, an absolute deadline.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "server/settings/settings_store.h"

namespace ormc::server {

struct ChatMessage {
  std::string role;  // "system", "user", "assistant"
  std::string content;
};

enum class Reply : uint8_t {
  kOk,
  kTimeout,
  kUnauthorised,
  kModelNotFound,
  kRateLimited,
  kUnreachable,
  kGarbage,
  kNotAllowed,  // the address is not one that a key may be sent to
  kRejected,    // the provider refuses the request itself
};
std::string_view NameOf(Reply reply);  // as settings/check says it

struct Completion {
  Reply reply = Reply::kUnreachable;
  std::string text;
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  std::string detail;  // for the log: never a key, never the provider's body
};

// Never throws.
boost::asio::awaitable<Completion> Complete(ModelSettings settings,
                                            std::vector<ChatMessage> messages,
                                            std::chrono::steady_clock::duration time);

}  // namespace ormc::server
