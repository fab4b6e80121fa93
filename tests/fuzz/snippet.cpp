// A snippet that the bytes write (snippet_writer.h), asked under a policy and by a user that they
// choose, too: most get past the parser, and hidden names stand in them as often as shown ones.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>

#include "compiler/base/check.h"
#include "compiler/pipeline/compile.h"
#include "compiler/policy/policy.h"
#include "tests/fuzz/answer_rules.h"
#include "tests/fuzz/shop.h"
#include "tests/fuzz/snippet_writer.h"

namespace {

using ormc::manifest::Field;
using ormc::manifest::Manifest;
using ormc::manifest::Model;
using ormc::manifest::ScopedManifest;
using ormc::policy::Policy;
using ormc::policy::User;

constexpr size_t kEntries = 3;           // of a policy, at most
constexpr int kSeen = 3;                 // models of which a user sees all but one, on average
constexpr uint16_t kBeyondParser = 200;  // codes of what parses

// Said in the end: how much of what is written means something.
struct Shares {
  size_t all = 0;
  size_t parsed = 0;
  size_t answered = 0;
  ~Shares() {
    std::cerr << "snippets: " << all << ", parsed " << parsed << ", answered " << answered << "\n";
  }
};
Shares shares;

// "app.Model" or "app.Model.field"
std::string Name(FuzzedDataProvider& bytes, const Model& model) {
  const Field& field =
      model.fields[bytes.ConsumeIntegralInRange<size_t>(0, model.fields.size() - 1)];
  return model.label + "." + field.name;
}

const Model& AnyModel(FuzzedDataProvider& bytes, const Manifest& manifest) {
  return *manifest.models[bytes.ConsumeIntegralInRange<size_t>(0, manifest.models.size() - 1)];
}

Policy MakePolicy(FuzzedDataProvider& bytes, const Manifest& manifest) {
  Policy policy;
  policy.default_hidden = bytes.ConsumeBool();
  for (size_t left = bytes.ConsumeIntegralInRange<size_t>(0, kEntries); left > 0; --left) {
    const Model& model = AnyModel(bytes, manifest);
    switch (bytes.ConsumeIntegralInRange(0, 4)) {
      case 0:
        policy.hidden.push_back(model.label);
        break;
      case 1:
        policy.hidden.push_back(Name(bytes, model));
        break;
      case 2:
        policy.masked.push_back({Name(bytes, model), ormc::Mask::kHash, false, {}});
        break;
      case 3:
        policy.rows.push_back({model.label, "Q(pk=user.id)", {}});
        break;
      case 4:
        policy.aggregates_only.push_back({model.label, 5, {}});
        break;
    }
  }
  return policy;
}

User MakeUser(FuzzedDataProvider& bytes, const Manifest& manifest) {
  User user;
  user.id = ormc::Value(int64_t{7});
  user.superuser = bytes.ConsumeBool();
  for (const auto& model : manifest.models) {
    if (bytes.ConsumeIntegralInRange(0, kSeen) < kSeen) user.view.push_back(model->label);
  }
  return user;
}

void CheckAnswer(const std::string& snippet, const ormc::fuzz::Secrets& secrets,
                 const ormc::pipeline::Compiled& compiled) {
  ormc::fuzz::CheckDiagnostics(snippet, compiled);
  ormc::fuzz::CheckStatements(compiled);
  ormc::fuzz::CheckSaid(snippet, secrets, compiled);
  ormc::fuzz::CheckRead(secrets, compiled);
  ++shares.all;
  shares.answered += compiled.program != nullptr;
  shares.parsed += compiled.program != nullptr ||
                   ormc::InfoOf(compiled.diagnostics.front().kind).code >= kBeyondParser;
}

// What stands in no crash file: the bytes are none that one could read.
void Print(const std::string& snippet, const ScopedManifest& scope,
           const ormc::pipeline::Compiled& compiled) {
  std::cerr << "---- hidden:";
  for (const auto& model : scope.manifest().models) {
    if (!scope.Sees(*model)) std::cerr << " " << model->label;
    for (const Field& field : model->fields) {
      if (!scope.Sees(field)) std::cerr << " " << model->label << "." << field.name;
    }
  }
  std::cerr << "\n---- snippet:\n" << snippet << "\n----\n";
  for (const ormc::Diagnostic& diagnostic : compiled.diagnostics) {
    std::cerr << ormc::CodeOf(diagnostic.kind) << " " << ormc::MessageOf(diagnostic) << "; "
              << ormc::HintOf(diagnostic) << "; " << diagnostic.suggestion << "\n";
  }
  for (const std::string& note : compiled.explanation.notes) std::cerr << note << "\n";
  if (compiled.program == nullptr) return;
  for (const ormc::program::Query& query : compiled.program->queries) {
    for (const auto& variant : query.variants) std::cerr << variant.sql << "\n";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider bytes(data, size);
  const Manifest& manifest = ormc::fuzz::Shop();
  const std::string snippet = ormc::fuzz::SnippetWriter(bytes, manifest).Write();
  const Policy policy = MakePolicy(bytes, manifest);
  const User user = MakeUser(bytes, manifest);
  auto scope = ormc::policy::BuildScope(manifest, policy);
  if (!scope) return 0;  // a key may not be masked, for one
  const ScopedManifest seen = ormc::policy::SeenBy(user, policy, *std::move(scope));
  const ormc::pipeline::Compiled compiled = ormc::pipeline::Compile(snippet, seen, {});
  try {
    CheckAnswer(snippet, {manifest, policy, user}, compiled);
  } catch (const ormc::InternalError&) {
    Print(snippet, seen, compiled);
    throw;
  }
  return 0;
}
