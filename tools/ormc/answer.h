#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "compiler/diagnostics/render.h"
#include "compiler/pipeline/compile.h"
#include "runtime/postgres/connection.h"
#include "tools/ormc/options.h"
#include "tools/ormc/site.h"

namespace ormc::tool {

// One snippet, with what a batch line may set of its own.
struct Request {
  std::string name;  // in diagnostics: the file's, or the line's id
  std::string snippet;
  std::optional<DateTime> now;
  std::string zone;
  const View* view = nullptr;
};

// What the mode has to say, for a machine and for people.
struct Answer {
  boost::json::object json;
  std::string text;  // standard output of --format text
  std::string note;  // standard error
  int exit = kExitOk;
};

// Opened by the first snippet that needs it, kept for the next, opened again where it was lost.
class Database {
 public:
  explicit Database(std::string conninfo) : conninfo_(std::move(conninfo)) {}
  postgres::Connection& Get(postgres::Waiter& waiter);  // throws DatabaseFailure

 private:
  std::string conninfo_;
  std::unique_ptr<postgres::Connection> connection_;
};

// `site` is null for --emit ast and where a grammar is printed without --manifest, `database` without --db.
struct Context {
  const Options& options;
  Site* site;
  Database* database;
};

Answer MakeAnswer(const Context& context, const Request& request);

// The parts, by mode.
pipeline::Compiled CompileRequest(const Context& context, const Request& request);
Answer Refused(const Context& context, const Request& request,
               const std::vector<Diagnostic>& diagnostics);
Answer Explain(const Context& context, const Request& request, const pipeline::Compiled& compiled);
Answer Emit(const Context& context, const Request& request);
Answer Run(const Context& context, const Request& request, const pipeline::Compiled& compiled);

// Each statement that the program may send: [{"sql", "params"}].
boost::json::array StatementsToJson(const program::Program& program);
std::string StatementsToText(const program::Program& program);

// main.cpp's ways in; they return the exit code.
int AnswerFile(const Context& context);
int AnswerBatch(const Context& context);
int CheckFolder(const Context& context);

}  // namespace ormc::tool
