// The server's door to compiler and runtime.
//
//   engine.h         the door: what handlers and tests see
//   native_engine.*  the real one: pipeline::Compile and execute
//   view_cache.*     the views of those who asked lately
//   site.*           a published manifest and policy, parsed once and kept
//
// Compiling may take milliseconds and running seconds, so both are called on the worker pool; views
// are at hand.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/base/result.h"
#include "compiler/manifest/scope.h"
#include "compiler/pipeline/compile.h"
#include "server/answer/answer.h"
#include "server/auth/token.h"

namespace ormc::server {

struct ModelLines;  // llm/prompt.h

// What one site has published, parsed. Opaque but for its fingerprints.
struct Site {
  virtual ~Site() = default;
  std::string manifest_fingerprint;
  std::string policy_fingerprint;  // "" for the built-in default
  std::string app_version;         // of the Django app that made the manifest
};
using SitePtr = std::shared_ptr<const Site>;

// What one user may see of a site. It keeps the site alive.
struct View {
  virtual ~View() = default;
  virtual const manifest::ScopedManifest& scope() const = 0;
  // What a language model is told of it: all of it, or less.
  virtual const View& told() const { return *this; }
  virtual bool tells_choices() const { return true; }

  // Made by the first prompt for it; on the I/O thread only.
  mutable std::shared_ptr<const ModelLines> listed;
};
using ViewPtr = std::shared_ptr<const View>;

// A snippet with the clock and zone that freeze it.
struct Program {
  std::string snippet;
  std::string frozen_now;  // "2026-11-22T11:04:05.123456+00:00"
  std::string time_zone;
};

// The words and lists that an answer shows of a compiled snippet.
struct Compilation {
  pipeline::Compiled compiled;
  std::string snippet;            // as compiled: with the fixes that were applied
  boost::json::array statements;  // [{sql, params}], before it ran
  boost::json::array tables;
  boost::json::array diagnostics;
  std::string diagnostics_text;  // for a model that must mend its snippet
  bool accepted() const { return compiled.program != nullptr; }
};

struct Page {
  uint64_t offset = 0;
  uint64_t limit = 0;  // 0: the policy's
};

struct Outcome {
  boost::json::object result;  // RESULT of docs/contract/http.md; unset where `error` is set
  boost::json::array statements;
  uint64_t rows = 0;
  bool truncated = false;
  std::optional<AnswerError> error;
  std::string error_detail;  // for the log only
};

// Takes an export: on a worker, row by row.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  virtual void Columns(const boost::json::array& columns) = 0;  // once, before the rows
  virtual bool Row(const boost::json::array& cells) = 0;        // false: nobody reads any more
  virtual void End(bool truncated) = 0;                         // after the last row
};

struct ExportLimits {
  uint64_t rows = 0;
  std::chrono::seconds time{0};
};

// What the reader's role may do, against what it should.
struct ReaderCheck {
  std::string failure;  // why the database does not answer, for the log
  std::string unsafe;   // more than it should: no question is answered with it
  std::string missing;  // less than it should: neither
};

class Engine {
 public:
  virtual ~Engine() = default;

  // `policy_json` is "" where none is published.
  virtual Result<SitePtr> LoadSite(std::string_view manifest_json,
                                   std::string_view policy_json) = 0;
  virtual ViewPtr ViewOf(const SitePtr& site, const User& user) = 0;
  virtual Compilation Compile(const View& view, const Program& program) = 0;
  // Whether Compile accepts it. What it says is remembered with the view: `Remembered` has it then,
  // at once.
  virtual bool Accepts(const View& view, const Program& program) = 0;
  virtual std::optional<bool> Remembered(const View& view, std::string_view snippet) const = 0;
  virtual Outcome Run(const View& view, const Compilation& compilation, const Page& page) = 0;
  // Writes an accepted compilation's table whole, in constant memory where it is one query's. The
  // outcome has no result; `error` is unset where `End` was called.
  virtual Outcome Export(const View& view, const Compilation& compilation,
                         const ExportLimits& limits, TableWriter& writer) = 0;
  virtual ReaderCheck CheckReader(const Site& site) = 0;
  // `text` as the log may have it: where it names a masked field, without its literals.
  virtual std::string Redacted(const Site& site, std::string_view text) = 0;
};

}  // namespace ormc::server
