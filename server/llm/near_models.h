// Which models a question is about, where a site has more of them than a prompt may list.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "compiler/manifest/scope.h"
#include "server/answer/trigrams.h"

namespace ormc::server {

// What of a model a question may say.
struct ModelWords {
  Trigrams name;
  Trigrams plural;
  Trigrams fields;  // with the labels of choices
  std::vector<const manifest::Model*>
      related;  // where its relations lead, and those that lead here
};

ModelWords WordsOf(const manifest::ScopedManifest& scope, const manifest::Model& model);

struct KnownModel {
  const manifest::Model* model;
  ModelWords words;
};

// Positions in `models`, the nearest to the question first. A model is near where its names are in
// the question, and less where the question's words are among its fields; what is related to a near
// one is a little nearer for it, since an answer may lead through it.
std::vector<size_t> NearestFirst(const std::vector<KnownModel>& models, std::string_view question);

}  // namespace ormc::server
