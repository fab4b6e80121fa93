// What a model is told: the role, the rules, the models that the user may see, and the words and
// queries of the site. No cell of the site's data, ever; nothing that the user's view hides.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/manifest/scope.h"
#include "server/llm/near_models.h"
#include "server/llm/payload.h"

namespace ormc::server {

struct Example {
  std::string question;
  std::string snippet;
};
struct GlossaryLine {
  std::string term;
  std::string meaning;
  std::string expression;
};
// An earlier question of the chat and the snippet that answered it.
using Turn = Example;

struct PromptMaterial {
  std::string question;
  std::string today;  // "2026-11-22"
  std::string time_zone;
  std::vector<Example> examples;  // verified, of the user's view
  std::vector<GlossaryLine> glossary;
  std::vector<Turn> turns;  // the oldest first
};

// The user's models, a line each.
struct ModelLines {
  std::vector<std::string> lines;
  // Where they are few, every prompt begins with the rules and all lines; else null, and there is
  // what tells which ones are near, by the place of a line.
  std::shared_ptr<const std::string> head;
  std::vector<KnownModel> models;
};
// `choices`: with the values of fields that have choices.
ModelLines ListModels(const manifest::ScopedManifest& scope, bool choices);

// Where they are many, with the lines that are nearest to the question.
Prompt BuildPrompt(const ModelLines& listed, const PromptMaterial& material);

}  // namespace ormc::server
