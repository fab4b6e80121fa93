// How many questions, pages and exports are worked on at a time: of one user, and in all. On the
// I/O thread only.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "server/limits/limits.h"

namespace ormc::server {

class Places {
 public:
  // A place that is given back at its end.
  using Place = std::shared_ptr<const void>;

  // Both throw ProblemError: overloaded.
  Place Take(const std::string& user, const ServerLimits& limits);
  Place TakeExport(const std::string& user, const ServerLimits& limits);
  size_t taken() const { return taken_; }

 private:
  size_t taken_ = 0;
  size_t exports_ = 0;
  std::map<std::string, int64_t> by_user_;
};

}  // namespace ormc::server
