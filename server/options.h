// Command line and environment of ormd.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/auth/token.h"
#include "server/limits/limits.h"
#include "server/settings/row_keys.h"

namespace ormc::server {

struct ServerOptions {
  std::string listen = "127.0.0.1:8600";
  std::string metrics_listen;  // "" for none
  std::string reader_dsn;
  std::string store_dsn;
  std::vector<NamedSecret> secrets;
  TokenKeys token_keys;
  std::string
      seat;  // who we are, to find questions that a predecessor left; "" for host and listen
  size_t workers = 4;  // threads that compile and run: at most so many queries run at a time
  int grace_seconds = 30;
  ServerLimits limits;
  bool check = false;
};

// None where the process should end at once with `exit_code` (help, or a usage error, already told).
std::optional<ServerOptions> ReadOptions(int argc, char** argv, int& exit_code);

}  // namespace ormc::server
