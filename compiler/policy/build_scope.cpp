#include <algorithm>
#include <set>
#include <unordered_set>

#include "compiler/base/planted.h"
#include "compiler/policy/policy.h"

namespace ormc::policy {
namespace {

using manifest::Field;
using manifest::Manifest;
using manifest::Model;
using manifest::ScopedManifest;

// The assistant's own tables: chats, settings, keys.
constexpr std::string_view kOwnApp = "ai_assistant";

// What is to be hidden, collected first: the manifest is gone through once for all of it.
class Hiding {
 public:
  explicit Hiding(const Manifest& manifest)
      : manifest_(manifest), scope_(manifest), models_(manifest.models.size()) {}

  // A model that the policy hides takes along what would show its rows again: proxies, children and
  // the foreign keys of others (the key of a session is its secret).
  void HideModel(const Model& model) { models_[model.concrete->index] = true; }
  // In every model that inherits it.
  void HideField(const Field& field) { columns_.emplace(field.model, field.name); }
  void Hide(const Named& named) {
    if (named.whole) {
      HideModel(*named.model);
    } else {
      HideField(*named.field);
    }
  }

  ScopedManifest Scope() {
    Apply();
    while (FindKeyless()) Apply();
    return std::move(scope_);
  }

 private:
  void Apply() {
    below_.assign(models_.size(), std::nullopt);
    for (const auto& model : manifest_.models) {
      if (Below(*model)) scope_.HideModel(*model);
      for (const Field& field : model->fields) {
        if (Points(field) || models_[field.model->index] ||
            columns_.contains({field.model, field.name})) {
          scope_.HideField(field);
        }
      }
    }
  }

  // Does it hold a key, or another column's values, of what is hidden?
  bool Points(const Field& field) {
    if (!field.relation || field.relation->to == nullptr) return false;
    const Model& to = *field.relation->to;
    return Below(to) || std::ranges::any_of(field.relation->to_fields, [&](const auto& name) {
             const Field* target = to.FindField(name);
             return target != nullptr && columns_.contains({target->model, target->name});
           });
  }

  // Is it hidden, or does it descend from what is?
  bool Below(const Model& model) {
    std::optional<bool>& known = below_[model.index];
    if (!known) {
      known = models_[model.index] || models_[model.concrete->index] ||
              std::ranges::any_of(
                  model.parents, [&](const Model::Parent& parent) { return Below(*parent.model); });
    }
    return *known;
  }

  // A row that cannot be told from others by what is shown is not shown.
  bool FindKeyless() {
    bool found = false;
    for (const auto& model : manifest_.models) {
      const bool keyless = std::ranges::any_of(model->primary_key, [&](const std::string& name) {
        const Field* key = model->FindField(name);
        return key != nullptr && !scope_.Sees(*key);
      });
      // Each round hides one more, or is the last.
      if (!keyless || models_[model->concrete->index] || !scope_.Sees(*model)) continue;
      HideModel(*model);
      found = true;
    }
    return found;
  }

  const Manifest& manifest_;
  ScopedManifest scope_;
  std::vector<bool> models_;  // hidden by name or for their key, by Model::index
  std::set<std::pair<const Model*, std::string_view>> columns_;
  std::vector<std::optional<bool>> below_;  // by Model::index
};

void HideDefaults(const Manifest& manifest, Hiding& hiding) {
  for (const std::string& name : DefaultHidden(manifest.auth_user_model)) {
    const Named named = Resolve(manifest, name);
    if (named.model != nullptr && (named.whole || named.field != nullptr)) hiding.Hide(named);
  }
}

std::optional<Error> HideNames(const Manifest& manifest, std::string_view place,
                               const std::vector<std::string>& names, Hiding& hiding) {
  for (size_t i = 0; i < names.size(); ++i) {
    const Named named = Resolve(manifest, names[i]);
    if (named.model == nullptr || (!named.whole && named.field == nullptr)) {
      return UnknownName(place, i, names[i], named);
    }
    hiding.Hide(named);
  }
  return std::nullopt;
}

}  // namespace

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

Result<ScopedManifest> BuildScope(const Manifest& manifest, const Policy& policy, Writer writer) {
  Hiding hiding(manifest);
  for (const auto& model : manifest.models) {
    if (model->app == kOwnApp && !Planted("own-tables")) hiding.HideModel(*model);
  }
  if (policy.default_hidden && !Planted("default-hidden")) HideDefaults(manifest, hiding);
  if (auto wrong = HideNames(manifest, "hidden", policy.hidden, hiding)) return *std::move(wrong);
  Hiding untold = hiding;
  if (auto wrong = HideNames(manifest, "told.except", policy.told.except, untold)) {
    return *std::move(wrong);
  }
  ScopedManifest scope = (writer == Writer::kModel ? untold : hiding).Scope();
  if (std::optional<Error> wrong = ShareWithNobody(policy, scope)) return *std::move(wrong);
  return scope;
}

ScopedManifest SeenBy(const User& user, const Policy& policy, ScopedManifest scope) {
  ShareWith(user, policy, scope);
  if (user.superuser || Planted("user-rights")) return scope;
  const std::unordered_set<std::string_view> view(user.view.begin(), user.view.end());
  for (const auto& model : scope.manifest().models) {
    // A many-to-many's own table has no permission: the scope sees it where it sees both ends.
    if (model->auto_created.empty() && !view.contains(model->label)) scope.HideModel(*model);
  }
  return scope;
}

}  // namespace ormc::policy
