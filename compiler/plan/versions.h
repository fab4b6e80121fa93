// What depends on the release of Django that the site runs (catalog/versions.def).
#pragma once

#include <string_view>

#include "compiler/base/source.h"
#include "compiler/catalog/versions.h"
#include "compiler/plan/query.h"

namespace ormc::plan {

// Is the site's Django older than the change?
bool IsBefore(const PlanContext& context, catalog::Change change);

// Rejects where it is: this Django does without it, or means something else by it.
void RequireDjango(const PlanContext& context, catalog::Change change, Span span);
void RequireName(const manifest::Manifest& site, std::string_view name, Span span);

}  // namespace ormc::plan
