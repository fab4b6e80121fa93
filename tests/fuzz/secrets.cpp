#include "tests/fuzz/secrets.h"

#include <algorithm>

namespace ormc::fuzz {

using manifest::Field;
using manifest::Model;

Secrets::Secrets(const manifest::Manifest& manifest, const policy::Policy& policy,
                 const policy::User& user)
    : manifest_(manifest) {
  if (policy.default_hidden) Hide(policy::DefaultHidden(manifest.auth_user_model));
  Hide(policy.hidden);
  for (const auto& model : manifest.models) {
    const bool may = user.superuser || std::ranges::count(user.view, model->label) != 0;
    if (!may && model->auto_created.empty()) models_.insert(model.get());
  }
  // A many-to-many's own table tells of both its ends.
  for (const auto& model : manifest.models) {
    if (model->auto_created.empty()) continue;
    models_.erase(model.get());
    const bool ends = std::ranges::any_of(model->fields, [&](const Field& field) {
      return field.relation && models_.contains(field.relation->to);
    });
    if (ends) models_.insert(model.get());
  }
}

void Secrets::Hide(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const policy::Named named = policy::Resolve(manifest_, name);
    if (named.whole) models_.insert(named.model);
    if (named.field == nullptr) continue;
    if (named.field->primary_key) models_.insert(named.model);
    for (const auto& model : manifest_.models) {
      for (const Field& field : model->fields) {
        if (field.model == named.field->model && field.name == named.field->name) {
          fields_.insert(&field);
        }
      }
    }
  }
}

bool Secrets::Has(const Field& field) const {
  return Names(field) || (field.owner != nullptr && Has(*field.owner));
}

}  // namespace ormc::fuzz
