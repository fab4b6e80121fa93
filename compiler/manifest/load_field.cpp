#include <array>
#include <memory>
#include <string>
#include <utility>

#include "compiler/manifest/builder.h"

namespace ormc::manifest {
namespace {

constexpr std::array<std::pair<std::string_view, RelationKind>, 5> kRelationKinds = {{
    {"fk", RelationKind::kForeignKey},
    {"o2o", RelationKind::kOneToOne},
    {"m2m", RelationKind::kManyToMany},
    {"generic_fk", RelationKind::kGenericForeignKey},
    {"generic_relation", RelationKind::kGenericRelation},
}};

Relation ReadRelation(const Node& node, const Manifest& manifest) {
  Relation relation;
  const Node kind = node.Member("kind");
  relation.kind = RelationKindAt(kind);
  relation.to = ModelAt(node, "to", manifest);
  if (relation.to != nullptr) {
    relation.to_label = relation.to->label;
  } else if (relation.kind != RelationKind::kGenericForeignKey) {
    node.Fail("`to` is missing");
  }
  relation.from_fields = node.TextsAt("from_fields");
  relation.to_fields = node.TextsAt("to_fields");
  relation.accessor = node.TextOr("accessor", "");
  relation.query_name = node.TextOr("query_name", "");
  relation.hidden = node.FlagOr("hidden", false);
  relation.parent_link = node.FlagOr("parent_link", false);
  relation.through = ModelAt(node, "through", manifest);
  relation.through_from = node.TextOr("through_from", "");
  relation.through_to = node.TextOr("through_to", "");
  relation.symmetrical = node.FlagOr("symmetrical", false);
  relation.content_type_field = node.TextOr("ct_field", "");
  relation.object_id_field = node.TextOr("fk_field", "");
  if (relation.kind == RelationKind::kManyToMany && relation.through == nullptr) {
    node.Fail("`through` is missing");
  }
  return relation;
}

// [value, label] pairs.
std::vector<std::pair<Value, std::string>> ReadChoices(const Node& node) {
  std::vector<std::pair<Value, std::string>> choices;
  node.EachAt("choices", [&](const Node& choice) {
    size_t parts = 0;
    std::optional<Value> value;
    std::string label;
    choice.Each([&](const Node& part) {
      if (parts == 0) value = ReadValue(part);
      if (parts == 1) label = part.Text();
      ++parts;
    });
    if (parts != 2) choice.Fail("a value and its label are expected");
    if (value) choices.emplace_back(*std::move(value), std::move(label));
  });
  return choices;
}

std::shared_ptr<const Field> ReadInner(const Node& node, std::string_view key,
                                       const Manifest& manifest) {
  const std::optional<Node> inner = node.Find(key);
  if (!inner) return nullptr;
  return std::make_shared<const Field>(ReadField(*inner, manifest, nullptr));
}

}  // namespace

RelationKind RelationKindAt(const Node& node) {
  const std::string_view text = node.Text();
  for (const auto& [name, kind] : kRelationKinds) {
    if (name == text) return kind;
  }
  node.Fail("unknown kind `" + std::string(text) + "`");
}

Field ReadField(const Node& node, const Manifest& manifest, const Model* owner) {
  Field field;
  const std::string kind = node.TextOf("kind");
  field.opaque = node.TextOr("opaque", "");
  if (const std::optional<FieldKind> known = FieldKindOf(kind)) field.kind = *known;
  if (field.kind == FieldKind::kOther && field.opaque.empty()) {
    field.opaque = "its class `" + kind + "` is not one of Django's";
  }
  // The element of an array has no name and no column.
  field.name = owner != nullptr ? node.NameAt("name") : node.TextOr("name", "");
  field.attname = node.TextOr("attname", field.name);
  field.owner = owner;
  field.model = ModelAt(node, "model", manifest);
  if (field.model == nullptr) field.model = owner;
  field.concrete = node.FlagOr("concrete", true) && owner != nullptr;
  field.column = field.concrete ? node.NameAt("column") : node.TextOr("column", "");
  field.internal_type = node.TextOr("internal_type", kind);
  field.null = node.FlagOr("null", false);
  field.primary_key = node.FlagOr("primary_key", false);
  field.unique = node.FlagOr("unique", false);
  field.auto_created = node.FlagOr("auto_created", false);
  field.db_type = node.TextOr("db_type", "");
  field.max_length = node.IntegerAt("max_length");
  field.max_digits = node.IntegerAt("max_digits");
  field.decimal_places = node.IntegerAt("decimal_places");
  field.db_collation = node.TextOr("db_collation", "");
  field.choices = ReadChoices(node);
  field.verbose_name = node.TextOr("verbose_name", field.name);
  if (const std::optional<Node> relation = node.Find("relation")) {
    field.relation = ReadRelation(*relation, manifest);
  }
  field.base_field = ReadInner(node, "base_field", manifest);
  field.output_field = ReadInner(node, "output_field", manifest);
  return field;
}

}  // namespace ormc::manifest
