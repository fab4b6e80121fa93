#include "compiler/manifest/load.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <unordered_set>
#include <utility>

#include "compiler/manifest/builder.h"

namespace ormc::manifest {
namespace {

namespace json = boost::json;

// First pass: labels, so that every later label can be resolved.
void CreateModels(const Node& models, Manifest& manifest) {
  models.Each([&](const Node& node) {
    if (manifest.models.size() == kModels) node.Fail("too many models");
    auto model = std::make_unique<Model>();
    model->label = node.NameAt("label");
    model->app = node.NameAt("app");
    model->name = node.NameAt("name");
    if (model->label != model->app + "." + model->name) {
      node.Member("label").Fail("`" + model->label + "` is not made of `app` and `name`");
    }
    const auto position = static_cast<uint32_t>(manifest.models.size());
    if (!manifest.model_index.emplace(model->label, position).second) {
      node.Fail("a second model `" + model->label + "`");
    }
    manifest.models.push_back(std::move(model));
  });
}

// "5.2.19" and "6.0rc1": 502 and 600.
int32_t ReleaseAt(const Node& django) {
  const std::string_view text = django.Text();
  int32_t major = 0;
  int32_t minor = 0;
  const auto dot = std::from_chars(text.data(), text.data() + text.size(), major);
  const bool read =
      dot.ec == std::errc() && dot.ptr != text.data() + text.size() && *dot.ptr == '.' &&
      std::from_chars(dot.ptr + 1, text.data() + text.size(), minor).ec == std::errc();
  if (!read || major < 1 || major > 99 || minor < 0 || minor > 99) {
    django.Fail("`" + std::string(text) + "` is no version of Django");
  }
  return major * 100 + minor;
}

void ReadHeader(const Node& root, Manifest& manifest) {
  const Node format = root.Member("format");
  if (format.Integer() != 1) {
    format.Fail("format " + std::to_string(format.Integer()) + " is not known, only 1");
  }
  manifest.fingerprint = root.TextOr("fingerprint", "");
  const Node versions = root.Member("versions");
  const Node django = versions.Member("django");
  manifest.django = django.Text();
  manifest.release = ReleaseAt(django);
  const Node database = root.Member("database");
  manifest.database_alias = database.TextOf("alias");
  const Node vendor = database.Member("vendor");
  if (vendor.Text() != "postgresql") {
    vendor.Fail("`" + std::string(vendor.Text()) + "` is not supported, only PostgreSQL");
  }
  const std::vector<std::string> apps = root.TextsAt("extensions");
  manifest.postgres_app = std::ranges::find(apps, "django.contrib.postgres") != apps.end();
  const Node settings = root.Member("settings");
  manifest.use_tz = settings.Member("use_tz").Flag();
  manifest.time_zone = settings.NameAt("time_zone");
  manifest.auth_user_model = settings.NameAt("auth_user_model");
}

void ReadTransforms(const Node& root, Manifest& manifest) {
  root.EachAt("transforms", [&](const Node& item) {
    const std::optional<FieldKind> field = FieldKindOf(item.Member("field").Text());
    if (!field) return;
    manifest.transforms.push_back({*field, item.NameAt("name"), item.NameAt("function")});
  });
}

void MarkContrib(const Node& root, Manifest& manifest) {
  root.EachAt("apps", [&](const Node& app) {
    if (!app.FlagOr("contrib", false)) return;
    const std::string label = app.TextOf("label");
    for (const std::unique_ptr<Model>& model : manifest.models) {
      if (model->app == label) model->contrib = true;
    }
  });
}

// visit(const Node&, Model&) for each model, with its label in the place.
template <class Visit>
void EachModel(const Node& models, Manifest& manifest, Visit visit) {
  size_t position = 0;
  models.Each([&](Node node) {
    Model& model = *manifest.models[position++];
    node.set_label(model.label);
    visit(node, model);
  });
}

// Later rooms walk up the parents: a cycle would never end.
void RequireDescent(const Node& node, const Model& model) {
  if (model.concrete->concrete != model.concrete) {
    node.Member("concrete").Fail("`" + model.concrete->label + "` is itself not concrete");
  }
  std::vector<const Model*> above = {&model};
  std::unordered_set<const Model*> seen;
  while (!above.empty()) {
    const Model* next = above.back();
    above.pop_back();
    for (const Model::Parent& parent : next->parents) {
      if (parent.model == &model) node.Member("parents").Fail("the model is its own ancestor");
      if (seen.insert(parent.model).second) above.push_back(parent.model);
    }
    // The rows of a many-to-many's own table are parts of both its ends.
    if (next->auto_created.empty()) continue;
    for (const Field& field : next->fields) {
      if (!field.relation || field.relation->to == nullptr) continue;
      if (field.relation->to == &model) node.Member("fields").Fail("the model is its own end");
      if (seen.insert(field.relation->to).second) above.push_back(field.relation->to);
    }
  }
}

void SortModels(Manifest& manifest) {
  std::ranges::sort(manifest.models, {}, [](const auto& model) { return model->label; });
  for (uint32_t i = 0; i < manifest.models.size(); ++i) {
    manifest.models[i]->index = i;
    manifest.model_index[manifest.models[i]->label] = i;
    manifest.class_index.Add(manifest.models[i]->name, i);
  }
  manifest.class_index.Finish();
}

}  // namespace

Result<json::value> ParseDocument(std::string_view text, json::storage_ptr memory) {
  if (text.size() > kDocumentBytes) return Error{"the document is larger than 64 MB"};
  json::parse_options options;
  options.max_depth = kDocumentDepth;
  json::error_code error;
  json::value document = json::parse({text.data(), text.size()}, error, std::move(memory), options);
  if (error) return Error{"not JSON: " + error.message()};
  return document;
}

const Model* ModelAt(const Node& node, std::string_view key, const Manifest& manifest) {
  const std::optional<Node> label = node.Find(key);
  if (!label) return nullptr;
  const Model* model = manifest.Find(label->Text());
  if (model == nullptr) label->Fail("no model `" + std::string(label->Text()) + "`");
  return model;
}

Result<std::unique_ptr<const Manifest>> Load(std::string_view text) {
  // The document is dropped as a whole: half of the time went into freeing it value by value.
  json::monotonic_resource memory;
  Result<json::value> document = ParseDocument(text, &memory);
  if (!document) return Error{"manifest: " + document.error().message};
  try {
    auto manifest = std::make_unique<Manifest>();
    const Node root(*document);
    ReadHeader(root, *manifest);
    ReadTransforms(root, *manifest);
    const Node models = root.Member("models");
    CreateModels(models, *manifest);
    MarkContrib(root, *manifest);
    EachModel(models, *manifest,
              [&](const Node& node, Model& model) { FillModel(node, *manifest, model); });
    EachModel(models, *manifest,
              [&](const Node& node, Model& model) { FillReverse(node, *manifest, model); });
    EachModel(models, *manifest, RequireDescent);
    SortModels(*manifest);
    return std::unique_ptr<const Manifest>(std::move(manifest));
  } catch (const DocumentError& error) {
    return Error{std::string("manifest: ") + error.what()};
  }
}

}  // namespace ormc::manifest
