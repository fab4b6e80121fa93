// What a model is told: the role, the rules, the models that the user may see, and the words and
// queries of the site. No cell of the site's data, ever; nothing that the user's view hides.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/manifest/scope.h"
#include "server/llm/chat_client.h"

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
  bool choices = true;      // whether the values of fields that have choices are told
};

std::vector<ChatMessage> BuildPrompt(const manifest::ScopedManifest& scope,
                                     const PromptMaterial& material);

// The user's models in compact form: whole when small, otherwise those nearest to the question.
std::string CompactModels(const manifest::ScopedManifest& scope, const PromptMaterial& material);

}  // namespace ormc::server
