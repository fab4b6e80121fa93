#include "tests/fuzz/snippet_writer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/base/check.h"
#include "compiler/catalog/catalog.h"
#include "compiler/plan/field_type.h"

namespace ormc::fuzz {
namespace {

using manifest::Field;
using manifest::FieldKind;
using manifest::Model;
using manifest::RelationKind;

constexpr size_t kDeepest = 12;
constexpr size_t kLongest = 3'000;
constexpr size_t kSteps = 2;
constexpr size_t kOptional = 2;  // arguments of a function beyond those that it needs

using Texts = std::map<std::string_view, std::vector<std::string>>;

// The texts of each rule; the catalogue's names are rules, too.
const Texts& Rules() {
  static const Texts rules = [] {
    Texts made = {{"method", catalog::MethodNames()}};
#define ORMC_SNIPPET(rule, text) made[#rule].emplace_back(text);
#include "tests/fuzz/snippets.def"
#undef ORMC_SNIPPET
    for (const auto& row : catalog::AllLookups()) made["lookup"].emplace_back(row.name);
    for (const auto& row : catalog::AllAggregates()) made["aggregate"].emplace_back(row.name);
    for (const auto& row : catalog::AllFunctions()) {
      if (!row.lookup_name.empty()) made["transform"].emplace_back(row.lookup_name);
    }
    return made;
  }();
  return rules;
}

struct Sort {
  std::string_view name;
  std::vector<FieldKind> kinds;
};
const Sort& SortOf(std::string_view name) {
  using enum FieldKind;
  static const std::vector<Sort> sorts = {
      {"any", {}},
      {"number", {kIntegerField, kAutoField, kDecimalField, kFloatField}},
      {"text", {kCharField, kTextField}},
      {"time", {kDateField}},
      {"bool", {kBooleanField}},
      {"json", {kJSONField}},
      {"array", {kArrayField}},
  };
  const auto found = std::ranges::find(sorts, name, &Sort::name);
  Check(found != sorts.end(), "a sort of field is one of the list");
  return *found;
}

bool IsOf(const Field& field, const Sort& sort) {
  return sort.kinds.empty() || std::ranges::any_of(sort.kinds, [&](FieldKind kind) {
           return plan::IsA(field.kind, kind);
         });
}

}  // namespace

SnippetWriter::SnippetWriter(FuzzedDataProvider& bytes, const manifest::Manifest& manifest)
    : bytes_(bytes) {
  for (const auto& model : manifest.models) {
    if (model->auto_created.empty()) models_.push_back(model.get());
  }
}

std::string SnippetWriter::Write() {
  WriteRule("program");
  return std::move(text_);
}

size_t SnippetWriter::Pick(size_t count) {
  if (depth_ > kDeepest || text_.size() > kLongest) return 0;
  return bytes_.ConsumeIntegralInRange<size_t>(0, count - 1);
}

void SnippetWriter::WriteRule(std::string_view rule) {
  const auto found = Rules().find(rule);
  Check(found != Rules().end(), "each rule has rows");
  ++depth_;
  WriteText(found->second[Pick(found->second.size())]);
  --depth_;
}

void SnippetWriter::WriteText(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t begin = text.find('<', at);
    // A hole's name follows at once, a comparison's operand does not.
    if (begin == std::string_view::npos || text[begin + 1] == ' ') {
      text_ += text.substr(at);
      return;
    }
    const size_t end = text.find('>', begin);
    text_ += text.substr(at, begin - at);
    WriteHole(text.substr(begin + 1, end - begin - 1));
    at = end + 1;
  }
}

void SnippetWriter::WriteHole(std::string_view hole) {
  using Hole = void (SnippetWriter::*)(std::string_view sort);
  static const std::map<std::string_view, Hole> holes = {
      {"model", &SnippetWriter::WriteModel},
      {"same", &SnippetWriter::WriteSame},
      {"path", &SnippetWriter::WritePath},
      {"outer", &SnippetWriter::WriteOuter},
      {"attribute", &SnippetWriter::WriteAttribute},
      {"relation", &SnippetWriter::WriteRelation},
      {"accessor", &SnippetWriter::WriteAccessor},
      {"function", &SnippetWriter::WriteFunction},
      {"new", &SnippetWriter::WriteNew},
      {"annotation", &SnippetWriter::WriteAnnotation},
  };
  if (hole.starts_with('(')) {
    const Place here = here_;
    const Place around = std::exchange(around_, here_);
    WriteRule(hole.substr(1, hole.size() - 2));
    here_ = here;
    around_ = around;
    return;
  }
  const size_t space = std::min(hole.find(' '), hole.size());
  const auto found = holes.find(hole.substr(0, space));
  if (found == holes.end()) {
    WriteRule(hole);
  } else {
    (this->*found->second)(hole.substr(std::min(space + 1, hole.size())));
  }
}

const Model& SnippetWriter::Here() const {
  return here_.model != nullptr ? *here_.model : *models_.front();
}

void SnippetWriter::WriteModel(std::string_view) {
  here_ = {models_[Pick(models_.size())], 0};
  WriteSame({});
}

void SnippetWriter::WriteSame(std::string_view) { text_ += Here().name; }

std::string_view SnippetWriter::Between(By by) { return by == By::kLookup ? "__" : "."; }

// Gives the model that the relations lead to.  A row has those to one row alone.
const Model& SnippetWriter::WriteSteps(const Model& from, size_t count, By by) {
  const Model* at = &from;
  for (size_t step = 0; step < count; ++step) {
    std::vector<std::pair<std::string_view, const Model*>> steps;
    for (const Field& field : at->fields) {
      const bool to_one = field.relation && field.relation->kind != RelationKind::kManyToMany;
      if (!field.relation || field.relation->to == nullptr) continue;
      if (by == By::kLookup || to_one) steps.emplace_back(field.name, field.relation->to);
    }
    for (const manifest::Reverse& reverse : at->reverse) {
      if (by == By::kLookup && !reverse.hidden) steps.emplace_back(reverse.name, reverse.model);
    }
    if (steps.empty()) return *at;
    const auto& [name, to] = steps[Pick(steps.size())];
    if (step > 0) text_ += Between(by);
    text_ += name;
    at = to;
  }
  return *at;
}

void SnippetWriter::WriteNames(const Model& from, std::string_view sort, By by) {
  const size_t begin = text_.size();
  const Model& at = WriteSteps(from, Pick(kSteps + 1), by);
  std::vector<std::string_view> names;
  for (const Field& field : at.fields) {
    if (IsOf(field, SortOf(sort))) names.push_back(field.name);
  }
  if (names.empty()) names.push_back("pk");
  if (text_.size() > begin) text_ += Between(by);
  text_ += names[Pick(names.size())];
}

void SnippetWriter::WritePath(std::string_view sort) { WriteNames(Here(), sort, By::kLookup); }

void SnippetWriter::WriteAttribute(std::string_view sort) {
  WriteNames(Here(), sort, By::kAttribute);
}

void SnippetWriter::WriteOuter(std::string_view) {
  WriteNames(around_.model != nullptr ? *around_.model : Here(), "any", By::kLookup);
}

void SnippetWriter::WriteRelation(std::string_view) { WriteSteps(Here(), 1, By::kLookup); }

void SnippetWriter::WriteAccessor(std::string_view) {
  std::vector<std::string_view> names;
  for (const manifest::Reverse& reverse : Here().reverse) {
    if (!reverse.accessor.empty()) names.push_back(reverse.accessor);
  }
  for (const Field& field : Here().fields) {
    if (field.relation) names.push_back(field.name);
  }
  text_ += names.empty() ? "pk" : names[Pick(names.size())];
}

void SnippetWriter::WriteNew(std::string_view) {
  text_ += "a" + std::to_string(here_.annotations++);
}

void SnippetWriter::WriteAnnotation(std::string_view) {
  text_ += here_.annotations == 0 ? "pk" : "a" + std::to_string(Pick(here_.annotations));
}

void SnippetWriter::WriteFunction(std::string_view) {
  const auto& function = catalog::AllFunctions()[Pick(catalog::AllFunctions().size())];
  const size_t most = std::min<size_t>(function.most, function.least + kOptional);
  const size_t count = function.least + Pick(most - function.least + 1);
  text_ += std::string(function.name) + "(";
  for (size_t place = 0; place < count; ++place) {
    if (place > 0) text_ += ", ";
    WriteRule("argument");
  }
  text_ += ")";
}

}  // namespace ormc::fuzz
