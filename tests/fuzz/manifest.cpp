// Load() on any bytes: an error that names its place, or a manifest that the built-in policy fits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compiler/base/check.h"
#include "compiler/manifest/load.h"
#include "compiler/policy/policy.h"
#include "tests/fuzz/scope_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto manifest =
      ormc::manifest::Load(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!manifest) {
    ormc::Check(manifest.error().message.starts_with("manifest: "), "an error names the document");
    return 0;
  }
  const auto scope = ormc::policy::BuildScope(**manifest, {});
  ormc::Check(static_cast<bool>(scope), "the built-in policy fits every manifest");
  ormc::fuzz::CheckNames(*scope);
  ormc::fuzz::CheckHidden(*scope, ormc::policy::DefaultHidden((*manifest)->auth_user_model));
  for (const auto& model : (*manifest)->models) {
    ormc::Check(model->app != "ai_assistant" || !scope->Sees(*model),
                "the assistant's own tables are hidden");
  }
  const auto stranger = ormc::policy::SeenBy({}, {}, *scope);
  ormc::fuzz::CheckNames(stranger);
  ormc::Check(stranger.ModelNames().empty(), "who may view nothing sees nothing");
  return 0;
}
