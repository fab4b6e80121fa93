// The real site and view behind engine.h's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/manifest/scope.h"
#include "compiler/pipeline/compile.h"
#include "compiler/policy/policy.h"
#include "server/engine/engine.h"

namespace ormc::server {

struct NativeSite : Site {
  std::unique_ptr<const manifest::Manifest> manifest;
  policy::Policy policy;
  std::optional<manifest::ScopedManifest> visible;  // within the policy, for everybody
  std::optional<manifest::ScopedManifest> told;     // that of a language model, where it is less
  bind::ColumnSet read_by_site;                     // may be granted to the reader though hidden
  std::vector<std::string> masked_names;            // as a question or a snippet may name them
};

// Which snippets a view accepts. Its clock is left out: what it decides (a `replace(day=31)` in
// February) only says whether an example stands in a prompt, and each answer is compiled anew.
class Verdicts {
 public:
  std::optional<bool> Find(std::string_view snippet) const {
    const std::lock_guard lock(mutex_);
    const auto found = accepted_.find(snippet);
    return found == accepted_.end() ? std::nullopt : std::optional(found->second);
  }
  void Add(std::string_view snippet, bool accepted) {
    const std::lock_guard lock(mutex_);
    if (accepted_.size() >= kMost) accepted_.clear();
    accepted_.emplace(snippet, accepted);
  }

 private:
  static constexpr size_t kMost = 64;  // the turns of a few chats and the nearest verified queries
  mutable std::mutex mutex_;
  std::map<std::string, bool, std::less<>> accepted_;
};

struct NativeView : View {
  NativeView(std::shared_ptr<const NativeSite> of, manifest::ScopedManifest seen)
      : site(std::move(of)), visible(std::move(seen)) {}
  const manifest::ScopedManifest& scope() const override { return visible; }
  const View& told() const override { return less ? *less : *this; }
  bool tells_choices() const override { return site->policy.told.choices; }

  std::shared_ptr<const NativeSite> site;
  manifest::ScopedManifest visible;
  std::unique_ptr<const NativeView> less;
  mutable Verdicts verdicts;
};

inline const NativeView& Native(const View& view) { return dynamic_cast<const NativeView&>(view); }
inline const NativeSite& Native(const Site& site) { return dynamic_cast<const NativeSite&>(site); }

}  // namespace ormc::server
