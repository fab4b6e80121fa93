#include "compiler/pipeline/compile.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/base/check.h"
#include "compiler/bind/bind.h"
#include "compiler/pipeline/sentence.h"
#include "compiler/plan/print.h"
#include "compiler/syntax/parse.h"
#include "compiler/values/temporal.h"

namespace ormc::pipeline {
namespace {

// Is a table there only because the site says so: a parent's, a many-to-many relation's own?
bool IsImplied(const bind::BoundQuery& query, const plan::TableAlias& table) {
  if (!table.model->auto_created.empty()) return true;
  const bool parent = table.join_field != nullptr && table.join_field->relation &&
                      table.join_field->relation->parent_link && !table.reverse;
  return parent && table.model != query.plan->model;
}

// The tables and columns that the queries read.
std::vector<TableRead> Reads(const std::vector<bind::BoundQuery>& queries) {
  std::map<std::string, TableRead> reads;
  for (const bind::BoundQuery& query : queries) {
    for (const plan::TableAlias& table : query.tables) {
      const auto [known, first] = reads.try_emplace(table.model->label);
      TableRead& read = known->second;
      if (first) read.implied = true;
      read.label = table.model->label;
      read.implied = read.implied && IsImplied(query, table);
      read.table =
          (table.model->schema.empty() ? "" : table.model->schema + ".") + table.model->table;
    }
    for (const manifest::Field* column : query.columns) {
      if (column->model == nullptr) continue;
      std::vector<std::string>& known = reads[column->model->label].columns;
      if (std::find(known.begin(), known.end(), column->column) == known.end()) {
        known.push_back(column->column);
      }
    }
  }
  std::vector<TableRead> out;
  for (auto& [label, read] : reads) {
    if (read.label.empty()) continue;
    std::sort(read.columns.begin(), read.columns.end());
    out.push_back(std::move(read));
  }
  return out;
}

std::string Lower(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::vector<std::string> Permissions(const std::vector<TableRead>& reads) {
  std::vector<std::string> permissions;
  for (const TableRead& read : reads) {
    const size_t dot = read.label.find('.');
    permissions.push_back(read.label.substr(0, dot) + ".view_" + Lower(read.label.substr(dot + 1)));
  }
  return permissions;
}

std::string Count(size_t number, const char* what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// The rules that decided something about this program, each with its decision (docs/security.md).
std::vector<std::string> Rules(const program::Program& compiled, const Limits& limits) {
  std::vector<std::string> rules;
  size_t statements = 0;
  size_t parameters = 0;
  bool shown = false;
  for (const program::Query& query : compiled.queries) {
    shown = shown || query.shown;
    for (const program::QueryText& text : query.variants) {
      statements += text.sql.empty() ? 0 : 1;
      parameters += text.parameters.size();
    }
  }
  if (statements > 0) {
    rules.push_back("read only: " + Count(statements, "statement") + ", each one SELECT");
    rules.push_back("values: " + Count(parameters, "parameter") + ", no value in the text");
  }
  if (shown) rules.push_back("rows shown: at most " + std::to_string(limits.max_rows));
  if (compiled.queries.size() > 1)
    rules.emplace_back("one snapshot: every query sees the same data");
  for (const program::Query& query : compiled.queries) {
    for (const program::Column& column : query.columns) {
      if (column.mask != program::Mask::kNone) rules.push_back("mask: `" + column.name + "`");
    }
  }
  return rules;
}

// What a reviewer should look at twice.
std::vector<std::string> Risks(const program::Program& compiled,
                               const std::vector<bind::BoundQuery>& queries, const Limits& limits) {
  std::set<std::string> risks;
  for (size_t i = 0; i < queries.size(); ++i) {
    const plan::Query& query = *queries[i].plan;
    const plan::Query& rows = query.wrapped ? *query.wrapped : query;
    const std::string& label = rows.model->label;
    const bool one = compiled.queries[i].fetch != program::FetchKind::kRows;
    if (rows.where_root->args.empty() && !rows.high && rows.combined.empty()) {
      risks.insert("every row of " + label + " is read: there is no condition and no slice");
    }
    if (!compiled.queries[i].shown && !one && !query.high) {
      risks.insert("rows of " + label + " are read to compute with: up to " +
                   std::to_string(limits.read_rows) + ", then the answer is an error");
    }
  }
  return {risks.begin(), risks.end()};
}

std::string CostClass(const std::vector<bind::BoundQuery>& queries) {
  size_t tables = 0;
  bool point = !queries.empty();
  for (const bind::BoundQuery& query : queries) {
    tables = std::max(tables, query.tables.size());
    point = point && query.plan->HasLimitOne();
  }
  if (tables > 6) return "heavy";
  if (tables > 1) return "join";
  return point ? "point" : "scan";
}

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
    for (const MaskRule& rule : options.masks) bind_options.masks[rule.field] = rule.mask;
    bind::BindResult bound = bind::Bind(*parsed.module, scope, bind_options);
    if (!bound.program) {
      compiled.diagnostics = std::move(bound.diagnostics);
      return compiled;
    }
    compiled.explanation.reads = Reads(bound.queries);
    compiled.explanation.permissions = Permissions(compiled.explanation.reads);
    compiled.explanation.sentence = Sentence(*bound.program, bound.queries);
    compiled.explanation.cost_class = CostClass(bound.queries);
    compiled.explanation.notes = std::move(bound.notes);
    compiled.explanation.rules = Rules(*bound.program, options.limits);
    compiled.explanation.risks = Risks(*bound.program, bound.queries, options.limits);
    compiled.explanation.lineage = LineageOf(*bound.program, bound.queries);
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
