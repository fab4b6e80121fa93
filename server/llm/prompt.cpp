#include "server/llm/prompt.h"

#include <algorithm>
#include <utility>

namespace ormc::server {
namespace {

constexpr size_t kModelsBudget = 24'000;  // bytes, about 7,000 tokens
constexpr size_t kShownChoices = 12;

// Followed by the models.
constexpr std::string_view kBeginning =
    "You are a Python/Django ORM expert. You write concise, correct, read-only ORM code that "
    "answers "
    "a question about a Django site's data. Your code is compiled to SQL by a strict compiler, "
    "never "
    "executed as Python.\n"
    "Rules:\n"
    "- Only read: filter, exclude, annotate, aggregate, values, values_list, order_by, distinct, "
    "slices, count, exists, get, first, last and the like. Never write, never import: models, Q, "
    "F, "
    "Count, Sum, Avg, Min, Max, Case, When, Value, Subquery, OuterRef, Exists, the database "
    "functions, timezone, date, datetime, timedelta and Decimal are in scope.\n"
    "- Use only the models and fields below. What is not listed does not exist.\n"
    "- Simple statements only: assignments, expressions, comprehensions, conditional expressions. "
    "No "
    "def, class, while, with, try, lambda (but as key=).\n"
    "- Assign the answer to `result`: a number, text, list, dict or queryset. Take at most 100 "
    "rows.\n"
    "Answer in exactly this form:\n"
    "Title: at most six words\n"
    "One or two sentences that say what is looked up, without any value of the data.\n"
    "```python\n"
    "result = ...\n"
    "```\n"
    "If the listed models cannot answer, write one line instead: CANNOT: what is missing, and what "
    "exists.\n"
    "If the question has several meanings, write: CLARIFY: a question, then lines that begin with "
    "\"- \", one for each choice.\n"
    "Models (name -> Model is a foreign key, name <- Model the reverse side, ? may be NULL):\n";

std::string ChoicesOf(const manifest::Field& field) {
  std::string text;
  size_t shown = 0;
  for (const auto& [value, label] : field.choices) {
    const std::string* raw = value.text();
    if (raw == nullptr || ++shown > kShownChoices) break;
    text.append(text.empty() ? " in " : "|").append("'").append(*raw).append("'");
  }
  return text;
}

std::string FieldLine(const manifest::ScopedManifest& scope, const manifest::Field& field,
                      bool choices) {
  std::string line = field.name;
  if (field.relation && field.relation->to != nullptr) {
    // A key's column stays when its model is hidden; the model's name does not.
    if (scope.Sees(*field.relation->to)) {
      line += field.relation->kind == manifest::RelationKind::kManyToMany ? " -> many " : " -> ";
      line += field.relation->to->name;
    } else {
      line = field.attname;
    }
  } else {
    line += " ";
    line += manifest::NameOf(field.kind).substr(0, manifest::NameOf(field.kind).rfind("Field"));
  }
  if (field.null) line += "?";
  return choices ? line + ChoicesOf(field) : line;
}

std::string ModelLine(const manifest::ScopedManifest& scope, const manifest::Model& model,
                      bool choices) {
  std::string line = model.name + " (" + model.label;
  if (const uint32_t smallest = scope.SmallestGroup(model); smallest > 0) {
    line += "; no rows, only Count, Sum, Avg, StdDev and Variance of groups of " +
            std::to_string(smallest) + " rows or more, beginning with this model";
  }
  line += "): ";
  std::string fields;
  for (const manifest::Field& field : model.fields) {
    if (!scope.Sees(field) || !field.opaque.empty()) continue;
    fields.append(fields.empty() ? "" : ", ").append(FieldLine(scope, field, choices));
  }
  for (const manifest::Reverse& reverse : model.reverse) {
    if (reverse.hidden || reverse.name.empty() || !scope.Sees(reverse)) continue;
    fields.append(fields.empty() ? "" : ", ")
        .append(reverse.name)
        .append(" <- ")
        .append(reverse.model->name);
  }
  return line + fields + "\n";
}

// The lines nearest to the question, the nearest first.
std::string NearestModels(const ModelLines& listed, std::string_view question) {
  std::string text;
  for (const size_t at : NearestFirst(listed.models, question)) {
    const std::string& line = listed.lines[at];
    if (text.size() + line.size() <= kModelsBudget) text += line;
  }
  return text;
}

std::string Fenced(const std::string& snippet) { return "```python\n" + snippet + "\n```"; }

}  // namespace

ModelLines ListModels(const manifest::ScopedManifest& scope, bool choices) {
  ModelLines listed;
  std::string all(kBeginning);
  for (const auto& model : scope.manifest().models) {
    if (!scope.Sees(*model) || !model->auto_created.empty() || model->app == "ai_assistant")
      continue;
    listed.lines.push_back(ModelLine(scope, *model, choices));
    listed.models.push_back({model.get(), {}});
    all += listed.lines.back();
  }
  if (all.size() - kBeginning.size() <= kModelsBudget) {
    listed.head = PayloadHead(all);
    listed.models.clear();
  }
  for (KnownModel& known : listed.models) known.words = WordsOf(scope, *known.model);
  return listed;
}

Prompt BuildPrompt(const ModelLines& listed, const PromptMaterial& material) {
  Prompt prompt{listed.head, {}, {}};
  std::string& system = prompt.system;
  if (!prompt.head) system = std::string(kBeginning) + NearestModels(listed, material.question);
  system += "Today is " + material.today + " in " + material.time_zone + ".\n";
  if (!material.glossary.empty()) system += "Words of this site:\n";
  for (const GlossaryLine& line : material.glossary) {
    system += "- " + line.term + ": " + line.meaning;
    if (!line.expression.empty()) system += " (" + line.expression + ")";
    system += "\n";
  }
  if (!material.examples.empty()) system += "Verified examples:\n";
  for (const Example& example : material.examples)
    system += "Q: " + example.question + "\n" + Fenced(example.snippet) + "\n";

  for (const Turn& turn : material.turns) {
    prompt.messages.push_back({"user", turn.question});
    prompt.messages.push_back({"assistant", Fenced(turn.snippet)});
  }
  prompt.messages.push_back({"user", material.question});
  return prompt;
}

}  // namespace ormc::server
