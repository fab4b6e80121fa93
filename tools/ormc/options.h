// ormc: the command line.  docs/language.md, "Command line", is its contract.
//
//   options.h   what was asked for
//   site.h      manifest, policy and user, loaded once; the view of each user
//   answer.h    one snippet in one mode -> an Answer
//   explain.h   --explain;  emit.h  --emit;  run.h  --run
//   batch.cpp   a line of NDJSON at a time;  folder.cpp  --check over several snippets
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/values/value.h"

namespace ormc::tool {

enum class Mode : uint8_t { kCheck, kExplain, kEmit, kRun, kFix };
enum class Stage : uint8_t { kAst, kBound, kPlan, kSql, kProgram, kGbnf, kLark };
// The grammar that model servers decode under; it needs no snippet.
constexpr bool IsGrammar(Stage stage) { return stage == Stage::kGbnf || stage == Stage::kLark; }
enum class Format : uint8_t { kText, kJson, kSarif };

// The process's exit codes.
inline constexpr int kExitOk = 0;
inline constexpr int kExitDiagnostics = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitRun = 3;

struct Options {
  Mode mode = Mode::kCheck;
  Stage stage = Stage::kSql;
  Format format = Format::kText;
  bool batch = false;
  std::string manifest;
  std::string policy;
  std::string user;
  std::string database;  // a conninfo; "" where none was given
  bool has_database = false;
  std::string zone;
  std::optional<DateTime> now;  // aware, UTC
  std::optional<size_t> max_rows;
  std::vector<std::string> inputs;  // several, or a folder: --check alone
  std::string input = "-";          // not read where a grammar is printed
};

// The options, or the exit code where the process ends here (--help, a mistake).
struct Parsed {
  Options options;
  std::optional<int> exit;
};
Parsed ParseCommandLine(int argc, const char* const* argv);

// Several snippets, or a folder of them.
bool IsFolder(const Options& options);

// ISO 8601; without an offset it is UTC.
std::optional<DateTime> ParseMoment(const std::string& text);

}  // namespace ormc::tool
