#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/manifest/manifest.h"
#include "compiler/manifest/scope.h"
#include "compiler/pipeline/compile.h"
#include "compiler/policy/policy.h"
#include "tools/ormc/options.h"

namespace ormc::tool {

// One user of the site, or nobody in particular, and what he sees of it.
struct View {
  std::optional<policy::User> user;
  manifest::ScopedManifest scope;
};

class Site {
 public:
  static Result<std::unique_ptr<Site>> Load(const Options& options);

  const manifest::Manifest& manifest() const { return *manifest_; }
  const Limits& limits() const { return policy_.limits; }
  // Of the --user file.
  const View& view() const { return *view_; }
  // Of a batch line's user, as JSON; the same text is read once.
  Result<const View*> ViewOf(const std::string& user_json);

 private:
  std::unique_ptr<View> MakeView(std::optional<policy::User> user) const;

  std::unique_ptr<const manifest::Manifest> manifest_;
  policy::Policy policy_;
  std::optional<manifest::ScopedManifest> visible_;  // within the policy, for everybody
  std::unique_ptr<View> view_;
  std::map<std::string, std::unique_ptr<View>> views_;
};

Result<std::string> ReadFile(const std::string& path);  // "-": standard input

}  // namespace ormc::tool
