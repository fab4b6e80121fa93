// What superusers set: provider, key, model, limits. Read for each question, so that a change holds
// for the next one. The process's environment wins over the row.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "server/limits/limits.h"
#include "server/settings/row_keys.h"
#include "server/store/pool.h"

namespace ormc::server {

struct ModelSettings {
  std::string base_url = "https://api.openai.com/v1";
  std::string api_key;
  std::string model = "gpt-4o-mini";
  double temperature = 0.2;
  int64_t max_tokens = 800;
  std::chrono::seconds timeout{30};
  bool from_environment = false;  // base_url was set by who runs the process

  // A local server needs no key; a provider does.
  bool configured() const { return !model.empty() && (!api_key.empty() || from_environment); }
};

struct Settings {
  bool enabled = true;
  ServerLimits limits;
  ModelSettings model;
};

// OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL; "" where they are not set.
struct ModelEnvironment {
  std::string api_key;
  std::string base_url;
  std::string model;
};
ModelEnvironment ReadModelEnvironment();

class SettingsStore {
 public:
  SettingsStore(StorePool& pool, const RowKeys& keys, ModelEnvironment environment,
                ServerLimits limits)
      : pool_(pool), keys_(keys), environment_(std::move(environment)), limits_(limits) {}

  // Throws StoreError.
  boost::asio::awaitable<Settings> Get();

  // The same for who asks the store for more than this: what to ask, and what the answer says. A row
  // that Django did not sign is reported and not used.
  Statement Ask() const;
  Settings Read(const Rows& rows) const;

 private:
  StorePool& pool_;
  const RowKeys& keys_;
  ModelEnvironment environment_;
  ServerLimits limits_;
};

}  // namespace ormc::server
