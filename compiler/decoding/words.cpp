#include <algorithm>
#include <set>

#include "compiler/catalog/catalog.h"
#include "compiler/decoding/decoding.h"
#include "compiler/eval/evaluate.h"

namespace ormc::decoding {
namespace {

using Names = std::set<std::string>;

// Methods of expressions and of relations that are no rows of a table.
constexpr std::string_view kExpressionMethods[] = {
    "asc", "desc", "bitand", "bitor", "bitxor", "bitleftshift", "bitrightshift", "get_model"};

bool IsTitle(std::string_view name) { return !name.empty() && name[0] >= 'A' && name[0] <= 'Z'; }

bool IsWord(std::string_view name) {
  return !name.empty() && name[0] != '_' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void Add(Names& names, std::string_view name) {
  if (IsWord(name)) names.insert(std::string(name));
}

// The last name of `datetime.date.today`.
std::string_view Last(std::string_view dotted) { return dotted.substr(dotted.rfind('.') + 1); }

Names Methods(const std::vector<std::string>& globals) {
  Names methods;
  for (const std::string_view name : kExpressionMethods) Add(methods, name);
  for (const std::string& name : catalog::MethodNames()) Add(methods, name);
  for (const eval::CallableInfo& row : eval::Methods()) Add(methods, row.name);
  for (const eval::CallableInfo& row : eval::Builtins()) Add(methods, Last(row.name));
  for (const std::string& name : globals) {
    if (IsTitle(name)) Add(methods, name);  // models.Count, functions.Lower
  }
  std::erase_if(methods, [](const std::string& name) {
    // A set's `add` belongs to the fold; the other names that write are left out.
    const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name);
    return refused != nullptr && !refused->verb.empty() && name != "add";
  });
  return methods;
}

// What a site's models bring: managers, relations, choices, constants, methods.
void AddSite(const manifest::ScopedManifest& scope, Names& titles, Names& methods, Names& members,
             Names& fields) {
  for (const auto& model : scope.manifest().models) {
    if (!scope.Sees(*model)) continue;
    Add(titles, model->name);
    for (const std::string& name : scope.FieldNames(*model)) Add(fields, name);
    for (const manifest::Field& field : model->fields) {
      if (!scope.Sees(field)) continue;
      Add(fields, field.attname);
      if (!field.choices.empty()) Add(methods, "get_" + field.name + "_display");
    }
    for (const manifest::Manager& manager : model->managers) {
      for (const manifest::Method& method : manager.methods) Add(methods, method.name);
    }
    for (const manifest::Method& method : model->methods) Add(methods, method.name);
    for (const manifest::ChoicesClass& choices : model->choices_classes) {
      Add(members, choices.name);
      for (const manifest::ChoicesClass::Member& member : choices.members)
        Add(members, member.name);
    }
    for (const auto& [name, value] : model->constants) Add(members, name);
  }
}

std::vector<std::string> Sorted(const Names& names) { return {names.begin(), names.end()}; }

}  // namespace

Words WordsOf(const std::vector<std::string>& globals, const manifest::ScopedManifest* scope) {
  Names titles = {"True", "False", "None"};
  Names callables;
  Names methods = Methods(globals);
  Names members;
  Names fields;
  Names lookups;
  for (const std::string& name : globals) {
    Add(callables, name);
    if (IsTitle(name)) {
      Add(titles, name);
      Add(members, name);
    }
  }
  for (const catalog::Lookup& row : catalog::AllLookups()) Add(lookups, row.name);
  for (const catalog::Function& row : catalog::AllFunctions()) Add(lookups, row.lookup_name);
  if (scope != nullptr) AddSite(*scope, titles, methods, members, fields);
  Words words;
  words.callables = Sorted(callables);
  words.methods = Sorted(methods);
  if (scope == nullptr) return words;
  fields.insert("pk");
  words.titles = Sorted(titles);
  words.members = Sorted(members);
  words.fields = Sorted(fields);
  words.lookups = Sorted(lookups);
  return words;
}

}  // namespace ormc::decoding
