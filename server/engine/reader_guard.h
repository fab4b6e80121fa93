// Nothing is answered with a reader's role that may do more, or less, than it should (R17). Looked at when a
// site is first asked about, and again now and then: somebody may mend it, or break it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "server/engine/engine.h"
#include "server/http/problem.h"

namespace ormc::server {

class ReaderGuard {
 public:
  ReaderGuard(Engine& engine, boost::asio::thread_pool& workers)
      : engine_(engine), workers_(workers) {}

  boost::asio::awaitable<ReaderCheck> Check(SitePtr site);
  // Throws ProblemError: reader-unsafe, grants-missing.
  boost::asio::awaitable<void> Require(SitePtr site);

 private:
  struct Seen {
    std::optional<Problem> wrong;
    std::chrono::steady_clock::time_point again;
  };

  Engine& engine_;
  boost::asio::thread_pool& workers_;
  std::map<std::string, Seen> seen_;  // by manifest and policy
};

}  // namespace ormc::server
