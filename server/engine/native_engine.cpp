#include "server/engine/native_engine.h"

#include <boost/json/value.hpp>
#include <chrono>
#include <utility>

#include "compiler/base/check.h"
#include "compiler/diagnostics/render.h"
#include "compiler/manifest/load.h"
#include "compiler/policy/policy.h"
#include "compiler/values/json.h"
#include "compiler/values/temporal.h"
#include "runtime/execute/execute.h"
#include "runtime/execute/to_json.h"
#include "runtime/postgres/failure.h"
#include "runtime/postgres/pool.h"
#include "runtime/postgres/waiter.h"
#include "server/answer/text.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kReaderWait{5};
constexpr std::chrono::seconds kRun{30};  // every query of one answer together
constexpr JsonOptions kHttp{.large_integers_as_text = true};

struct NativeSite : Site {
  std::unique_ptr<const manifest::Manifest> manifest;
  policy::Policy policy;
  std::optional<manifest::ScopedManifest> visible;  // within the policy, for everybody
  std::vector<pipeline::MaskRule> masks;
};

struct NativeView : View {
  NativeView(std::shared_ptr<const NativeSite> of, manifest::ScopedManifest seen)
      : site(std::move(of)), visible(std::move(seen)) {}
  const manifest::ScopedManifest& scope() const override { return visible; }

  std::shared_ptr<const NativeSite> site;
  manifest::ScopedManifest visible;
};

const NativeView& Native(const View& view) { return dynamic_cast<const NativeView&>(view); }

policy::User PolicyUser(const manifest::Manifest& manifest, const User& user) {
  policy::User made;
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

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

DateTime Frozen(const Program& program) {
  const auto moment = ParseIsoDateTime(program.frozen_now);
  Check(moment.has_value(), "a clock that is no ISO time");
  return InZone(*moment, Utc());
}

// ---- compiling --------------------------------------------------------------------------------

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

// ---- results ----------------------------------------------------------------------------------

json::value CellJson(const Value& value, const program::Column& column, size_t most_bytes) {
  json::value cell = ToJson(value, kHttp);
  if (cell.is_string() && cell.get_string().size() > most_bytes)
    cell = CutText(cell.get_string(), most_bytes);
  if (!column.choices || cell.is_null()) return cell;
  for (const auto& [raw, label] : *column.choices) {
    if (ToJson(raw, kHttp) == cell) return {{"value", cell}, {"label", label}};
  }
  return {{"value", cell}, {"label", cell}};
}

json::object ColumnJson(const program::Column& column) {
  json::object made = execute::ToJson(column);
  made["choices"] = column.choices != nullptr;
  made["masked"] = column.mask != program::Mask::kNone;
  return made;
}

json::object ResultJson(const execute::ResultSet& set, const Page& page, const Limits& limits) {
  json::object result{{"kind", execute::NameOf(set.kind)}, {"truncated", set.truncated}};
  json::array columns;
  result["value"] = nullptr;
  result["rows"] = nullptr;
  result["next_offset"] = nullptr;
  if (set.kind == execute::AnswerKind::kTable) {
    for (const program::Column& column : set.columns) columns.push_back(ColumnJson(column));
    json::array rows;
    for (const std::vector<Value>& cells : set.cells) {
      json::array row;
      for (size_t i = 0; i < cells.size(); ++i)
        row.push_back(CellJson(cells[i], set.columns[i], limits.cell_bytes));
      rows.push_back(std::move(row));
    }
    if (set.truncated) result["next_offset"] = page.offset + set.cells.size();
    result["rows"] = std::move(rows);
  } else {
    result["value"] = ToJson(set.value, kHttp);
  }
  result["columns"] = std::move(columns);
  return result;
}

uint64_t RowsOf(const execute::ResultSet& set) {
  if (set.kind == execute::AnswerKind::kTable) return set.cells.size();
  const List* list = set.value.list();
  return list != nullptr ? list->items.size() : 1;
}

// Whose move it is after a failed run, by the kind of the failure.
AnswerError RunError(const execute::Failure& failure) {
  AnswerError error{CodeOf(failure.kind),
                    std::string(InfoOf(failure.kind).name),
                    failure.message,
                    failure.hint,
                    "you",
                    false};
  const bool database = failure.kind == Kind::ConnectionFailed ||
                        failure.kind == Kind::DatabaseBusy || failure.kind == Kind::QueryCancelled;
  const bool ours = failure.kind == Kind::UnverifiedSql || failure.kind == Kind::DatabaseFailed;
  if (database) error.whose_move = "wait";
  if (failure.kind == Kind::DatabasePermission) error.whose_move = "admin";
  if (ours) error.whose_move = "us";
  error.retry = database || failure.kind == Kind::StatementTimeout;
  return error;
}

class NativeEngine : public Engine {
 public:
  NativeEngine(const std::string& reader_dsn, size_t connections)
      : reader_(reader_dsn, connections) {}

  Result<SitePtr> LoadSite(std::string_view manifest_json, std::string_view policy_json) override {
    auto loaded = manifest::Load(manifest_json);
    if (!loaded) return loaded.error();
    auto site = std::make_shared<NativeSite>();
    site->manifest = std::move(*loaded);
    site->manifest_fingerprint = site->manifest->fingerprint;
    if (!policy_json.empty()) {
      auto policy = policy::LoadPolicy(policy_json);
      if (!policy) return policy.error();
      site->policy = std::move(*policy);
    }
    // A policy that does not fit the manifest is found now, not by the first question.
    auto visible = policy::BuildScope(*site->manifest, site->policy);
    if (!visible) return visible.error();
    site->visible.emplace(*std::move(visible));
    auto masks = policy::ResolveMasks(*site->manifest, site->policy);
    if (!masks) return masks.error();
    for (const policy::MaskedField& masked : *masks)
      site->masks.push_back({masked.field, masked.mask});
    return SitePtr(std::move(site));
  }

  ViewPtr MakeView(const SitePtr& site, const User& user) override {
    auto native = std::dynamic_pointer_cast<const NativeSite>(site);
    Check(native != nullptr, "a site of another engine");
    const policy::User asking = PolicyUser(*native->manifest, user);
    manifest::ScopedManifest scope = policy::SeenBy(asking, *native->visible);
    return std::make_shared<NativeView>(std::move(native), std::move(scope));
  }

  Compilation Compile(const View& view, const User& user, const Program& program) override {
    const NativeView& native = Native(view);
    pipeline::Options options;
    options.limits = native.site->policy.limits;
    options.now = Frozen(program);
    options.zone = program.time_zone;
    options.masks = native.site->masks;
    options.user_key = IsDigits(user.id) ? Value::IntFromDigits(user.id) : Value::Str(user.id);

    Compilation made;
    made.snippet = program.snippet;
    made.compiled = pipeline::Compile(program.snippet, native.visible, options);
    if (!made.accepted()) MendByFixes(native, options, made);
    if (made.accepted()) made.statements = StatementsJson(*made.compiled.program);
    made.tables = TablesJson(made.compiled.explanation.reads);
    made.diagnostics = DiagnosticsToJson(made.compiled.diagnostics, made.snippet);
    made.diagnostics_text =
        RenderText(made.compiled.diagnostics, NamedSource{"snippet", made.snippet});
    return made;
  }

  server::Outcome Run(const View& view, const Compilation& compilation, const Page& page) override {
    const NativeView& native = Native(view);
    execute::Options options;
    options.limits = native.site->policy.limits;
    if (page.limit > 0) options.limits.max_rows = std::min(options.limits.max_rows, page.limit);
    options.offset = page.offset;
    options.site_zone = native.site->manifest->time_zone;
    options.deadline = kRun;

    postgres::PollWaiter waiter;
    const auto ran = [&]() -> execute::Outcome {
      try {
        auto lease = reader_.Acquire(waiter, postgres::Clock::now() + kReaderWait);
        return execute::Execute(*compilation.compiled.program, *lease, waiter, options);
      } catch (const postgres::DatabaseFailure& failure) {
        const Diagnostic said{failure.kind(), {}, failure.arguments, {}, {}};
        return execute::Failure{failure.kind(), {}, MessageOf(said), HintOf(said),
                                failure.log(),  {}};
      }
    }();
    server::Outcome outcome;
    if (const auto* failure = std::get_if<execute::Failure>(&ran)) {
      outcome.error = RunError(*failure);
      outcome.error_detail = failure->log;
      outcome.statements = execute::ToJson(*failure).at("queries").as_array();
      return outcome;
    }
    const auto& set = std::get<execute::ResultSet>(ran);
    outcome.result = ResultJson(set, page, options.limits);
    outcome.statements = SentJson(set);
    outcome.rows = RowsOf(set);
    outcome.truncated = set.truncated;
    return outcome;
  }

  std::string CheckReader() override {
    try {
      postgres::PollWaiter waiter;
      reader_.Acquire(waiter, postgres::Clock::now() + kReaderWait);
      return "";
    } catch (const postgres::DatabaseFailure& failure) {
      return failure.log().empty() ? "no connection" : failure.log();
    }
  }

 private:
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
};

}  // namespace

std::unique_ptr<Engine> MakeNativeEngine(const std::string& reader_dsn, size_t connections) {
  return std::make_unique<NativeEngine>(reader_dsn, connections);
}

}  // namespace ormc::server
