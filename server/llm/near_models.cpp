#include "server/llm/near_models.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

namespace ormc::server {
namespace {

constexpr double kOfRelated = 0.3;
constexpr double kOfQuestion = 0.5;

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

// Small letters, with a space for whatever parts words: `OrderLine`, `placed_at`, `Paid?`.
std::string Plain(std::string_view text) {
  std::string plain;
  char before = ' ';
  for (const char c : text) {
    const bool letter =
        IsUpper(c) || IsLower(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (IsUpper(c) && IsLower(before)) plain += ' ';
    plain += !letter ? ' ' : IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    before = c;
  }
  return plain;
}

double Share(const Trigrams& part, const Trigrams& of) {
  return part.empty() ? 0
                      : static_cast<double>(Common(part, of)) / static_cast<double>(part.size());
}

// How much of the name is asked for, and a little how much of the question the name is: of `order`
// and `order lines` the longer one.
double Named(const Trigrams& name, const Trigrams& asked) {
  return Share(name, asked) + kOfQuestion * Share(asked, name);
}

}  // namespace

ModelWords WordsOf(const manifest::ScopedManifest& scope, const manifest::Model& model) {
  ModelWords words;
  words.name = TrigramsOf(Plain(model.name));
  words.plural = TrigramsOf(Plain(model.verbose_name_plural));
  std::string fields;
  const auto relate = [&](const manifest::Model* other) {
    if (other != nullptr && other != &model && scope.Sees(*other)) words.related.push_back(other);
  };
  for (const manifest::Field& field : model.fields) {
    if (!scope.Sees(field)) continue;
    fields += Plain(field.name) + " ";
    for (const auto& [value, label] : field.choices) fields += Plain(label) + " ";
    if (field.relation) relate(field.relation->to);
  }
  for (const manifest::Reverse& reverse : model.reverse) {
    if (!reverse.hidden && scope.Sees(reverse)) relate(reverse.model);
  }
  words.fields = TrigramsOf(fields);
  return words;
}

std::vector<size_t> NearestFirst(const std::vector<KnownModel>& models, std::string_view question) {
  const Trigrams asked = TrigramsOf(Plain(question));
  std::map<const manifest::Model*, double> near;
  for (const auto& [model, words] : models) {
    near[model] =
        std::max(Named(words.name, asked), Named(words.plural, asked)) + Share(asked, words.fields);
  }
  std::vector<double> scores;
  for (const auto& [model, words] : models) {
    double nearest = 0;
    for (const manifest::Model* other : words.related) {
      const auto found = near.find(other);
      if (found != near.end()) nearest = std::max(nearest, found->second);
    }
    scores.push_back(near[model] + kOfRelated * nearest);
  }
  std::vector<size_t> order(models.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  return order;
}

}  // namespace ormc::server
