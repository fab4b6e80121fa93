// The sites that Django has published: rows of manifest and policy, their signatures checked,
// parsed once on the worker pool and kept.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <string>
#include <utility>

#include "server/engine/engine.h"
#include "server/engine/reader_guard.h"
#include "server/settings/row_keys.h"
#include "server/store/pool.h"

namespace ormc::server {

class SiteStore {
 public:
  SiteStore(StorePool& pool, const RowKeys& keys, Engine& engine, boost::asio::thread_pool& workers)
      : pool_(pool), keys_(keys), engine_(engine), workers_(workers), guard_(engine, workers) {}

  // The site of a token's manifest under the policy in force now. Throws ProblemError:
  // manifest-unknown, manifest-invalid, reader-unsafe, grants-missing; and StoreError.
  boost::asio::awaitable<SitePtr> Get(std::string manifest_fingerprint);

  // The same for who asks the store for more than this: what to ask, and what the answer means.
  Statement Ask(std::string manifest_fingerprint) const;
  boost::asio::awaitable<SitePtr> Read(std::string manifest_fingerprint, const Rows& rows);

  // For /readyz and --check: the newest site, or why it cannot be served; what its reader may do.
  struct Readiness {
    SitePtr site;          // null: see `manifest`
    std::string manifest;  // "ok" or why not
    ReaderCheck reader;
  };
  boost::asio::awaitable<Readiness> Check();

 private:
  boost::asio::awaitable<SitePtr> Load(std::string manifest_fingerprint, const Rows& rows);
  boost::asio::awaitable<std::string> Body(const char* sql, std::string kind,
                                           std::string fingerprint);

  StorePool& pool_;
  const RowKeys& keys_;
  Engine& engine_;
  boost::asio::thread_pool& workers_;
  ReaderGuard guard_;
  std::deque<SitePtr> kept_;  // the latest used first
};

}  // namespace ormc::server
