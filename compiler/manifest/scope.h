#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/base/mask.h"
#include "compiler/manifest/manifest.h"

namespace ormc::manifest {

// Which rows of a model are seen, also where a proxy or a child stands for it.
struct RowRule {
  const Model* model = nullptr;  // concrete
  std::string where;             // a Q in the language of snippets over `user`; "": no row
};

// The manifest within the policy within one user's permissions.  What is hidden is unknown: a name
// that cannot be seen is not found, with the same answer as a name that does not exist.
//
// `Internal` access (Model::FindField and kin) is for what the site itself implies (joins through a
// parent or a through table); the policy sees it on the plan.
class ScopedManifest {
 public:
  // All of `manifest` visible.
  explicit ScopedManifest(const Manifest& manifest);

  void HideModel(const Model& model);
  // Here alone: what inherits the column has an entry of its own.
  void HideField(const Field& field);

  // Wherever the column is inherited; replaces its mask, if it has one.
  void MaskField(const Field& field, Mask mask);
  Mask MaskOf(const Field& field) const;
  bool HasMasks() const { return !masks_.empty(); }

  // Of the model, its proxies and children only aggregates over at least so many rows are seen; 0:
  // its rows are.
  void OnlyGroups(const Model& model, uint32_t smallest);
  uint32_t SmallestGroup(const Model& model) const;
  bool HasOnlyGroups() const { return !smallest_groups_.empty(); }

  // Replaces the model's rule, if it has one.
  void RestrictRows(const Model& model, std::string where);
  // What a rule may ask of the user: `user.id`.
  using User = std::map<std::string, Value, std::less<>>;
  void SetUser(User attributes);

  const Manifest& manifest() const { return manifest_; }
  const std::vector<RowRule>& row_rules() const { return row_rules_; }
  const User& user() const { return user_; }
  bool Sees(const Model& model) const;
  bool Sees(const Field& field) const;
  bool Sees(
      const Reverse& reverse) const;  // its model is seen (for a through table: its other end)

  // By class name, as a snippet writes it.  A site's model beats one of django.contrib; two site
  // apps with the same name are ambiguous: both are returned.
  std::vector<const Model*> ModelsNamed(std::string_view name) const;
  const Model* FindModel(std::string_view label) const;
  const Field* FindField(const Model& model, std::string_view name) const;
  const Reverse* FindReverse(const Model& model, std::string_view query_name) const;
  const Reverse* FindAccessor(const Model& model, std::string_view accessor) const;

  // For "did you mean": only what is seen.
  std::vector<std::string> ModelNames() const;
  std::vector<std::string> FieldNames(const Model& model) const;      // with reverse names
  std::vector<std::string> AttributeNames(const Model& model) const;  // of its rows

 private:
  const Manifest& manifest_;
  std::optional<size_t> PositionOf(const Field& field) const;

  // Flat, so that the view of one more user is a copy of three arrays.
  std::vector<bool> hidden_models_;  // by Model::index
  std::vector<size_t> first_field_;  // by Model::index: where its fields begin in
  std::vector<bool> hidden_fields_;  // by position there
  std::vector<RowRule> row_rules_;
  // By the model on whose table the column is, and its name.
  std::map<std::pair<const Model*, std::string_view>, Mask> masks_;
  std::map<const Model*, uint32_t> smallest_groups_;  // concrete models
  User user_;
};

}  // namespace ormc::manifest
