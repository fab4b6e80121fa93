// diagnostics: what a user or a model is told about a snippet.
//
//   kinds.def     the registry: one row a diagnostic (name, code, Django's class, text, hint)
//   diagnostic.h  the declared value, its typed construction, the sink
//   render.h      as text (in the manner of rustc), JSON, SARIF
//
// Text: lower case, what was seen, names in backticks, no full stop; {0} {1} are the arguments.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/base/source.h"

namespace ormc {

enum class Kind : uint16_t {
#define ORMC_DIAGNOSTIC(id, code, name, django, refusal, text, hint) id,
#include "compiler/diagnostics/kinds.def"
#undef ORMC_DIAGNOSTIC
};

struct KindInfo {
  Kind kind;
  uint16_t code;            // 201 is shown as ORM201
  std::string_view name;    // kebab-case, the page's anchor
  std::string_view django;  // the exception that Django would raise here, or ""
  std::string_view
      refusal;  // the id in docs/refusals.md when Django would answer and we refuse, or ""
  std::string_view text;
  std::string_view hint;  // may hold {0}..; "" for none
  size_t arguments;       // number of different {n} in text and hint
};

const KindInfo& InfoOf(Kind kind);
// All kinds in the order of the registry.
const std::vector<KindInfo>& AllKinds();

// Replaces `span` of the snippet by `text`.
struct Fix {
  Span span;
  std::string text;
};

struct Diagnostic {
  Kind kind;
  Span span;
  std::vector<std::string> arguments;
  std::string suggestion;  // "did you mean `x`?", or ""
  std::vector<Fix> fixes;  // machine applicable, all or none
};

// Text and hint with the arguments filled in.
std::string MessageOf(const Diagnostic& diagnostic);
std::string HintOf(const Diagnostic& diagnostic);
std::string CodeOf(Kind kind);  // "ORM201"

// Thrown to leave a room with a diagnostic; caught at the room's door (Parse, Bind), never beyond
// it.
class Rejection : public std::exception {
 public:
  explicit Rejection(Diagnostic diagnostic) : diagnostic_(std::move(diagnostic)) {}
  const Diagnostic& diagnostic() const { return diagnostic_; }
  const char* what() const noexcept override { return "rejected snippet"; }

 private:
  Diagnostic diagnostic_;
};

template <class... Arguments>
Diagnostic MakeDiagnostic(Kind kind, Span span, Arguments&&... arguments) {
  return Diagnostic{kind, span, {std::string(std::forward<Arguments>(arguments))...}, {}, {}};
}

template <class... Arguments>
[[noreturn]] void Reject(Kind kind, Span span, Arguments&&... arguments) {
  throw Rejection(MakeDiagnostic(kind, span, std::forward<Arguments>(arguments)...));
}

// The candidate nearest to `name` (edit distance within a third of its length), or "".
std::string Nearest(std::string_view name, const std::vector<std::string>& candidates);
// "did you mean `x`?" or "".
std::string DidYouMean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace ormc
