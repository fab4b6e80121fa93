#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/eval/evaluate.h"
#include "compiler/manifest/scope.h"
#include "compiler/plan/query.h"
#include "compiler/program/program.h"
#include "compiler/sql/select.h"

namespace ormc::bind {

struct BindOptions {
  eval::Context eval;
  bool now_is_frozen = false;
  bool trace = false;  // fill BindResult::trace
};

// What is known of a query beside the program's own form of it.
struct BoundQuery {
  std::shared_ptr<const plan::Query> plan;       // as it was built; its context is gone by now
  std::vector<plan::ExprPtr> ordering;           // resolved
  bool ordered_by_site = false;                  // by Meta.ordering
  std::map<plan::AliasId, std::string> aliases;  // how the statement names them
  std::vector<sql::OutputColumn> output;         // parallel to the columns of the program's query
  std::vector<plan::TableAlias> tables;          // all that it reads, sub-queries included
  std::set<const manifest::Field*> columns;
  std::string generic;  // the generic foreign key whose rows it may give, or ""
};

struct BindResult {
  std::optional<program::Program> program;
  std::vector<BoundQuery> queries;  // parallel to program->queries
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> notes;
  std::string trace;  // what each statement bound its names to, as text
};

// The names in scope beside models: constructors, functions, aggregates, lookups, fields, builtins.
std::vector<std::string> GlobalNames();

BindResult Bind(const ast::Module& module, const manifest::ScopedManifest& scope,
                const BindOptions& options);

// Columns by the model on whose table they are, and their names.
using ColumnSet = std::set<std::pair<const manifest::Model*, std::string_view>>;
// Those that decide which rows the site itself shows, whoever asks: by the filters of its managers and
// by `rules`.  They may be hidden from the user.
ColumnSet ReadBySite(const manifest::ScopedManifest& all,
                     const std::vector<manifest::RowRule>& rules);

// What is wrong with a site's rule for the rows of a model, or "".  `scope` has the user that it asks.
std::string WrongRule(const manifest::RowRule& rule, const manifest::ScopedManifest& scope);

}  // namespace ormc::bind
