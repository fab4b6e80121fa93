#pragma once

#include <optional>

#include "compiler/base/result.h"
#include "compiler/bind/bind.h"
#include "compiler/manifest/manifest.h"
#include "compiler/policy/policy.h"

namespace ormc::pipeline {

// What of the policy's row rules cannot be compiled, found before anybody asks: "policy:
// rows[0].where: ...".
std::optional<Error> WrongRows(const manifest::Manifest& manifest, const policy::Policy& policy);

// The columns that those rules and the site's managers read, hidden or not: the database grants them.
bind::ColumnSet ReadBySite(const manifest::Manifest& manifest, const policy::Policy& policy);

}  // namespace ormc::pipeline
