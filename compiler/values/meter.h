// The budget of one evaluation: steps and bytes are taken before the work is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <utility>

namespace ormc {

// A named limit was reached.  Not an exception of Python: no snippet can see it.
class LimitError : public std::exception {
 public:
  explicit LimitError(std::string limit) : limit_(std::move(limit)) {}
  // The name of the limit, mostly a member of Limits: "eval_steps", "eval_bytes", ...
  const std::string& limit() const { return limit_; }
  const char* what() const noexcept override { return limit_.c_str(); }

 private:
  std::string limit_;
};

class Meter {
 public:
  Meter() = default;  // without a bound
  Meter(uint64_t steps, uint64_t bytes) : steps_(steps), bytes_(bytes) {}

  void Step(uint64_t count = 1) {
    if (count > steps_) throw LimitError("eval_steps");
    steps_ -= count;
  }
  void Bytes(uint64_t count) {
    if (count > bytes_) throw LimitError("eval_bytes");
    bytes_ -= count;
  }
  uint64_t bytes() const { return bytes_; }

 private:
  uint64_t steps_ = std::numeric_limits<uint64_t>::max();
  uint64_t bytes_ = std::numeric_limits<uint64_t>::max();
};

}  // namespace ormc
