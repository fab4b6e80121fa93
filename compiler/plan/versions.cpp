#include "compiler/plan/versions.h"

#include <string>

#include "compiler/diagnostics/diagnostic.h"

namespace ormc::plan {
namespace {

[[noreturn]] void RejectBefore(const manifest::Manifest& site, std::string what,
                               catalog::Release release, Span span) {
  Reject(Kind::DjangoVersion, span, std::move(what),
         std::to_string(release / 100) + "." + std::to_string(release % 100), site.django);
}

}  // namespace

bool IsBefore(const PlanContext& context, catalog::Change change) {
  return context.scope->manifest().release < RowOf(change).release;
}

void RequireDjango(const PlanContext& context, catalog::Change change, Span span) {
  if (!IsBefore(context, change)) return;
  const catalog::ChangeRow& row = RowOf(change);
  RejectBefore(context.scope->manifest(), std::string(row.what), row.release, span);
}

void RequireName(const manifest::Manifest& site, std::string_view name, Span span) {
  const catalog::Release release = catalog::FirstWith(name);
  if (site.release < release) {
    RejectBefore(site, "`" + std::string(name) + "`", release, span);
  }
}

}  // namespace ormc::plan
