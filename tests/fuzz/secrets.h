// What a policy and a user's rights hide, told from them alone: the rules that are fuzzed are not asked.
// What else a scope may hide is not in it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/manifest/manifest.h"
#include "compiler/policy/policy.h"

namespace ormc::fuzz {

class Secrets {
 public:
  Secrets(const manifest::Manifest& manifest, const policy::Policy& policy,
          const policy::User& user);

  const manifest::Manifest& manifest() const { return manifest_; }
  bool Has(const manifest::Model& model) const { return models_.contains(&model); }
  // Itself, or with its model.
  bool Has(const manifest::Field& field) const;
  // Itself, wherever it is inherited.
  bool Names(const manifest::Field& field) const { return fields_.contains(&field); }

 private:
  void Hide(const std::vector<std::string>& names);

  const manifest::Manifest& manifest_;
  std::set<const manifest::Model*> models_;
  std::set<const manifest::Field*> fields_;
};

}  // namespace ormc::fuzz
