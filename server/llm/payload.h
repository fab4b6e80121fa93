// The body of a call: what leaves for the provider.
#pragma once

#include <array>
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

// What is said to a model.
struct Prompt {
  // Its stable beginning, as PayloadHead gives it: one for all the questions of a view. Or none.
  std::shared_ptr<const std::string> head;
  std::string system;  // the rest of the system message
  std::vector<ChatMessage> messages;
};

// The bytes of a payload until the end of `stable`, with which its system message begins.
std::shared_ptr<const std::string> PayloadHead(std::string_view stable);

// A payload while a question waits for its answer: ten thousand may, so what they share is there once.
class PayloadBytes {
 public:
  PayloadBytes(std::shared_ptr<const std::string> head, std::string tail)
      : head_(std::move(head)), tail_(std::move(tail)) {}
  std::array<std::string_view, 2> parts() const {
    return {head_ ? std::string_view(*head_) : std::string_view(), tail_};
  }
  std::string Whole() const;
  void Set(std::string whole);

 private:
  std::shared_ptr<const std::string> head_;
  std::string tail_;
};
using Payload = std::shared_ptr<PayloadBytes>;

// Without the parameters that this provider has refused.
Payload PayloadOf(const ModelSettings& settings, const Prompt& prompt);
void AddMessages(PayloadBytes& payload, const std::vector<ChatMessage>& messages);

// Takes an optional parameter that a refusal's body names out of the payload, and remembers it by
// base URL and model. False: it names none, or one that was left out already.
bool LeaveOutRefused(const ModelSettings& settings, std::string_view refusal,
                     PayloadBytes& payload);

}  // namespace ormc::server
