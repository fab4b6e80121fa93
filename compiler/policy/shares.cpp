#include <algorithm>
#include <ranges>

#include "compiler/base/planted.h"
#include "compiler/policy/policy.h"

namespace ormc::policy {
namespace {

using manifest::Field;
using manifest::Manifest;
using manifest::Model;
using manifest::ScopedManifest;

// Read without a name, an entry is for everybody.
bool Concerns(const Audience& audience, const User& user) {
  if (!audience.superusers && audience.groups.empty()) return true;
  if (audience.superusers && user.superuser) return true;
  return std::ranges::any_of(audience.groups, [&](const std::string& group) {
    return std::ranges::find(user.groups, group) != user.groups.end();
  });
}

// Each entry that concerns the user, the first of them last: it is the one that stays.
template <class Entry, class Write>
void WriteBackwards(const std::vector<Entry>& entries, const User& user, Write write) {
  for (const Entry& entry : std::views::reverse(entries)) {
    if (Concerns(entry.audience, user)) write(entry);
  }
}

std::string Place(std::string_view member, size_t index) {
  return "policy: " + std::string(member) + "[" + std::to_string(index) + "]: ";
}

// Do relations point to it?
bool IsKey(const Manifest& manifest, const Field& field) {
  if (field.primary_key) return true;
  for (const auto& model : manifest.models) {
    for (const Field& other : model->fields) {
      if (!other.relation || other.relation->to == nullptr) continue;
      for (const std::string& name : other.relation->to_fields) {
        const Field* target = other.relation->to->FindField(name);
        if (target != nullptr && target->model == field.model && target->name == field.name) {
          return true;
        }
      }
    }
  }
  return false;
}

std::optional<Error> MaskForNobody(const Policy& policy, ScopedManifest& scope) {
  for (size_t i = 0; i < policy.masked.size(); ++i) {
    const std::string& name = policy.masked[i].field;
    const Named named = Resolve(scope.manifest(), name);
    if (named.field == nullptr) return UnknownName("masked", i, name, named);
    if (IsKey(scope.manifest(), *named.field)) {
      return Error{Place("masked", i) + "`" + name +
                   "` is a key, whose values stand in other columns: hide it"};
    }
    scope.MaskField(*named.field, Mask::kFixed);
  }
  return std::nullopt;
}

// The model of an entry, if one that has rows of its own.
Result<const Model*> RowsNamed(const Manifest& manifest, std::string_view member, size_t index,
                               const std::string& name) {
  const Model* model = manifest.Find(name);
  if (model == nullptr) return Error{Place(member, index) + "no model for `" + name + "`"};
  if (model->concrete != model) {
    return Error{Place(member, index) + "`" + name + "` is a proxy: name `" +
                 model->concrete->label + "`, whose rows they are"};
  }
  return model;
}

std::optional<Error> HideRows(const Policy& policy, ScopedManifest& scope) {
  for (size_t i = 0; i < policy.rows.size(); ++i) {
    const auto model = RowsNamed(scope.manifest(), "rows", i, policy.rows[i].model);
    if (!model) return model.error();
    if (!Planted("row-policy")) scope.RestrictRows(**model, "");
  }
  return std::nullopt;
}

std::optional<Error> GroupForNobody(const Policy& policy, ScopedManifest& scope) {
  constexpr std::string_view kMember = "aggregates_only";
  for (size_t i = 0; i < policy.aggregates_only.size(); ++i) {
    const GroupEntry& entry = policy.aggregates_only[i];
    const auto model = RowsNamed(scope.manifest(), kMember, i, entry.model);
    if (!model) return model.error();
    if ((*model)->primary_key.size() > 1) {
      return Error{Place(kMember, i) + "`" + entry.model +
                   "` has a key of several columns, by which rows cannot be counted"};
    }
    if (Planted("aggregates-only")) continue;
    scope.OnlyGroups(**model, std::max(scope.SmallestGroup(**model), entry.smallest_group));
  }
  for (size_t i = 0; i < policy.aggregates_only.size(); ++i) {
    const Model& model = *scope.manifest().Find(policy.aggregates_only[i].model);
    if (scope.SmallestGroup(model) == 0 && !Planted("aggregates-only")) {
      return Error{Place(kMember, i) + "no entry of `" + model.label + "` has a smallest group"};
    }
  }
  return std::nullopt;
}

// The column, also where other models inherit it.
void HideColumn(const Field& column, ScopedManifest& scope) {
  for (const auto& model : scope.manifest().models) {
    for (const Field& field : model->fields) {
      if (field.model == column.model && field.name == column.name) scope.HideField(field);
    }
  }
}

void MaskFor(const User& user, const Policy& policy, ScopedManifest& scope) {
  std::vector<const Field*> hidden;
  WriteBackwards(policy.masked, user, [&](const MaskEntry& entry) {
    const Field* field = Resolve(scope.manifest(), entry.field).field;
    const auto same = [&](const Field* other) {
      return other->model == field->model && other->name == field->name;
    };
    std::erase_if(hidden, same);
    if (entry.hidden) hidden.push_back(field);
    scope.MaskField(*field, entry.mask);
  });
  for (const Field* field : hidden) HideColumn(*field, scope);
}

}  // namespace

std::optional<Error> ShareWithNobody(const Policy& policy, ScopedManifest& scope) {
  if (auto wrong = MaskForNobody(policy, scope)) return wrong;
  if (auto wrong = HideRows(policy, scope)) return wrong;
  return GroupForNobody(policy, scope);
}

void ShareWith(const User& user, const Policy& policy, ScopedManifest& scope) {
  MaskFor(user, policy, scope);
  WriteBackwards(policy.aggregates_only, user, [&](const GroupEntry& entry) {
    if (Planted("aggregates-only")) return;
    scope.OnlyGroups(*scope.manifest().Find(entry.model), entry.smallest_group);
  });
  WriteBackwards(policy.rows, user, [&](const RowEntry& entry) {
    if (Planted("row-policy")) return;
    scope.RestrictRows(*scope.manifest().Find(entry.model), entry.where);
  });
  std::vector<Value> groups;
  for (const std::string& group : user.groups) groups.push_back(Value::Str(group));
  scope.SetUser({{"id", user.id},
                 {"pk", user.id},
                 {"username", Value::Str(user.name)},
                 {"is_superuser", Value::Bool(user.superuser)},
                 {"groups", Value::ListOf(std::move(groups))}});
}

}  // namespace ormc::policy
