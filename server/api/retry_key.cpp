#include "server/api/retry_key.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "server/http/problem.h"

namespace ormc::server {
namespace {

constexpr size_t kMostCharacters = 200;  // the column's

std::string HashOf(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace

std::optional<RetryKey> RetryKeyOf(const Request& request) {
  const std::string& key = request.idempotency_key;
  if (key.empty()) return std::nullopt;
  const bool visible =
      std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!visible || key.size() > kMostCharacters)
    throw ProblemError(Problem::kBadRequest,
                       "`Idempotency-Key` must be 1 to 200 visible ASCII characters");
  return RetryKey{key, HashOf("POST\n" + request.path + "\n" + request.body)};
}

}  // namespace ormc::server
