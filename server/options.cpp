#include "server/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <vector>

namespace ormc::server {
namespace {

constexpr size_t kLeastKeyBytes = 32;  // HS256 wants as much as its digest

// "k1:SECRET" or, for a key without a name, "SECRET" (k1).
std::string AddKey(const std::string& text, TokenKeys& keys) {
  const size_t colon = text.find(':');
  const bool named = colon != std::string::npos && colon > 0 && colon <= 32;
  const std::string kid = named ? text.substr(0, colon) : "k1";
  const std::string key = named ? text.substr(colon + 1) : text;
  if (key.size() < kLeastKeyBytes) return "token key `" + kid + "` has fewer than 32 bytes";
  keys[kid] = key;
  return "";
}

// "k2:SECRET", of which the first seals and signs at Django's side.
std::string AddSecret(const std::string& text, std::vector<NamedSecret>& secrets) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    return "ORMC_SECRETS is kid:secret,kid:secret";
  secrets.push_back({text.substr(0, colon), text.substr(colon + 1)});
  return "";
}

// "k1:SECRET,k2:SECRET"
std::vector<std::string> SplitKeys(const std::string& text) {
  std::vector<std::string> keys;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find(',', at), text.size());
    if (end > at) keys.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return keys;
}

std::string HostName() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

}  // namespace

std::optional<ServerOptions> ReadOptions(int argc, char** argv, int& exit_code) {
  ServerOptions options;
  std::vector<std::string> keys;
  std::vector<std::string> limits;
  std::string environment_keys;
  std::string environment_key;
  std::string secret;
  std::string several_secrets;
  CLI::App app{"ormd: answers questions about a Django site's data, read-only"};
  app.add_option("--listen", options.listen, "address:port to serve on")
      ->envname("ORMD_LISTEN")
      ->capture_default_str();
  app.add_option("--metrics-listen", options.metrics_listen, "address:port for /metrics")
      ->envname("ORMD_METRICS_LISTEN");
  app.add_option("--reader-dsn", options.reader_dsn,
                 "connection string of the role that reads data")
      ->envname("ORMD_READER_DSN")
      ->required();
  app.add_option("--store-dsn", options.store_dsn,
                 "connection string of the role that keeps chats and log")
      ->envname("ORMD_STORE_DSN")
      ->required();
  app.add_option("--token-key", keys,
                 "kid:secret; may be repeated. A command line is visible to all users of the "
                 "machine: prefer the environment (ORMD_TOKEN_KEYS=k1:...,k2:... or "
                 "ORMC_TOKEN_KEY=secret of k1)");
  app.add_option("--workers", options.workers, "threads that compile and run queries")
      ->envname("ORMD_WORKERS")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  app.add_option("--grace", options.grace_seconds, "seconds that a stop waits for questions")
      ->envname("ORMD_GRACE")
      ->capture_default_str()
      ->check(CLI::Range(0, 600));
  app.add_option("--seat", options.seat, "name of this process among its peers")
      ->envname("ORMD_SEAT")
      ->default_str("host name and --listen");
  app.add_option("--limit", limits, "NAME=VALUE of a limit; may be repeated")
      ->envname("ORMD_LIMITS")
      ->delimiter(',');
  app.add_flag_callback(
      "--help-config",
      [] {
        std::cout << LimitsTable();
        throw CLI::Success();
      },
      "every limit with its default and meaning, and exit");
  app.add_flag("--check", options.check, "say whether questions could be answered, and exit");
  app.add_option("", environment_keys)->envname("ORMD_TOKEN_KEYS")->group("");
  app.add_option("", environment_key)->envname("ORMC_TOKEN_KEY")->group("");
  app.add_option("", secret)->envname("ORMC_SECRET")->group("");
  app.add_option("", several_secrets)->envname("ORMC_SECRETS")->group("");
  app.footer(
      "Environment: ORMC_SECRET (needed; `manage.py ormc_secret` prints it), or, while it is "
      "replaced, ORMC_SECRETS=k2:...,k1:...; OPENAI_API_KEY, "
      "OPENAI_BASE_URL, OPENAI_MODEL (they win over AI Assistant -> Settings).");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  exit_code = 2;
  for (const std::string& key : SplitKeys(environment_keys)) keys.push_back(key);
  if (!environment_key.empty()) keys.push_back("k1:" + environment_key);
  for (const std::string& key : keys) {
    const std::string wrong = AddKey(key, options.token_keys);
    if (wrong.empty()) continue;
    std::cerr << "ormd: " << wrong << "\n";
    return std::nullopt;
  }
  for (const std::string& named : SplitKeys(several_secrets)) {
    const std::string wrong = AddSecret(named, options.secrets);
    if (wrong.empty()) continue;
    std::cerr << "ormd: " << wrong << "\n";
    return std::nullopt;
  }
  for (const std::string& limit : limits) {
    const std::string wrong = SetLimit(limit, options.limits);
    if (wrong.empty()) continue;
    std::cerr << "ormd: " << wrong << "\n";
    return std::nullopt;
  }
  if (options.secrets.empty() && !secret.empty()) options.secrets.push_back({"k1", secret});
  if (options.token_keys.empty() || options.secrets.empty()) {
    std::cerr << "ormd: " << (options.secrets.empty() ? "ORMC_SECRET" : "ORMC_TOKEN_KEY")
              << " is not set\n";
    return std::nullopt;
  }
  if (options.seat.empty()) options.seat = HostName() + " " + options.listen;
  exit_code = 0;
  return options;
}

}  // namespace ormc::server
