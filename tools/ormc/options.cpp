#include "tools/ormc/options.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "compiler/values/error.h"
#include "compiler/values/temporal.h"

namespace ormc::tool {
namespace {

constexpr const char* kAbout =
    "Compiles a read-only Django-ORM snippet into PostgreSQL, explains it, runs it.\n"
    "The snippet is text: it is never executed.";

constexpr const char* kFooter =
    "Examples:\n"
    "  ormc --manifest site.json query.py\n"
    "  echo 'result = User.objects.count()' | ormc --manifest site.json --explain -\n"
    "  ormc --manifest site.json --user ann.json --run --db 'dbname=shop' query.py\n"
    "  ormc --manifest site.json --batch --run --db 'dbname=shop' snippets.ndjson\n"
    "Exit codes: 0 answered, 1 diagnostics, 2 usage, manifest or policy, 3 the run failed.";

const std::map<std::string, Stage> kStages = {
    {"ast", Stage::kAst},  {"bound", Stage::kBound},     {"plan", Stage::kPlan},
    {"sql", Stage::kSql},  {"program", Stage::kProgram}, {"gbnf", Stage::kGbnf},
    {"lark", Stage::kLark}};
const std::map<std::string, Format> kFormats = {
    {"text", Format::kText}, {"json", Format::kJson}, {"sarif", Format::kSarif}};

}  // namespace

std::optional<DateTime> ParseMoment(const std::string& text) {
  try {
    std::optional<DateTime> moment = ParseIsoDateTime(text);
    if (!moment) return std::nullopt;
    if (!moment->time.zone) moment->time.zone = Utc();
    return InZone(*moment, Utc());
  } catch (const PythonError&) {
    return std::nullopt;
  }
}

Parsed ParseCommandLine(int argc, const char* const* argv) {
  Parsed parsed;
  Options& options = parsed.options;
  CLI::App app(kAbout, "ormc");
  app.footer(kFooter);
  app.get_formatter()->column_width(34);

  app.add_option("--manifest", options.manifest, "the site's models: manage.py ormc_manifest")
      ->check(CLI::ExistingFile);
  app.add_option("--policy", options.policy,
                 "what is hidden and masked: manage.py ormc_policy (default: built in)")
      ->check(CLI::ExistingFile);
  app.add_option("--user", options.user,
                 "what one user may view: manage.py ormc_user (default: all that the policy shows)")
      ->check(CLI::ExistingFile);
  std::string now;
  app.add_option("--now", now, "freezes timezone.now() and its kin (ISO 8601)");
  app.add_option("--tz", options.zone, "the active time zone (default: the user's, the site's)");
  app.add_option("--max-rows", options.max_rows, "rows that a result shows (default: 100)")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--format", options.format, "text, json or sarif")
      ->transform(CLI::CheckedTransformer(kFormats));

  auto* modes = app.add_option_group("Mode", "at most one");
  bool check = false;
  bool explain = false;
  bool run = false;
  bool fix = false;
  modes->add_flag("--check", check, "say what is wrong (default)");
  modes->add_flag("--explain", explain, "say what it means, reads and needs");
  auto* emit =
      modes
          ->add_option("--emit", options.stage,
                       "print ast, bound, plan, sql or program; gbnf, lark: a grammar for decoding")
          ->transform(CLI::CheckedTransformer(kStages));
  modes->add_flag("--run", run, "answer it: one JSON object on standard output");
  modes->add_flag("--fix", fix, "print the snippet with the mechanical mends applied");
  modes->require_option(0, 1);

  auto* database = app.add_option("--db", options.database,
                                  "libpq's connection string; '' takes PGHOST and its kin");
  app.add_flag("--batch", options.batch,
               "FILE is NDJSON: {\"id\", \"snippet\", \"now\"?, \"tz\"?, \"user\"?}; a line each");
  auto* file =
      app.add_option("FILE", options.inputs,
                     "the snippet; - for standard input; for --check several, or a folder");

  try {
    app.parse(argc, argv);
    if (run && database->empty()) throw CLI::RequiredError("--run needs --db: it");
    if (!now.empty()) {
      options.now = ParseMoment(now);
      if (!options.now) throw CLI::ValidationError("--now", "`" + now + "` is not ISO 8601");
    }
    if (!options.zone.empty() && FindZone(options.zone) == nullptr) {
      throw CLI::ValidationError("--tz", "no time zone `" + options.zone + "`");
    }
    const bool grammar = !emit->empty() && IsGrammar(options.stage);
    if (file->empty() && !grammar) throw CLI::RequiredError("FILE");
    const bool needs_manifest = emit->empty() || (options.stage != Stage::kAst && !grammar);
    if (needs_manifest && options.manifest.empty()) throw CLI::RequiredError("--manifest");
  } catch (const CLI::ParseError& error) {
    parsed.exit = app.exit(error, std::cout, std::cerr) == 0 ? kExitOk : kExitUsage;
    return parsed;
  }
  if (!options.inputs.empty()) options.input = options.inputs.front();
  options.has_database = !database->empty();
  options.mode = explain         ? Mode::kExplain
                 : run           ? Mode::kRun
                 : fix           ? Mode::kFix
                 : emit->empty() ? Mode::kCheck
                                 : Mode::kEmit;
  if (IsFolder(options) && (options.mode != Mode::kCheck || options.batch)) {
    std::cerr << "several snippets, or a folder of them: for --check alone\n";
    parsed.exit = kExitUsage;
  }
  return parsed;
}

}  // namespace ormc::tool
