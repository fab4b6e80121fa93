#include "compiler/pipeline/explain.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/pipeline/lineage.h"
#include "compiler/pipeline/sentence.h"

namespace ormc::pipeline {
namespace {

// As a policy writes it.
constexpr std::string_view kEveryRow = "Q()";

// Is a table there only because the site says so: a parent's, a many-to-many relation's own?
bool IsImplied(const bind::BoundQuery& query, const plan::TableAlias& table) {
  if (!table.model->auto_created.empty()) return true;
  const bool parent = table.join_field != nullptr && table.join_field->relation &&
                      table.join_field->relation->parent_link && !table.reverse;
  return parent && table.model != query.plan->model;
}

// The tables and columns that the queries read.
std::vector<TableRead> Reads(const std::vector<bind::BoundQuery>& queries,
                             const manifest::ScopedManifest& scope) {
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
      // What the site reads by itself may be hidden.
      if (column->model == nullptr || !scope.Sees(*column)) continue;
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
      if (column.mask != Mask::kNone) rules.push_back("mask: `" + column.name + "`");
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

}  // namespace

Explanation Explain(const program::Program& program, const std::vector<bind::BoundQuery>& queries,
                    const manifest::ScopedManifest& scope, const Limits& limits) {
  Explanation said;
  said.sentence = Sentence(program, queries);
  said.reads = Reads(queries, scope);
  said.permissions = Permissions(said.reads);
  said.rules = Rules(program, limits);
  for (const TableRead& read : said.reads) {
    for (const manifest::RowRule& rule : scope.row_rules()) {
      if (rule.model->label != read.label || rule.where == kEveryRow) continue;
      said.rules.push_back("rows: of " + read.label + " those that the policy shows this user");
    }
  }
  for (size_t i = 0; i < queries.size(); ++i) {
    const uint32_t smallest = program.queries[i].smallest_group;
    if (smallest == 0) continue;
    said.rules.push_back("aggregates only: of " + queries[i].plan->model->label +
                         " no group of fewer than " + std::to_string(smallest) + " rows");
  }
  said.lineage = LineageOf(program, queries);
  said.risks = Risks(program, queries, limits);
  said.cost_class = CostClass(queries);
  return said;
}

}  // namespace ormc::pipeline
