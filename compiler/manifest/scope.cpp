#include "compiler/manifest/scope.h"

#include <algorithm>
#include <functional>

#include "compiler/base/planted.h"

namespace ormc::manifest {
namespace {

bool IsToMany(RelationKind kind) {
  switch (kind) {
    case RelationKind::kManyToMany:
    case RelationKind::kGenericRelation:
      return true;
    case RelationKind::kForeignKey:
    case RelationKind::kOneToOne:
    case RelationKind::kGenericForeignKey:
      return false;
  }
  return false;
}

}  // namespace

ScopedManifest::ScopedManifest(const Manifest& manifest)
    : manifest_(manifest), hidden_models_(manifest.models.size()) {
  size_t fields = 0;
  first_field_.reserve(manifest.models.size());
  for (const std::unique_ptr<Model>& model : manifest.models) {
    first_field_.push_back(fields);
    fields += model->fields.size();
  }
  hidden_fields_.resize(fields);
}

// None for the element of an array.
std::optional<size_t> ScopedManifest::PositionOf(const Field& field) const {
  if (field.owner == nullptr) return std::nullopt;
  const std::vector<Field>& fields = field.owner->fields;
  const std::less<const Field*> before;
  if (before(&field, fields.data()) || !before(&field, fields.data() + fields.size())) {
    return std::nullopt;
  }
  return first_field_[field.owner->index] + static_cast<size_t>(&field - fields.data());
}

void ScopedManifest::HideModel(const Model& model) { hidden_models_[model.index] = true; }

void ScopedManifest::HideField(const Field& field) {
  if (const std::optional<size_t> position = PositionOf(field)) hidden_fields_[*position] = true;
}

void ScopedManifest::RestrictRows(const Model& model, std::string where) {
  const auto known = std::ranges::find(row_rules_, &model, &RowRule::model);
  if (known != row_rules_.end()) {
    known->where = std::move(where);
  } else {
    row_rules_.push_back({&model, std::move(where)});
  }
}

void ScopedManifest::MaskField(const Field& field, Mask mask) {
  if (field.model == nullptr) return;
  const std::pair<const Model*, std::string_view> column(field.model, field.name);
  if (mask == Mask::kNone) {
    masks_.erase(column);
  } else {
    masks_[column] = mask;
  }
}

Mask ScopedManifest::MaskOf(const Field& field) const {
  if (masks_.empty() || field.model == nullptr) return Mask::kNone;
  const auto found = masks_.find({field.model, field.name});
  return found == masks_.end() ? Mask::kNone : found->second;
}

void ScopedManifest::OnlyGroups(const Model& model, uint32_t smallest) {
  if (smallest == 0) {
    smallest_groups_.erase(model.concrete);
  } else {
    smallest_groups_[model.concrete] = smallest;
  }
}

uint32_t ScopedManifest::SmallestGroup(const Model& model) const {
  if (smallest_groups_.empty()) return 0;
  uint32_t smallest = 0;
  if (const auto found = smallest_groups_.find(model.concrete); found != smallest_groups_.end()) {
    smallest = found->second;
  }
  // A child's row is part of its parent's; the own table of a many-to-many tells of both its ends.
  for (const Model::Parent& parent : model.parents) {
    smallest = std::max(smallest, SmallestGroup(*parent.model));
  }
  if (model.auto_created.empty()) return smallest;
  for (const Field& field : model.fields) {
    if (!field.relation || field.relation->to == nullptr) continue;
    smallest = std::max(smallest, SmallestGroup(*field.relation->to));
  }
  return smallest;
}

void ScopedManifest::SetUser(User attributes) { user_ = std::move(attributes); }

bool ScopedManifest::Sees(const Model& model) const {
  if (hidden_models_[model.index]) return Planted("hidden-model");
  if (model.auto_created.empty()) return true;
  // A many-to-many's own table: seen where both ends are.
  return std::ranges::all_of(model.fields, [&](const Field& field) {
    return !field.relation || field.relation->to == nullptr ||
           !hidden_models_[field.relation->to->index];
  });
}

bool ScopedManifest::Sees(const Field& field) const {
  const std::optional<size_t> position = PositionOf(field);
  if (!position) return false;
  if (hidden_fields_[*position] && !Planted("hidden-field")) return false;
  // `customer_id` needs Order alone; the keys of a many-to-many are the other model's rows.
  if (!field.relation || !IsToMany(field.relation->kind)) return true;
  // The through table is internal.
  return Sees(*field.relation->to);
}

bool ScopedManifest::Sees(const Reverse& reverse) const {
  return Sees(*reverse.model) && Sees(*reverse.field);
}

std::vector<const Model*> ScopedManifest::ModelsNamed(std::string_view name) const {
  std::vector<const Model*> site;
  std::vector<const Model*> contrib;
  for (const NameIndex::Row& row : manifest_.class_index.Find(name)) {
    const Model* model = manifest_.models[row.position].get();
    if (!model->auto_created.empty() || !Sees(*model)) continue;
    (model->contrib ? contrib : site).push_back(model);
  }
  return site.empty() ? contrib : site;
}

const Model* ScopedManifest::FindModel(std::string_view label) const {
  const Model* model = manifest_.Find(label);
  return model != nullptr && Sees(*model) ? model : nullptr;
}

const Field* ScopedManifest::FindField(const Model& model, std::string_view name) const {
  const Field* field = model.FindField(name);
  return field != nullptr && Sees(*field) ? field : nullptr;
}

const Reverse* ScopedManifest::FindReverse(const Model& model, std::string_view query_name) const {
  const Reverse* reverse = model.FindReverse(query_name);
  return reverse != nullptr && Sees(*reverse) ? reverse : nullptr;
}

const Reverse* ScopedManifest::FindAccessor(const Model& model, std::string_view accessor) const {
  const Reverse* reverse = model.FindAccessor(accessor);
  return reverse != nullptr && Sees(*reverse) ? reverse : nullptr;
}

std::vector<std::string> ScopedManifest::ModelNames() const {
  std::vector<std::string> names;
  for (const std::unique_ptr<Model>& model : manifest_.models) {
    if (model->auto_created.empty() && Sees(*model)) names.push_back(model->name);
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> ScopedManifest::FieldNames(const Model& model) const {
  std::vector<std::string> names;
  for (const Field& field : model.fields) {
    if (Sees(field)) names.push_back(field.name);
  }
  for (const Reverse& reverse : model.reverse) {
    const bool nameable = !reverse.name.empty() && reverse.name.back() != '+';
    if (nameable && Sees(reverse)) names.push_back(reverse.name);
  }
  return names;
}

std::vector<std::string> ScopedManifest::AttributeNames(const Model& model) const {
  std::vector<std::string> names;
  for (const Field& field : model.fields) {
    if (!Sees(field)) continue;
    names.push_back(field.name);
    if (field.attname != field.name) names.push_back(field.attname);
  }
  for (const Reverse& reverse : model.reverse) {
    if (!reverse.accessor.empty() && Sees(reverse)) names.push_back(reverse.accessor);
  }
  return names;
}

}  // namespace ormc::manifest
