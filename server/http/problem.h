// What a request is refused with: RFC 9457 problem documents, one row a kind
// (docs/contract/http.md).
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ormc::server {

enum class Problem : uint8_t {
  kTokenMissing,
  kTokenInvalid,
  kTokenExpired,
  kNotStaff,
  kManifestUnknown,
  kNotFound,
  kMethodNotAllowed,
  kBadRequest,
  kBodyTooLarge,
  kNotJson,
  kHeadersTooLarge,
  kRequestTimeout,
  kTooManyQuestions,
  kOverloaded,
  kStoreUnavailable,
  kManifestInvalid,
  kDeadline,
  kNotPageable,
  kDisabled,
  kKeyInFlight,
  kKeyReused,
  kNoPermission,
  kReaderUnsafe,
  kGrantsMissing,
  kInternal,
};

struct ProblemInfo {
  Problem problem;
  unsigned status;
  std::string_view code;
  std::string_view name;
  std::string_view title;
};

const ProblemInfo& InfoOf(Problem problem);

// Leaves a handler with a problem; caught at the request's firewall (dispatch.cpp).
class ProblemError : public std::exception {
 public:
  explicit ProblemError(Problem problem, std::string detail = {},
                        std::optional<int> retry_after_seconds = std::nullopt)
      : problem_(problem), detail_(std::move(detail)), retry_after_(retry_after_seconds) {}

  Problem problem() const { return problem_; }
  const std::string& detail() const { return detail_; }
  std::optional<int> retry_after_seconds() const { return retry_after_; }
  const char* what() const noexcept override { return "refused request"; }

 private:
  Problem problem_;
  std::string detail_;
  std::optional<int> retry_after_;
};

}  // namespace ormc::server
