// The body of a call: what leaves for the provider.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/settings/settings_store.h"

namespace ormc::server {

struct ChatMessage {
  std::string role;  // "system", "user", "assistant"
  std::string content;
};

// The one copy of a prompt while a question waits for its answer: ten thousand may.
using Payload = std::shared_ptr<std::string>;

// Without the parameters that this provider has refused.
Payload PayloadOf(const ModelSettings& settings, const std::vector<ChatMessage>& messages);
void AddMessages(std::string& payload, const std::vector<ChatMessage>& messages);

// Takes an optional parameter that a refusal's body names out of the payload, and remembers it by
// base URL and model. False: it names none, or one that was left out already.
bool LeaveOutRefused(const ModelSettings& settings, std::string_view refusal, std::string& payload);

}  // namespace ormc::server
