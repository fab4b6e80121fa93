// The views of the users who asked lately: a user's view is the same from one question to the next,
// and so is what it says of the snippets that a prompt repeats. From any thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "server/auth/token.h"
#include "server/engine/engine.h"

namespace ormc::server {

class ViewCache {
 public:
  // What `make()` gave for an equal user of the same site, or what it gives.
  template <class Make>
  ViewPtr Get(const SitePtr& site, const User& user, Make make) {
    if (ViewPtr kept = Find(site, user)) return kept;
    ViewPtr made = make();
    Keep(site, user, made);
    return made;
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    SitePtr site;
    User user;  // all of the token: another permission is another view
    ViewPtr view;
    Clock::time_point used;
  };

  ViewPtr Find(const SitePtr& site, const User& user);
  void Keep(const SitePtr& site, const User& user, const ViewPtr& view);

  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> by_user_;  // by User::id
};

}  // namespace ormc::server
