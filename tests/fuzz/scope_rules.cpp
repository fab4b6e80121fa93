#include "tests/fuzz/scope_rules.h"

#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/policy/policy.h"

namespace ormc::fuzz {

using manifest::Field;
using manifest::Model;
using manifest::ScopedManifest;

void CheckNames(const ScopedManifest& scope) {
  for (const auto& model : scope.manifest().models) {
    Check((scope.FindModel(model->label) != nullptr) == scope.Sees(*model),
          "a model is found if and only if it is seen");
    for (const Field& field : model->fields) {
      const Field* found = scope.FindField(*model, field.name);
      Check(found == nullptr || scope.Sees(*found), "a field that is found is seen");
    }
    for (const std::string& name : scope.FieldNames(*model)) {
      Check(scope.FindField(*model, name) != nullptr || scope.FindReverse(*model, name) != nullptr,
            "a field that is suggested is found");
    }
  }
  for (const std::string& name : scope.ModelNames()) {
    Check(!scope.ModelsNamed(name).empty(), "a model that is suggested is found");
  }
}

void CheckWithin(const ScopedManifest& inner, const ScopedManifest& outer) {
  for (const auto& model : outer.manifest().models) {
    Check(outer.Sees(*model) || !inner.Sees(*model), "no more models are seen");
    for (const Field& field : model->fields) {
      Check(outer.Sees(field) || !inner.Sees(field), "no more fields are seen");
    }
  }
}

void CheckHidden(const ScopedManifest& scope, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const policy::Named named = policy::Resolve(scope.manifest(), name);
    if (named.model == nullptr) continue;
    if (named.whole) {
      Check(scope.FindModel(named.model->label) == nullptr, "a hidden model is unknown");
      const auto same = scope.ModelsNamed(named.model->name);
      Check(std::ranges::find(same, named.model) == same.end(), "and so is its class");
    } else if (named.field != nullptr) {
      Check(scope.FindField(*named.model, named.field->name) == nullptr,
            "a hidden field is unknown");
    }
  }
}

}  // namespace ormc::fuzz
