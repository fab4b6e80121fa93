// The real site and view behind engine.h's.
#pragma once

#include <memory>
#include <optional>
#include <string>
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

struct NativeView : View {
  NativeView(std::shared_ptr<const NativeSite> of, manifest::ScopedManifest seen)
      : site(std::move(of)), visible(std::move(seen)) {}
  const manifest::ScopedManifest& scope() const override { return visible; }
  const View& told() const override { return less ? *less : *this; }
  bool tells_choices() const override { return site->policy.told.choices; }

  std::shared_ptr<const NativeSite> site;
  manifest::ScopedManifest visible;
  std::unique_ptr<const NativeView> less;
};

inline const NativeView& Native(const View& view) { return dynamic_cast<const NativeView&>(view); }
inline const NativeSite& Native(const Site& site) { return dynamic_cast<const NativeSite&>(site); }

}  // namespace ormc::server
