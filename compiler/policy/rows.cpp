#include <algorithm>

#include "compiler/base/planted.h"
#include "compiler/policy/policy.h"

namespace ormc::policy {
namespace {

// Read without a name, an entry is for everybody.
bool Concerns(const RowEntry& entry, const User& user) {
  if (!entry.superusers && entry.groups.empty()) return true;
  if (entry.superusers && user.superuser) return true;
  return std::ranges::any_of(entry.groups, [&](const std::string& group) {
    return std::ranges::find(user.groups, group) != user.groups.end();
  });
}

}  // namespace

std::optional<Error> HideRows(const Policy& policy, manifest::ScopedManifest& scope) {
  for (size_t i = 0; i < policy.rows.size(); ++i) {
    const std::string place = "policy: rows[" + std::to_string(i) + "]: ";
    const RowEntry& entry = policy.rows[i];
    const manifest::Model* model = scope.manifest().Find(entry.model);
    if (model == nullptr) return Error{place + "no model for `" + entry.model + "`"};
    if (model->concrete != model) {
      return Error{place + "`" + entry.model + "` is a proxy: name `" + model->concrete->label +
                   "`, whose rows they are"};
    }
    if (!Planted("row-policy")) scope.RestrictRows(*model, "");
  }
  return std::nullopt;
}

void ShowRows(const User& user, const Policy& policy, manifest::ScopedManifest& scope) {
  if (Planted("row-policy")) return;
  // Backwards, so that the first entry is written last.
  for (auto entry = policy.rows.rbegin(); entry != policy.rows.rend(); ++entry) {
    if (!Concerns(*entry, user)) continue;
    scope.RestrictRows(*scope.manifest().Find(entry->model), entry->where);
  }
  std::vector<Value> groups;
  for (const std::string& group : user.groups) groups.push_back(Value::Str(group));
  scope.SetUser({{"id", user.id},
                 {"pk", user.id},
                 {"username", Value::Str(user.name)},
                 {"is_superuser", Value::Bool(user.superuser)},
                 {"groups", Value::ListOf(std::move(groups))}});
}

}  // namespace ormc::policy
