#include "server/settings/settings_store.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>

#include "server/observability/log.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr const char* kRow = "SELECT body, hmac FROM ai_assistant_aiconfig WHERE id = 1";
constexpr std::string_view kSealedColumn = "ai_assistant_aiconfig.api_key";

std::string TextOf(const json::object& row, std::string_view name) {
  const json::value* value = row.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

int64_t IntegerOf(const json::object& row, std::string_view name, int64_t fallback) {
  const json::value* value = row.if_contains(name);
  return value != nullptr && value->is_int64() && value->as_int64() > 0 ? value->as_int64()
                                                                        : fallback;
}

// The settings may change a site's limits, within their bounds; a process's are its operator's.
void ReadLimits(const json::object& given, ServerLimits& limits) {
  for (const LimitRow& row : LimitRows()) {
    const int64_t value = IntegerOf(given, row.name, row.least - 1);
    if (row.scope == LimitScope::kSite && value >= row.least && value <= row.most)
      limits.*(row.member) = value;
  }
}

void ReadRow(const json::object& row, const RowKeys& keys, Settings& settings) {
  const json::value* enabled = row.if_contains("enabled");
  if (enabled != nullptr && enabled->is_bool()) settings.enabled = enabled->as_bool();
  ModelSettings& model = settings.model;
  if (const std::string url = TextOf(row, "base_url"); !url.empty()) model.base_url = url;
  model.model = TextOf(row, "model");
  if (const json::value* value = row.if_contains("temperature"); value != nullptr) {
    if (value->is_number()) model.temperature = value->to_number<double>();
  }
  model.max_tokens = IntegerOf(row, "max_tokens", model.max_tokens);
  model.timeout = std::chrono::seconds(std::min(
      IntegerOf(row, "timeout_sec", model.timeout.count()), settings.limits.model_seconds));
  const std::string sealed = TextOf(row, "api_key");
  if (!sealed.empty()) {
    const auto key = keys.Unseal(sealed, kSealedColumn);
    if (key) {
      model.api_key = *key;
    } else {
      LogRowRejected("config", "1", "the key was sealed with another secret");
    }
  }
  if (const json::value* limits = row.if_contains("limits"); limits && limits->is_object())
    ReadLimits(limits->get_object(), settings.limits);
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

ModelEnvironment ReadModelEnvironment() {
  return {Environment("OPENAI_API_KEY"), Environment("OPENAI_BASE_URL"),
          Environment("OPENAI_MODEL")};
}

asio::awaitable<Settings> SettingsStore::Get() {
  const Rows rows = co_await pool_.Query(Ask());
  co_return Read(rows);
}

Statement SettingsStore::Ask() const { return Statement::Of(kRow); }

Settings SettingsStore::Read(const Rows& rows) const {
  Settings settings;
  settings.limits = limits_;
  if (!rows.empty()) {
    boost::system::error_code error;
    const json::value row = json::parse(rows.text(0, 0), error);
    if (!keys_.Signed("config", "1", rows.text(0, 0), rows.text(0, 1))) {
      LogRowRejected("config", "1", "the signature is wrong");
    } else if (!error && row.is_object()) {
      ReadRow(row.get_object(), keys_, settings);
    }
  }
  ModelSettings& model = settings.model;
  if (!environment_.base_url.empty()) {
    // The row's key was meant for the row's provider: it is not sent to another.
    model.base_url = environment_.base_url;
    model.api_key.clear();
    model.from_environment = true;
  }
  if (!environment_.api_key.empty()) model.api_key = environment_.api_key;
  if (!environment_.model.empty()) model.model = environment_.model;
  return settings;
}

}  // namespace ormc::server
