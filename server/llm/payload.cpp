#include "server/llm/payload.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <utility>

namespace ormc::server {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> kOptionalParameters = {"temperature", "max_tokens",
                                                                 "stream_options", "stream"};

// Parameters that a provider has refused, by base URL and model: they are not sent again.
std::set<std::string>& RefusedParameters() {
  static std::set<std::string> refused;
  return refused;
}

std::string RefusedKey(const ModelSettings& settings, std::string_view parameter) {
  return settings.base_url + " " + settings.model + " " + std::string(parameter);
}

constexpr std::string_view kMessages = R"({"messages":[)";
constexpr std::string_view kSystem = R"({"messages":[{"role":"system","content":")";

// As it stands between the quotes of a JSON text.
std::string Escaped(std::string_view text) {
  const std::string quoted = json::serialize(json::string_view(text));
  return quoted.substr(1, quoted.size() - 2);
}

json::value MessageJson(const ChatMessage& message) {
  return {{"role", message.role}, {"content", message.content}};
}

}  // namespace

std::shared_ptr<const std::string> PayloadHead(std::string_view stable) {
  return std::make_shared<const std::string>(std::string(kSystem) + Escaped(stable));
}

std::string PayloadBytes::Whole() const { return (head_ ? *head_ : std::string()) + tail_; }

void PayloadBytes::Set(std::string whole) {
  head_.reset();
  tail_ = std::move(whole);
}

// The messages come first, so that what is the same for many questions is the beginning.
Payload PayloadOf(const ModelSettings& settings, const Prompt& prompt) {
  const bool has_system = prompt.head || !prompt.system.empty();
  std::string tail;
  if (!prompt.head) tail = has_system ? kSystem : kMessages;
  tail += Escaped(prompt.system);
  if (has_system) tail += "\"}";
  bool first = !has_system;
  for (const ChatMessage& message : prompt.messages) {
    if (!std::exchange(first, false)) tail += ",";
    tail += json::serialize(MessageJson(message));
  }
  json::object rest{{"model", settings.model}};
  const json::object optional{{"temperature", settings.temperature},
                              {"max_tokens", settings.max_tokens},
                              {"stream", true},
                              {"stream_options", {{"include_usage", true}}}};
  for (const std::string_view name : kOptionalParameters) {
    if (!RefusedParameters().contains(RefusedKey(settings, name))) rest[name] = optional.at(name);
  }
  tail += "]," + json::serialize(rest).substr(1);
  tail.shrink_to_fit();
  return std::make_shared<PayloadBytes>(prompt.head, std::move(tail));
}

void AddMessages(PayloadBytes& payload, const std::vector<ChatMessage>& messages) {
  json::value body = json::parse(payload.Whole());
  json::array& said = body.at("messages").as_array();
  for (const ChatMessage& message : messages) said.push_back(MessageJson(message));
  payload.Set(json::serialize(body));
}

bool LeaveOutRefused(const ModelSettings& settings, std::string_view refusal,
                     PayloadBytes& payload) {
  for (const std::string_view parameter : kOptionalParameters) {
    if (refusal.find(parameter) == std::string_view::npos ||
        !RefusedParameters().insert(RefusedKey(settings, parameter)).second)
      continue;
    json::object body = json::parse(payload.Whole()).as_object();
    if (const auto found = body.find(parameter); found != body.end()) body.stable_erase(found);
    payload.Set(json::serialize(body));
    return true;
  }
  return false;
}

}  // namespace ormc::server
