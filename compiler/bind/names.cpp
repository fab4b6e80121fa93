#include <algorithm>
#include <array>

#include "compiler/bind/binder.h"
#include "compiler/bind/elsewhere.h"
#include "compiler/plan/versions.h"

namespace ormc::bind {
namespace {

struct NameRow {
  std::string_view name;
  Named::Kind kind;
  std::string_view target;
};

// What is in scope beside models, functions, aggregates, lookups, fields and builtins.
constexpr std::array kNames = {
    NameRow{"F", Named::Kind::kConstructor, "F"},
    NameRow{"Q", Named::Kind::kConstructor, "Q"},
    NameRow{"Value", Named::Kind::kConstructor, "Value"},
    NameRow{"Case", Named::Kind::kConstructor, "Case"},
    NameRow{"When", Named::Kind::kConstructor, "When"},
    NameRow{"Exists", Named::Kind::kConstructor, "Exists"},
    NameRow{"OuterRef", Named::Kind::kConstructor, "OuterRef"},
    NameRow{"Subquery", Named::Kind::kConstructor, "Subquery"},
    NameRow{"ExpressionWrapper", Named::Kind::kConstructor, "ExpressionWrapper"},
    NameRow{"Window", Named::Kind::kConstructor, "Window"},
    NameRow{"RowRange", Named::Kind::kConstructor, "RowRange"},
    NameRow{"ValueRange", Named::Kind::kConstructor, "ValueRange"},
    NameRow{"WindowFrameExclusion", Named::Kind::kModule, "WindowFrameExclusion"},
    NameRow{"ArraySubquery", Named::Kind::kConstructor, "ArraySubquery"},
    NameRow{"KT", Named::Kind::kConstructor, "KT"},
    NameRow{"FilteredRelation", Named::Kind::kConstructor, "FilteredRelation"},
    NameRow{"Prefetch", Named::Kind::kConstructor, "Prefetch"},
    NameRow{"prefetch_related_objects", Named::Kind::kConstructor, "prefetch_related_objects"},
    NameRow{"get_user_model", Named::Kind::kConstructor, "get_user_model"},
    NameRow{"apps", Named::Kind::kModule, "apps"},
    NameRow{"models", Named::Kind::kModule, "models"},
    NameRow{"functions", Named::Kind::kModule, "functions"},
    NameRow{"timezone", Named::Kind::kModule, "timezone"},
    NameRow{"datetime", Named::Kind::kModule, "datetime"},
    NameRow{"math", Named::Kind::kModule, "math"},
    NameRow{"uuid", Named::Kind::kModule, "uuid"},
    NameRow{"decimal", Named::Kind::kModule, "decimal"},
    NameRow{"zoneinfo", Named::Kind::kModule, "zoneinfo"},
    NameRow{"date", Named::Kind::kBuiltin, "datetime.date"},
    NameRow{"time", Named::Kind::kBuiltin, "datetime.time"},
    NameRow{"timedelta", Named::Kind::kBuiltin, "datetime.timedelta"},
    NameRow{"Decimal", Named::Kind::kBuiltin, "decimal.Decimal"},
    NameRow{"UUID", Named::Kind::kBuiltin, "uuid.UUID"},
    NameRow{"ZoneInfo", Named::Kind::kBuiltin, "zoneinfo.ZoneInfo"},
};

// Python's own that this language has no use for: they get a diagnostic of their own.
constexpr std::array<std::string_view, 32> kRefusedBuiltins = {
    "open",    "exec",         "eval",        "compile",      "__import__", "getattr",
    "setattr", "delattr",      "globals",     "locals",       "vars",       "dir",
    "input",   "print",        "breakpoint",  "exit",         "quit",       "type",
    "object",  "super",        "classmethod", "staticmethod", "property",   "memoryview",
    "id",      "help",         "isinstance",  "issubclass",   "callable",   "connection",
    "cursor",  "__builtins__",
};

}  // namespace

BoundPtr Binder::NamedThing(const std::string& name, Span span) const {
  plan::RequireName(scope_.manifest(), name, span);
  const auto named = [&](Named::Kind kind, std::string target) {
    return MakeBound(span, Named{kind, std::move(target)});
  };
  for (const NameRow& row : kNames) {
    if (row.name == name) return named(row.kind, std::string(row.target));
  }
  if (catalog::FindAggregate(name) != nullptr) return named(Named::Kind::kAggregate, name);
  if (catalog::FindFunction(name) != nullptr) return named(Named::Kind::kFunction, name);
  if (catalog::FindLookupClass(name) != nullptr) return named(Named::Kind::kLookup, name);
  if (plan::FieldClass(name)) return named(Named::Kind::kField, name);
  if (name.find('.') == std::string::npos && eval::HasBuiltin(name)) {
    return named(Named::Kind::kBuiltin, name);
  }
  if (std::find(kRefusedBuiltins.begin(), kRefusedBuiltins.end(), name) != kRefusedBuiltins.end()) {
    return named(Named::Kind::kRefused, name);
  }
  return nullptr;
}

BoundPtr Binder::EvalName(const std::string& name, Span span) {
  if (const auto known = names_.find(name); known != names_.end()) {
    if (const auto stale = stale_.find(name); stale != stale_.end()) {
      Reject(Kind::NotSupported, span,
             "`" + name + "`, made of `" + stale->second + "` before that changed",
             std::string("make it after the change, where it is used"));
    }
    if (const auto slot = SlotOf(known->second)) reads_.insert(*slot);
    if (const auto captured = captures_.find(name); captured != captures_.end()) {
      reads_.insert(captured->second.begin(), captured->second.end());
    }
    return known->second;
  }
  const std::vector<const manifest::Model*> models = scope_.ModelsNamed(name);
  if (models.size() == 1) return MakeBound(span, ModelClass{models[0]});
  if (models.size() > 1) {
    std::string apps;
    for (const manifest::Model* model : models) apps += (apps.empty() ? "" : ", ") + model->app;
    Reject(Kind::AmbiguousModel, span, name, apps);
  }
  if (BoundPtr thing = NamedThing(name, span)) {
    const Named& named = std::get<Named>(thing->node);
    if (named.kind != Named::Kind::kRefused) return thing;
    Diagnostic refused = MakeDiagnostic(Kind::BuiltinRefused, span, name);
    refused.suggestion = InsteadOf(name);
    throw Rejection(std::move(refused));
  }
  if (name.starts_with("_")) Reject(Kind::UnderscoreName, span, name);
  Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownName, span, name);
  diagnostic.suggestion = InsteadOf(name);
  if (diagnostic.suggestion.empty()) diagnostic.suggestion = DidYouMean(name, NamesInScope());
  throw Rejection(std::move(diagnostic));
}

std::vector<std::string> GlobalNames() {
  std::vector<std::string> names;
  for (const NameRow& row : kNames) names.emplace_back(row.name);
  for (const catalog::Aggregate& row : catalog::AllAggregates()) names.emplace_back(row.name);
  for (const catalog::Function& row : catalog::AllFunctions()) names.emplace_back(row.name);
  for (const catalog::Lookup& row : catalog::AllLookups()) names.emplace_back(row.class_name);
  for (auto kind = manifest::FieldKind{}; kind < manifest::FieldKind::kOther;
       kind = static_cast<manifest::FieldKind>(static_cast<uint8_t>(kind) + 1)) {
    if (plan::FieldClass(manifest::NameOf(kind))) names.emplace_back(manifest::NameOf(kind));
  }
  for (const eval::CallableInfo& row : eval::Builtins()) {
    if (row.name.find('.') == std::string_view::npos) names.emplace_back(row.name);
  }
  return names;
}

std::vector<std::string> Binder::NamesInScope() const {
  std::vector<std::string> names = scope_.ModelNames();
  for (const auto& [name, value] : names_) names.push_back(name);
  for (std::string& name : GlobalNames()) names.push_back(std::move(name));
  return names;
}

}  // namespace ormc::bind
