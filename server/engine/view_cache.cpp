#include "server/engine/view_cache.h"

#include <algorithm>
#include <utility>

namespace ormc::server {
namespace {

// A view with the lines of its prompt is some tens of kilobytes, and keeps its site alive.
constexpr size_t kMostViews = 128;
constexpr std::chrono::minutes kIdle{5};

}  // namespace

ViewPtr ViewCache::Find(const SitePtr& site, const User& user) {
  const std::lock_guard lock(mutex_);
  const auto found = by_user_.find(user.id);
  if (found == by_user_.end() || found->second.site != site || found->second.user != user)
    return nullptr;
  found->second.used = Clock::now();
  return found->second.view;
}

void ViewCache::Keep(const SitePtr& site, const User& user, const ViewPtr& view) {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  std::erase_if(by_user_, [&](const auto& entry) { return now - entry.second.used > kIdle; });
  if (by_user_.size() >= kMostViews) {
    by_user_.erase(std::min_element(by_user_.begin(), by_user_.end(), [](auto& a, auto& b) {
      return a.second.used < b.second.used;
    }));
  }
  by_user_.insert_or_assign(user.id, Entry{site, user, view, now});
}

}  // namespace ormc::server
