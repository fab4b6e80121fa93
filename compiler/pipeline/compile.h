// pipeline: the whole way from a snippet to a CompiledProgram, and what is said about it.
//
//   compile.h   Compile(): Parse -> Bind (drives Plan) -> CheckPolicy -> BuildSql -> Render
//   explain.h   what is said about the program, unless told not to: what it reads, needs and risks;
//   lineage.h   what each output is made of;  sentence.h  what the answer means, in words
//   row_check.h  what is wrong with a policy's rules for rows
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/manifest/scope.h"
#include "compiler/pipeline/lineage.h"
#include "compiler/program/program.h"

namespace ormc::pipeline {

struct Options {
  Limits limits;
  std::optional<DateTime> now;  // aware, UTC; freezes timezone.now() and its kin
  std::string zone;             // the active zone; "": the manifest's
  bool explain = true;          // fill the Explanation; its notes always are
  bool trace = false;           // fill Explanation::bound and ::plan
};

// One table and what is read of it, for explain, audit and grants.
struct TableRead {
  std::string label;                 // "shop.Order"
  std::string table;                 // as printed, with its schema
  std::vector<std::string> columns;  // sorted
  bool implied = false;              // read only because the site implies it
};

struct Explanation {
  std::string sentence;  // what the answer means, in words
  std::vector<TableRead> reads;
  std::vector<std::string> permissions;  // "shop.view_order"
  std::vector<std::string>
      notes;  // applied fixes, assumptions ("the last expression is the answer")
  std::vector<std::string> rules;  // policy rules that fired, with their decisions
  std::vector<Lineage> lineage;    // what leaves, and what it is made of
  std::vector<std::string> risks;  // what a reviewer should look at twice
  std::string cost_class;          // "point", "scan", "join", "heavy"
  std::string bound;               // text of --emit bound
  std::string plan;                // text of --emit plan
};

struct Compiled {
  std::shared_ptr<const program::Program> program;  // null iff diagnostics holds an error
  std::vector<Diagnostic> diagnostics;
  Explanation explanation;
};

// Never throws.  A bug of ours is the diagnostic ORM900.
Compiled Compile(std::string_view snippet, const manifest::ScopedManifest& scope,
                 const Options& options);

}  // namespace ormc::pipeline
