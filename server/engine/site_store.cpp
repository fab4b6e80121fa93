#include "server/engine/site_store.h"

#include <algorithm>

#include "server/async/within.h"
#include "server/http/problem.h"
#include "server/observability/log.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;

// Django keeps five manifests and five policies; a rolling deploy uses two of each at a time.
constexpr size_t kKept = 6;

#define NEWEST_POLICY \
  "(SELECT fingerprint FROM ai_assistant_policy ORDER BY created_at DESC, id DESC LIMIT 1)"

constexpr const char* kFingerprints =
    "SELECT EXISTS (SELECT FROM ai_assistant_manifest WHERE fingerprint = $1), " NEWEST_POLICY;
constexpr const char* kManifest =
    "SELECT body, hmac FROM ai_assistant_manifest WHERE fingerprint = $1";
constexpr const char* kPolicy = "SELECT body, hmac FROM ai_assistant_policy WHERE fingerprint = $1";
constexpr const char* kNewestManifest =
    "SELECT fingerprint FROM ai_assistant_manifest ORDER BY created_at DESC, id DESC LIMIT 1";
#undef NEWEST_POLICY

}  // namespace

asio::awaitable<std::string> SiteStore::Body(const char* sql, std::string kind,
                                             std::string fingerprint) {
  const Rows rows = co_await pool_.Query(sql, fingerprint);
  if (!rows.empty() && keys_.Signed(kind, fingerprint, rows.text(0, 0), rows.text(0, 1)))
    co_return rows.text(0, 0);
  LogRowRejected(kind, fingerprint, rows.empty() ? "it is gone" : "the signature is wrong");
  throw ProblemError(Problem::kManifestInvalid);
}

asio::awaitable<SitePtr> SiteStore::Get(std::string manifest_fingerprint) {
  const Rows rows = co_await pool_.Query(Ask(manifest_fingerprint));
  co_return co_await Read(std::move(manifest_fingerprint), rows);
}

Statement SiteStore::Ask(std::string manifest_fingerprint) const {
  return Statement::Of(kFingerprints, std::move(manifest_fingerprint));
}

asio::awaitable<SitePtr> SiteStore::Read(std::string manifest_fingerprint, const Rows& rows) {
  SitePtr site = co_await Load(std::move(manifest_fingerprint), rows);
  co_await guard_.Require(site);
  co_return site;
}

asio::awaitable<SitePtr> SiteStore::Load(std::string manifest_fingerprint, const Rows& rows) {
  if (!rows.boolean(0, 0)) throw ProblemError(Problem::kManifestUnknown);
  const std::string policy_fingerprint = rows.optional(0, 1).value_or("");

  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const SitePtr& site) {
    return site->manifest_fingerprint == manifest_fingerprint &&
           site->policy_fingerprint == policy_fingerprint;
  });
  if (found != kept_.end()) {
    std::rotate(kept_.begin(), found, found + 1);
    co_return kept_.front();
  }
  std::string manifest = co_await Body(kManifest, "manifest", manifest_fingerprint);
  std::string policy;
  if (!policy_fingerprint.empty()) policy = co_await Body(kPolicy, "policy", policy_fingerprint);
  Result<SitePtr> site =
      co_await OnPool(workers_, [&] { return engine_.LoadSite(manifest, policy); });
  if (!site) {
    LogRowRejected("manifest", manifest_fingerprint, site.error().message);
    throw ProblemError(Problem::kManifestInvalid);
  }
  if ((*site)->manifest_fingerprint != manifest_fingerprint) {
    LogRowRejected("manifest", manifest_fingerprint, "its body has another fingerprint");
    throw ProblemError(Problem::kManifestInvalid);
  }
  auto named = std::const_pointer_cast<Site>(*site);
  named->policy_fingerprint = policy_fingerprint;
  kept_.push_front(named);
  if (kept_.size() > kKept) kept_.pop_back();
  co_return named;
}

asio::awaitable<SiteStore::Readiness> SiteStore::Check() {
  Readiness readiness;
  const Rows rows = co_await pool_.Query(kNewestManifest);
  if (rows.empty()) {
    readiness.manifest = "none published: run `manage.py ormc_manifest --publish`";
    co_return readiness;
  }
  const std::string manifest = rows.text(0, 0);
  const Rows fingerprints = co_await pool_.Query(Ask(manifest));
  try {
    readiness.site = co_await Load(manifest, fingerprints);
    readiness.manifest = "ok";
  } catch (const ProblemError& problem) {
    readiness.manifest = InfoOf(problem.problem()).name;
  }
  if (readiness.site) readiness.reader = co_await guard_.Check(readiness.site);
  co_return readiness;
}

}  // namespace ormc::server
