#include <algorithm>
#include <set>

#include "compiler/policy/policy.h"

namespace ormc::policy {
namespace {

using manifest::Field;
using manifest::Manifest;
using manifest::Model;
using manifest::ScopedManifest;

// The assistant's own tables: chats, settings, keys.
constexpr std::string_view kOwnApp = "ai_assistant";

// "app.Model" or "app.Model.field" within a manifest.
struct Named {
  const Model* model = nullptr;
  const Field* field = nullptr;
  bool whole = false;  // no field was named
};

Named Resolve(const Manifest& manifest, std::string_view name) {
  Named named;
  const size_t app = name.find('.');
  const size_t dot = app == std::string_view::npos ? app : name.find('.', app + 1);
  named.model = manifest.Find(name.substr(0, dot));
  named.whole = dot == std::string_view::npos;
  if (named.model != nullptr && !named.whole) {
    named.field = named.model->FindField(name.substr(dot + 1));
  }
  return named;
}

Error UnknownName(std::string_view place, size_t index, std::string_view name, const Named& named) {
  std::string message = "policy: ";
  message.append(place).append("[").append(std::to_string(index)).append("]: ");
  if (named.model == nullptr) {
    message.append("no model for `").append(name).append("`");
  } else {
    message.append("no field for `").append(name).append("`");
  }
  return Error{message};
}

bool Descends(const Model& model, const Model& ancestor) {
  return model.concrete == &ancestor || &model == &ancestor ||
         std::ranges::any_of(model.parents, [&](const Model::Parent& parent) {
           return Descends(*parent.model, ancestor);
         });
}

// A model that the policy hides takes along what would show its rows again: proxies, children and
// the foreign keys of others (the key of a session is its secret).
void HideWhole(ScopedManifest& scope, const Model& hidden) {
  for (const auto& model : scope.manifest().models) {
    if (Descends(*model, *hidden.concrete)) scope.HideModel(*model);
  }
  for (const auto& model : scope.manifest().models) {
    for (const Field& field : model->fields) {
      const bool points = field.relation && field.relation->to != nullptr &&
                          Descends(*field.relation->to, *hidden.concrete);
      if (points || field.model == hidden.concrete) scope.HideField(*model, field);
    }
  }
}

void Hide(ScopedManifest& scope, const Named& named) {
  if (named.whole) {
    HideWhole(scope, *named.model);
  } else {
    scope.HideField(*named.model, *named.field);
  }
}

void HideDefaults(ScopedManifest& scope) {
  const Manifest& manifest = scope.manifest();
  for (const std::string& name : DefaultHidden(manifest.auth_user_model)) {
    const Named named = Resolve(manifest, name);
    if (named.model != nullptr && (named.whole || named.field != nullptr)) Hide(scope, named);
  }
}

// A row that cannot be told from others by what is shown is not shown.
void HideKeyless(ScopedManifest& scope) {
  for (const auto& model : scope.manifest().models) {
    const bool keyless = std::ranges::any_of(model->primary_key, [&](const std::string& name) {
      const Field* key = model->FindField(name);
      return key != nullptr && !scope.Sees(*key);
    });
    if (keyless && scope.Sees(*model)) HideWhole(scope, *model);
  }
}

void HideFrom(ScopedManifest& scope, const User& user) {
  if (user.superuser) return;
  const std::set<std::string_view> view(user.view.begin(), user.view.end());
  for (const auto& model : scope.manifest().models) {
    // A many-to-many's own table has no permission: the scope sees it where it sees both ends.
    if (model->auto_created.empty() && !view.contains(model->label)) scope.HideModel(*model);
  }
}

}  // namespace

Result<ScopedManifest> BuildScope(const Manifest& manifest, const Policy& policy,
                                  const User* user) {
  ScopedManifest scope(manifest);
  for (const auto& model : manifest.models) {
    if (model->app == kOwnApp) HideWhole(scope, *model);
  }
  if (policy.default_hidden) HideDefaults(scope);
  for (size_t i = 0; i < policy.hidden.size(); ++i) {
    const Named named = Resolve(manifest, policy.hidden[i]);
    if (named.model == nullptr || (!named.whole && named.field == nullptr)) {
      return UnknownName("hidden", i, policy.hidden[i], named);
    }
    Hide(scope, named);
  }
  HideKeyless(scope);
  if (user != nullptr) HideFrom(scope, *user);
  return scope;
}

Result<std::vector<MaskedField>> ResolveMasks(const Manifest& manifest, const Policy& policy) {
  std::vector<MaskedField> masks;
  for (size_t i = 0; i < policy.masked.size(); ++i) {
    const Named named = Resolve(manifest, policy.masked[i].field);
    if (named.field == nullptr) {
      return UnknownName("masked", i, policy.masked[i].field, named);
    }
    masks.push_back({named.field->model->label + "." + named.field->name, policy.masked[i].mask});
  }
  return masks;
}

}  // namespace ormc::policy
