// What holds of every scope, whatever manifest and policy it was made of.  Each throws where it
// does not, which ends the fuzzer.
#pragma once

#include <string>
#include <vector>

#include "compiler/manifest/scope.h"

namespace ormc::fuzz {

// A name is found if and only if what it names is seen, and no suggestion names what is not found.
void CheckNames(const manifest::ScopedManifest& scope);
// Nothing is seen in `inner` that `outer` hides.
void CheckWithin(const manifest::ScopedManifest& inner, const manifest::ScopedManifest& outer);
// None of "app.Model" and "app.Model.field" is found; names that the manifest lacks are passed over.
void CheckHidden(const manifest::ScopedManifest& scope, const std::vector<std::string>& names);

}  // namespace ormc::fuzz
