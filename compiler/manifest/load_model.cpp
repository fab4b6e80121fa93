#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "compiler/manifest/builder.h"

namespace ormc::manifest {
namespace {

constexpr std::array<std::pair<std::string_view, Manager::Kind>, 3> kManagerKinds = {{
    {"plain", Manager::Kind::kPlain},
    {"expressible", Manager::Kind::kExpressible},
    {"opaque", Manager::Kind::kOpaque},
}};

Ordering ReadOrdering(const Node& node) {
  Ordering ordering;
  ordering.path = node.TextOr("path", "");
  ordering.expression = node.TextOr("expression", "");
  ordering.opaque = node.TextOr("opaque", "");
  if (ordering.path.empty() && ordering.expression.empty() && ordering.opaque.empty()) {
    node.Fail("one of `path`, `expression`, `opaque` is expected");
  }
  return ordering;
}

Method ReadMethod(const Node& node) {
  Method method;
  method.name = node.NameAt("name");
  method.parameters = node.TextsAt("args");
  method.source = node.TextOr("source", "");
  method.opaque = node.TextOr("opaque", "");
  method.manager_only = node.TextOr("on", "") == "manager";
  if (method.source.empty() && method.opaque.empty()) {
    node.Fail("one of `source`, `opaque` is expected");
  }
  if (const std::optional<Node> defaults = node.Find("defaults")) {
    defaults->EachMember([&](std::string_view name, const Node& value) {
      if (std::optional<Value> read = ReadValue(value)) {
        method.defaults.emplace_back(name, *std::move(read));
      }
    });
  }
  return method;
}

std::vector<Method> ReadMethods(const Node& node, std::string_view key) {
  std::vector<Method> methods;
  node.EachAt(key, [&](const Node& item) { methods.push_back(ReadMethod(item)); });
  return methods;
}

Manager ReadManager(const Node& node) {
  Manager manager;
  manager.name = node.NameAt("name");
  const Node kind = node.Member("kind");
  const std::string_view text = kind.Text();
  bool known = false;
  for (const auto& [name, value] : kManagerKinds) {
    if (name != text) continue;
    manager.kind = value;
    known = true;
  }
  if (!known) kind.Fail("unknown kind `" + std::string(text) + "`");
  manager.queryset = node.TextOr("queryset", "");
  manager.opaque = node.TextOr("reason", "");
  manager.methods = ReadMethods(node, "methods");
  if (const std::optional<Node> related = node.Find("related")) {
    manager.related = std::make_shared<const Manager>(ReadManager(*related));
  }
  return manager;
}

ChoicesClass ReadChoicesClass(const Node& node) {
  ChoicesClass choices;
  choices.name = node.NameAt("name");
  node.EachAt("members", [&](const Node& item) {
    ChoicesClass::Member member;
    member.name = item.NameAt("name");
    std::optional<Value> value = ReadValue(item.ValueAt("value"));
    if (!value) return;
    member.value = *std::move(value);
    member.label = item.TextOr("label", "");
    choices.members.push_back(std::move(member));
  });
  return choices;
}

void FillFields(const Node& node, const Manifest& manifest, Model& model) {
  const Node fields = node.Member("fields");
  model.fields.reserve(std::min(fields.size(), kFieldsOfModel));
  fields.Each([&](const Node& item) {
    if (model.fields.size() == kFieldsOfModel) item.Fail("too many fields");
    model.fields.push_back(ReadField(item, manifest, &model));
  });
  const auto count = static_cast<uint32_t>(model.fields.size());
  for (uint32_t i = 0; i < count; ++i) model.field_index.Add(model.fields[i].name, i);
  // A name beats another field's attname.
  for (uint32_t i = 0; i < count; ++i) model.field_index.Add(model.fields[i].attname, i);
  model.field_index.Finish();
  fields.Each([&, i = 0U](const Node& item) mutable {
    const std::string& name = model.fields[i].name;
    if (model.FindField(name) != &model.fields[i++]) item.Fail("a second field `" + name + "`");
  });
  model.primary_key = node.TextsAt("pk");
  node.EachAt("pk", [&](const Node& item) {
    if (model.FindField(item.Text()) == nullptr) {
      item.Fail("no field `" + std::string(item.Text()) + "`");
    }
  });
}

}  // namespace

void FillModel(const Node& node, const Manifest& manifest, Model& model) {
  model.table = node.NameAt("table");
  model.schema = node.TextOr("schema", "");
  model.database = node.TextOr("database", "");
  model.managed = node.FlagOr("managed", true);
  model.proxy_for = ModelAt(node, "proxy_for", manifest);
  model.concrete = ModelAt(node, "concrete", manifest);
  if (model.concrete == nullptr) model.concrete = &model;
  model.swapped = node.TextOr("swapped", "");
  model.auto_created = node.TextOr("auto_created", "");
  node.EachAt("parents", [&](const Node& item) {
    const Model* parent = ModelAt(item, "model", manifest);
    if (parent == nullptr) item.Fail("`model` is missing");
    model.parents.push_back({parent, item.TextOr("link", "")});
  });
  model.verbose_name = node.TextOr("verbose_name", model.name);
  model.verbose_name_plural = node.TextOr("verbose_name_plural", model.verbose_name);
  node.EachAt("ordering", [&](const Node& item) { model.ordering.push_back(ReadOrdering(item)); });
  model.get_latest_by = node.TextsAt("get_latest_by");
  model.order_with_respect_to = node.TextOr("order_with_respect_to", "");
  model.base_manager = node.TextOr("base_manager", "");
  model.default_manager = node.TextOr("default_manager", "");
  node.EachAt("managers", [&](const Node& item) { model.managers.push_back(ReadManager(item)); });
  FillFields(node, manifest, model);
  if (const std::optional<Node> constants = node.Find("constants")) {
    constants->EachMember([&](std::string_view name, const Node& value) {
      if (std::optional<Value> read = ReadValue(value)) {
        model.constants.emplace_back(name, *std::move(read));
      }
    });
  }
  node.EachAt("choices_classes",
              [&](const Node& item) { model.choices_classes.push_back(ReadChoicesClass(item)); });
  model.methods = ReadMethods(node, "methods");
  model.properties = ReadMethods(node, "properties");
  if (const std::optional<Node> text = node.Find("str")) model.text = ReadMethod(*text);
  if (const std::optional<Node> admin = node.Find("admin")) {
    model.admin_overrides = admin->TextsAt("overrides");
  }
}

void FillReverse(const Node& node, const Manifest& manifest, Model& model) {
  node.EachAt("reverse", [&](const Node& item) {
    Reverse reverse;
    reverse.name = item.TextOr("name", "");
    reverse.accessor = item.TextOr("accessor", "");
    reverse.model = ModelAt(item, "model", manifest);
    if (reverse.model == nullptr) item.Fail("`model` is missing");
    const std::string field = item.TextOf("field");
    reverse.field = reverse.model->FindField(field);
    if (reverse.field == nullptr) {
      item.Fail("`" + reverse.model->label + "` has no field `" + field + "`");
    }
    reverse.hidden = item.FlagOr("hidden", false);
    reverse.kind = RelationKindAt(item.Member("kind"));
    reverse.via = ModelAt(item, "via", manifest);
    model.reverse.push_back(std::move(reverse));
  });
  for (uint32_t i = 0; i < model.reverse.size(); ++i) {
    if (!model.reverse[i].name.empty()) model.reverse_index.Add(model.reverse[i].name, i);
  }
  model.reverse_index.Finish();
}

}  // namespace ormc::manifest
