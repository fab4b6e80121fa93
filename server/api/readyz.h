// Whether questions can be answered: for /readyz and for `ormd --check`.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>

namespace ormc::server {

struct Services;

struct Readiness {
  bool ok = true;
  std::map<std::string, std::string> checks;  // "reader", "store", "manifest" -> "ok" or why not
  // "ormd", "app" (the version that made the manifest), "schema" (the newest migration), "manifest",
  // "policy" (fingerprints)
  std::map<std::string, std::string> versions;
};

boost::asio::awaitable<Readiness> CheckReadiness(Services& services);

}  // namespace ormc::server
