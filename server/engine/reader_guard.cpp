#include "server/engine/reader_guard.h"

#include "server/async/within.h"
#include "server/observability/log.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes kTrusted{5};
constexpr std::chrono::seconds kDistrusted{5};
constexpr size_t kMostSeen = 64;  // manifests come and go with deploys
constexpr const char* kMend =
    "run `manage.py ormc_grants --apply`; `manage.py ai_assistant_doctor` names what is left";

// What is too much comes first: it is mended by more than a grant.
std::optional<Problem> WrongWith(const ReaderCheck& check) {
  if (!check.unsafe.empty()) return Problem::kReaderUnsafe;
  if (!check.missing.empty()) return Problem::kGrantsMissing;
  return std::nullopt;
}

}  // namespace

asio::awaitable<ReaderCheck> ReaderGuard::Check(SitePtr site) {
  ReaderCheck check = co_await OnPool(workers_, [&] { return engine_.CheckReader(*site); });
  if (!check.failure.empty()) LogStoreFailed("", "", check.failure);
  if (!check.unsafe.empty()) LogReaderRole("unsafe", check.unsafe);
  if (!check.missing.empty()) LogReaderRole("missing", check.missing);
  co_return check;
}

asio::awaitable<void> ReaderGuard::Require(SitePtr site) {
  const std::string name = site->manifest_fingerprint + site->policy_fingerprint;
  const auto found = seen_.find(name);
  std::optional<Problem> wrong = found != seen_.end() ? found->second.wrong : std::nullopt;
  if (found == seen_.end() || found->second.again < Clock::now()) {
    const ReaderCheck check = co_await Check(site);
    wrong = WrongWith(check);
    if (seen_.size() >= kMostSeen) seen_.clear();
    // Where the database did not answer, the question will find that out: look again next time.
    if (check.failure.empty())
      seen_[name] = {wrong, Clock::now() + (wrong ? Clock::duration(kDistrusted) : kTrusted)};
  }
  if (wrong) throw ProblemError(*wrong, kMend, 5);
}

}  // namespace ormc::server
