#include "server/llm/payload.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>

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

json::value MessageJson(const ChatMessage& message) {
  return {{"role", message.role}, {"content", message.content}};
}

}  // namespace

Payload PayloadOf(const ModelSettings& settings, const std::vector<ChatMessage>& messages) {
  json::array said;
  for (const ChatMessage& message : messages) said.push_back(MessageJson(message));
  json::object body{{"model", settings.model}, {"messages", std::move(said)}};
  const json::object optional{{"temperature", settings.temperature},
                              {"max_tokens", settings.max_tokens},
                              {"stream", true},
                              {"stream_options", {{"include_usage", true}}}};
  for (const std::string_view name : kOptionalParameters) {
    if (!RefusedParameters().contains(RefusedKey(settings, name))) body[name] = optional.at(name);
  }
  auto payload = std::make_shared<std::string>(json::serialize(body));
  payload->shrink_to_fit();
  return payload;
}

void AddMessages(std::string& payload, const std::vector<ChatMessage>& messages) {
  json::value body = json::parse(payload);
  json::array& said = body.at("messages").as_array();
  for (const ChatMessage& message : messages) said.push_back(MessageJson(message));
  payload = json::serialize(body);
}

bool LeaveOutRefused(const ModelSettings& settings, std::string_view refusal,
                     std::string& payload) {
  for (const std::string_view parameter : kOptionalParameters) {
    if (refusal.find(parameter) == std::string_view::npos ||
        !RefusedParameters().insert(RefusedKey(settings, parameter)).second)
      continue;
    json::object body = json::parse(payload).as_object();
    if (const auto found = body.find(parameter); found != body.end()) body.stable_erase(found);
    payload = json::serialize(body);
    return true;
  }
  return false;
}

}  // namespace ormc::server
