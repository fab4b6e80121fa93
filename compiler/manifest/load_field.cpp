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

// Members are read in the order of their names, which is the document's: the search for one begins
// behind the last (Node::Lookup), and a field has twenty-seven.

Relation ReadRelation(const Node& node, const Manifest& manifest) {
  Relation relation;
  relation.accessor = node.TextOr("accessor", "");
  relation.content_type_field = node.TextOr("ct_field", "");
  relation.object_id_field = node.TextOr("fk_field", "");
  relation.from_fields = node.TextsAt("from_fields");
  relation.hidden = node.FlagOr("hidden", false);
  relation.kind = RelationKindAt(node.Member("kind"));
  relation.parent_link = node.FlagOr("parent_link", false);
  relation.query_name = node.TextOr("query_name", "");
  relation.symmetrical = node.FlagOr("symmetrical", false);
  relation.through = ModelAt(node, "through", manifest);
  relation.through_from = node.TextOr("through_from", "");
  relation.through_to = node.TextOr("through_to", "");
  relation.to = ModelAt(node, "to", manifest);
  relation.to_fields = node.TextsAt("to_fields");
  if (relation.to != nullptr) {
    relation.to_label = relation.to->label;
  } else if (relation.kind != RelationKind::kGenericForeignKey) {
    node.Fail("`to` is missing");
  }
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
  field.owner = owner;
  // The element of an array has no name and no column.
  const bool named = owner != nullptr;
  field.attname = node.TextOr("attname", "");
  field.auto_created = node.FlagOr("auto_created", false);
  field.base_field = ReadInner(node, "base_field", manifest);
  field.choices = ReadChoices(node);
  field.concrete = node.FlagOr("concrete", true) && named;
  field.column = field.concrete ? node.NameAt("column") : node.TextOr("column", "");
  field.db_collation = node.TextOr("db_collation", "");
  field.db_type = node.TextOr("db_type", "");
  field.decimal_places = node.IntegerAt("decimal_places");
  field.internal_type = node.TextOr("internal_type", "");
  const std::string kind = node.TextOf("kind");
  field.max_digits = node.IntegerAt("max_digits");
  field.max_length = node.IntegerAt("max_length");
  field.model = ModelAt(node, "model", manifest);
  field.name = named ? node.NameAt("name") : node.TextOr("name", "");
  field.null = node.FlagOr("null", false);
  field.opaque = node.TextOr("opaque", "");
  field.output_field = ReadInner(node, "output_field", manifest);
  field.primary_key = node.FlagOr("primary_key", false);
  if (const std::optional<Node> relation = node.Find("relation")) {
    field.relation = ReadRelation(*relation, manifest);
  }
  field.unique = node.FlagOr("unique", false);
  field.verbose_name = node.TextOr("verbose_name", field.name);

  if (field.attname.empty()) field.attname = field.name;
  if (field.internal_type.empty()) field.internal_type = kind;
  if (field.model == nullptr) field.model = owner;
  if (const std::optional<FieldKind> known = FieldKindOf(kind)) field.kind = *known;
  if (field.kind == FieldKind::kOther && field.opaque.empty()) {
    field.opaque = "its class `" + kind + "` is not one of Django's";
  }
  return field;
}

}  // namespace ormc::manifest
