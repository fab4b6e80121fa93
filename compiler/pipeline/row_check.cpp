#include "compiler/pipeline/row_check.h"

#include <string>

#include "compiler/bind/bind.h"

namespace ormc::pipeline {
namespace {

// Somebody whose key has the type of the site's users.
policy::User Somebody(const manifest::Manifest& manifest) {
  const manifest::Model* users = manifest.Find(manifest.auth_user_model);
  const manifest::Field* key = users != nullptr ? users->PrimaryKey() : nullptr;
  policy::User user;
  user.id = key != nullptr && key->kind == manifest::FieldKind::kUUIDField
                ? Value::Str("00000000-0000-0000-0000-000000000000")
                : Value::Int(1);
  user.name = "somebody";
  user.groups = {"a group"};
  return user;
}

manifest::ScopedManifest SeenBySite(const manifest::Manifest& manifest,
                                    const policy::Policy& policy) {
  manifest::ScopedManifest asked(manifest);
  policy::ShareWith(Somebody(manifest), policy, asked);
  manifest::ScopedManifest all(manifest);
  all.SetUser(asked.user());
  return all;
}

}  // namespace

bind::ColumnSet ReadBySite(const manifest::Manifest& manifest, const policy::Policy& policy) {
  std::vector<manifest::RowRule> rules;
  for (const policy::RowEntry& entry : policy.rows) {
    rules.push_back({manifest.Find(entry.model), entry.where});
  }
  return bind::ReadBySite(SeenBySite(manifest, policy), rules);
}

std::optional<Error> WrongRows(const manifest::Manifest& manifest, const policy::Policy& policy) {
  const manifest::ScopedManifest all = SeenBySite(manifest, policy);
  for (size_t i = 0; i < policy.rows.size(); ++i) {
    const policy::RowEntry& entry = policy.rows[i];
    const std::string wrong = bind::WrongRule({manifest.Find(entry.model), entry.where}, all);
    if (!wrong.empty()) {
      return Error{"policy: rows[" + std::to_string(i) + "].where: " + wrong};
    }
  }
  return std::nullopt;
}

}  // namespace ormc::pipeline
