#include "server/engine/native_engine.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <utility>
#include <variant>

#include "compiler/base/check.h"
#include "compiler/diagnostics/render.h"
#include "compiler/manifest/load.h"
#include "compiler/pipeline/row_check.h"
#include "compiler/policy/policy.h"
#include "compiler/values/json.h"
#include "compiler/values/temporal.h"
#include "runtime/execute/execute.h"
#include "runtime/execute/to_json.h"
#include "runtime/postgres/failure.h"
#include "runtime/postgres/pool.h"
#include "runtime/postgres/waiter.h"
#include "server/engine/export_sink.h"
#include "server/engine/masked_names.h"
#include "server/engine/native_site.h"
#include "server/engine/reader_role.h"
#include "server/engine/redact.h"
#include "server/engine/redact_secrets.h"
#include "server/engine/result_json.h"
#include "server/engine/view_cache.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kReaderWait{5};

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

policy::User PolicyUser(const manifest::Manifest& manifest, const User& user) {
  policy::User made;
  made.id = IsDigits(user.id) ? Value::IntFromDigits(user.id) : Value::Str(user.id);
  made.name = user.name;
  made.superuser = user.superuser;
  made.groups = user.groups;
  made.zone = user.time_zone;
  made.language = user.language;
  for (size_t i = 0; i < manifest.models.size(); ++i) {
    if (user.Views(i)) made.view.push_back(manifest.models[i]->label);
  }
  return made;
}

DateTime Frozen(const Program& program) {
  const auto moment = ParseIsoDateTime(program.frozen_now);
  Check(moment.has_value(), "a clock that is no ISO time");
  return InZone(*moment, Utc());
}

// A parameter whose value is known before the program runs shows it.
json::array ParametersJson(const program::QueryText& text) {
  json::array parameters;
  for (const program::Parameter& parameter : text.parameters) {
    const auto* constant = parameter.value == nullptr
                               ? nullptr
                               : std::get_if<program::Constant>(&parameter.value->node);
    json::object item{{"type", constant ? TypeName(constant->value) : "computed"}};
    item["value"] = constant ? ToJson(constant->value, kHttp) : json::value();
    parameters.push_back(std::move(item));
  }
  return parameters;
}

json::array StatementsJson(const program::Program& program) {
  json::array statements;
  for (const program::Query& query : program.queries) {
    for (const program::QueryText& text : query.variants) {
      if (text.sql.empty()) continue;
      statements.push_back({{"sql", text.sql}, {"params", ParametersJson(text)}});
    }
  }
  return statements;
}

json::array TablesJson(const std::vector<pipeline::TableRead>& reads) {
  json::array tables;
  for (const pipeline::TableRead& read : reads) {
    json::array columns;
    for (const std::string& column : read.columns) columns.emplace_back(column);
    tables.push_back({{"label", read.label},
                      {"table", read.table},
                      {"columns", std::move(columns)},
                      {"implied", read.implied}});
  }
  return tables;
}

server::Outcome FailedRun(const execute::Failure& failure) {
  server::Outcome outcome;
  outcome.error = RunError(failure);
  outcome.error_detail = failure.log;
  outcome.statements = execute::ToJson(failure).at("queries").as_array();
  return outcome;
}

// The compiler has no use for it.
std::string AppVersion(std::string_view manifest_json) {
  const json::value manifest = json::parse(json::string_view(manifest_json));
  return std::string(manifest.at("versions").at("ormc").as_string());
}

class NativeEngine : public Engine {
 public:
  NativeEngine(const std::string& reader_dsn, size_t connections, const ServerLimits& limits)
      : reader_(reader_dsn, connections),
        run_(limits.run_seconds),
        most_cost_(static_cast<double>(limits.plan_cost)) {}

  Result<SitePtr> LoadSite(std::string_view manifest_json, std::string_view policy_json) override {
    auto loaded = manifest::Load(manifest_json);
    if (!loaded) return loaded.error();
    auto site = std::make_shared<NativeSite>();
    site->manifest = std::move(*loaded);
    site->manifest_fingerprint = site->manifest->fingerprint;
    site->app_version = AppVersion(manifest_json);
    if (!policy_json.empty()) {
      auto policy = policy::LoadPolicy(policy_json);
      if (!policy) return policy.error();
      site->policy = std::move(*policy);
    }
    // A policy that does not fit the manifest is found now, not by the first question.
    auto visible = policy::BuildScope(*site->manifest, site->policy);
    if (!visible) return visible.error();
    site->visible.emplace(*std::move(visible));
    if (!site->policy.told.except.empty()) {
      auto told = policy::BuildScope(*site->manifest, site->policy, policy::Writer::kModel);
      if (!told) return told.error();
      site->told.emplace(*std::move(told));
    }
    if (auto wrong = pipeline::WrongRows(*site->manifest, site->policy)) return *std::move(wrong);
    site->read_by_site = pipeline::ReadBySite(*site->manifest, site->policy);
    site->masked_names = MaskedNames(*site);
    return SitePtr(std::move(site));
  }

  ViewPtr ViewOf(const SitePtr& site, const User& user) override {
    return views_.Get(site, user, [&] { return MakeView(site, user); });
  }

  Compilation Compile(const View& view, const Program& program) override {
    Compilation made = CompileMended(Native(view), program, /*explain=*/true);
    if (made.accepted()) made.statements = StatementsJson(*made.compiled.program);
    made.tables = TablesJson(made.compiled.explanation.reads);
    made.diagnostics = DiagnosticsToJson(made.compiled.diagnostics, made.snippet);
    made.diagnostics_text =
        RenderText(made.compiled.diagnostics, NamedSource{"snippet", made.snippet});
    return made;
  }

  bool Accepts(const View& view, const Program& program) override {
    Verdicts& verdicts = Native(view).verdicts;
    if (const auto known = verdicts.Find(program.snippet)) return *known;
    const bool accepted = CompileMended(Native(view), program, /*explain=*/false).accepted();
    verdicts.Add(program.snippet, accepted);
    return accepted;
  }

  std::optional<bool> Remembered(const View& view, std::string_view snippet) const override {
    return Native(view).verdicts.Find(snippet);
  }

  server::Outcome Run(const View& view, const Compilation& compilation, const Page& page) override {
    execute::Options options = OptionsOf(view);
    if (page.limit > 0) options.limits.max_rows = std::min(options.limits.max_rows, page.limit);
    options.offset = page.offset;
    options.deadline = run_;
    const auto ran = OnReader<execute::ResultSet>([&](auto& connection, auto& waiter) {
      return execute::Execute(*compilation.compiled.program, connection, waiter, options);
    });
    if (const auto* failure = std::get_if<execute::Failure>(&ran)) return FailedRun(*failure);
    const auto& set = std::get<execute::ResultSet>(ran);
    server::Outcome outcome;
    outcome.result = ResultJson(set, page, options.limits);
    outcome.statements = SentJson(set);
    outcome.rows = RowsOf(set);
    outcome.truncated = set.truncated;
    return outcome;
  }

  server::Outcome Export(const View& view, const Compilation& compilation,
                         const ExportLimits& limits, TableWriter& writer) override {
    execute::Options options = OptionsOf(view);
    ExportSink sink(writer, options.limits.cell_bytes, limits.time);
    options.limits.max_rows = limits.rows;
    options.limits.statement_timeout_ms = static_cast<uint32_t>(limits.time.count() * 1'000);
    options.deadline = limits.time;
    const auto ran = OnReader<execute::Streamed>([&](auto& connection, auto& waiter) {
      return execute::Stream(*compilation.compiled.program, connection, waiter, options, sink);
    });
    if (const auto* failure = std::get_if<execute::Failure>(&ran)) return FailedRun(*failure);
    const auto& streamed = std::get<execute::Streamed>(ran);
    server::Outcome outcome;
    outcome.rows = streamed.rows;
    outcome.truncated = streamed.truncated;
    if (sink.stopped()) {
      const Diagnostic said{
          sink.late() ? Kind::StatementTimeout : Kind::QueryCancelled, {}, {}, {}, {}};
      return FailedRun({said.kind, {}, MessageOf(said), HintOf(said), "", {}});
    }
    if (streamed.is_table) writer.End(streamed.truncated);
    return outcome;
  }

  ReaderCheck CheckReader(const Site& site) override {
    try {
      postgres::PollWaiter waiter;
      auto lease = reader_.Acquire(waiter, postgres::Clock::now() + kReaderWait);
      return CheckReaderRole(Native(site), *lease, waiter);
    } catch (const postgres::DatabaseFailure& failure) {
      return {failure.log().empty() ? "no connection" : failure.log(), "", ""};
    }
  }

  std::string Redacted(const Site& site, std::string_view text) override {
    return RedactSecrets(RedactLiterals(text, Native(site).masked_names));
  }

 private:
  static ViewPtr MakeView(const SitePtr& site, const User& user) {
    auto native = std::dynamic_pointer_cast<const NativeSite>(site);
    Check(native != nullptr, "a site of another engine");
    const policy::User asking = PolicyUser(*native->manifest, user);
    auto view = std::make_shared<NativeView>(
        native, policy::SeenBy(asking, native->policy, *native->visible));
    if (native->told) {
      view->less = std::make_unique<NativeView>(
          native, policy::SeenBy(asking, native->policy, *native->told));
    }
    return view;
  }

  static Compilation CompileMended(const NativeView& view, const Program& program, bool explain) {
    pipeline::Options options;
    options.limits = view.site->policy.limits;
    options.now = Frozen(program);
    options.zone = program.time_zone;
    options.explain = explain;

    Compilation made;
    made.snippet = program.snippet;
    made.compiled = pipeline::Compile(program.snippet, view.visible, options);
    if (!made.accepted()) MendByFixes(view, options, made);
    return made;
  }

  execute::Options OptionsOf(const View& view) const {
    const NativeSite& site = *Native(view).site;
    execute::Options options;
    options.limits = site.policy.limits;
    options.site_zone = site.manifest->time_zone;
    options.most_cost = most_cost_;
    return options;
  }

  template <class Done, class Work>
  std::variant<Done, execute::Failure> OnReader(Work work) {
    postgres::PollWaiter waiter;
    try {
      auto lease = reader_.Acquire(waiter, postgres::Clock::now() + kReaderWait);
      return work(*lease, waiter);
    } catch (const postgres::DatabaseFailure& failure) {
      return execute::FailureOf(failure);
    }
  }

  // An import that brings nothing new, and the like: the mended snippet is compiled and shown.
  static void MendByFixes(const NativeView& view, const pipeline::Options& options,
                          Compilation& made) {
    const std::string mended = ApplyFixes(made.compiled.diagnostics, made.snippet);
    if (mended == made.snippet) return;
    pipeline::Compiled again = pipeline::Compile(mended, view.visible, options);
    if (again.program == nullptr) return;
    for (const Diagnostic& diagnostic : made.compiled.diagnostics) {
      if (!diagnostic.fixes.empty())
        again.explanation.notes.push_back("mended: " + MessageOf(diagnostic));
    }
    made.compiled = std::move(again);
    made.snippet = mended;
  }

  static json::array SentJson(const execute::ResultSet& set) {
    json::array sent;
    for (const execute::SentQuery& query : set.queries) {
      sent.push_back({{"sql", query.sql},
                      {"params", execute::ToJson(query.parameters)},
                      {"rows", query.rows},
                      {"ms", query.milliseconds}});
    }
    return sent;
  }

  postgres::Pool reader_;
  ViewCache views_;
  std::chrono::seconds run_;  // every query of one answer together
  double most_cost_;
};

}  // namespace

std::unique_ptr<Engine> MakeNativeEngine(const std::string& reader_dsn, size_t connections,
                                         const ServerLimits& limits) {
  return std::make_unique<NativeEngine>(reader_dsn, connections, limits);
}

}  // namespace ormc::server
