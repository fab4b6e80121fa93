#include "compiler/pipeline/compile.h"

#include "compiler/base/check.h"
#include "compiler/bind/bind.h"
#include "compiler/pipeline/explain.h"
#include "compiler/plan/print.h"
#include "compiler/syntax/parse.h"
#include "compiler/values/temporal.h"

namespace ormc::pipeline {
namespace {

// The text of --emit plan.
std::string PlanText(const std::vector<bind::BoundQuery>& queries) {
  std::string out;
  for (size_t i = 0; i < queries.size(); ++i) {
    const bind::BoundQuery& query = queries[i];
    plan::PrintOptions print;
    print.aliases = query.aliases;
    print.ordering = &query.ordering;
    print.ordered_by_site = query.ordered_by_site;
    print.indent = "  ";
    out += "q" + std::to_string(i) + ": " + query.plan->model->label + "\n";
    out += plan::Print(*query.plan, print);
  }
  return out;
}

eval::Context ContextOf(const manifest::Manifest& manifest, const Options& options) {
  eval::Context context;
  context.zone = options.zone.empty() ? manifest.time_zone : options.zone;
  context.default_zone = manifest.time_zone;
  context.use_tz = manifest.use_tz;
  context.limits = options.limits;
  if (options.now) context.now = *options.now;
  return context;
}

}  // namespace

Compiled Compile(std::string_view snippet, const manifest::ScopedManifest& scope,
                 const Options& options) {
  Compiled compiled;
  try {
    syntax::ParseResult parsed = syntax::Parse(snippet, options.limits);
    if (!parsed.module) {
      compiled.diagnostics = std::move(parsed.diagnostics);
      return compiled;
    }
    bind::BindOptions bind_options;
    bind_options.eval = ContextOf(scope.manifest(), options);
    bind_options.trace = options.trace;
    bind_options.now_is_frozen = options.now.has_value();
    bind::BindResult bound = bind::Bind(*parsed.module, scope, bind_options);
    if (!bound.program) {
      compiled.diagnostics = std::move(bound.diagnostics);
      return compiled;
    }
    if (options.explain) {
      compiled.explanation = Explain(*bound.program, bound.queries, scope, options.limits);
    }
    compiled.explanation.notes = std::move(bound.notes);
    if (options.trace) {
      compiled.explanation.bound = std::move(bound.trace);
      compiled.explanation.plan = PlanText(bound.queries);
    }
    compiled.program = std::make_shared<const program::Program>(std::move(*bound.program));
  } catch (const std::exception& fault) {
    compiled.program.reset();
    compiled.diagnostics = {MakeDiagnostic(Kind::InternalFault, Span{})};
    compiled.explanation.notes = {fault.what()};
  }
  return compiled;
}

}  // namespace ormc::pipeline
