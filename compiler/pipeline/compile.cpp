#include "compiler/pipeline/compile.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/base/check.h"
#include "compiler/bind/bind.h"
#include "compiler/plan/print.h"
#include "compiler/syntax/parse.h"
#include "compiler/values/temporal.h"

namespace ormc::pipeline {
namespace {

// The tables and columns that the queries read.
std::vector<TableRead> Reads(const std::vector<bind::BoundQuery>& queries) {
  std::map<std::string, TableRead> reads;
  for (const bind::BoundQuery& query : queries) {
    for (const plan::TableAlias& table : query.tables) {
      TableRead& read = reads[table.model->label];
      read.label = table.model->label;
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

std::string_view Verb(program::FetchKind fetch) {
  switch (fetch) {
    case program::FetchKind::kRows:
      return "lists";
    case program::FetchKind::kFirst:
    case program::FetchKind::kEarliest:
    case program::FetchKind::kGet:
      return "takes one of";
    case program::FetchKind::kScalar:
      return "counts";
    case program::FetchKind::kExists:
      return "looks for any of";
    case program::FetchKind::kRow:
      return "computes over";
    case program::FetchKind::kInBulk:
      return "maps";
  }
  return "";
}

// "It counts users, by `date_joined`, in Europe/Berlin."
std::string Sentence(const program::Program& compiled,
                     const std::vector<bind::BoundQuery>& queries) {
  std::vector<std::string> parts;
  bool timed = false;
  for (size_t i = 0; i < queries.size(); ++i) {
    const plan::Query& query = *queries[i].plan;
    std::string part(Verb(compiled.queries[i].fetch));
    part += " " + (query.model->verbose_name_plural.empty() ? query.model->name
                                                            : query.model->verbose_name_plural);
    std::vector<plan::ExprPtr> columns;
    const plan::Query& inner = query.wrapped ? *query.wrapped : query;
    plan::CollectColumns(inner.where_root, true, false, columns);
    std::set<std::string> names;
    for (const plan::ExprPtr& column : columns) {
      names.insert(column->field->name);
      timed |= column->field->kind == manifest::FieldKind::kDateTimeField;
    }
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "`" : ", `") + name + "`";
    if (!list.empty()) part += " by " + list;
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  }
  if (parts.empty()) return "A value that needs no rows.";
  std::string sentence;
  for (const std::string& part : parts) sentence += (sentence.empty() ? "It " : "; it ") + part;
  if (timed) sentence += ", in " + compiled.zone;
  return sentence + ".";
}

// The policy's rules that decided something about the answer.
std::vector<std::string> Rules(const program::Program& compiled) {
  std::vector<std::string> rules;
  for (const program::Query& query : compiled.queries) {
    for (const program::Column& column : query.columns) {
      if (column.mask != program::Mask::kNone) rules.push_back("mask: `" + column.name + "`");
    }
  }
  return rules;
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
    compiled.explanation.rules = Rules(*bound.program);
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
