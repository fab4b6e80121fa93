// Parse() on any bytes: an AST or diagnostics, never both, never neither, every span inside the text.
#include "compiler/syntax/parse.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compiler/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view snippet(reinterpret_cast<const char*>(data), size);
  const ormc::syntax::ParseResult result = ormc::syntax::Parse(snippet, ormc::Limits{});
  ormc::Check((result.module == nullptr) != result.diagnostics.empty(), "AST or diagnostics");
  for (const ormc::Diagnostic& diagnostic : result.diagnostics) {
    ormc::Check(diagnostic.span.begin <= diagnostic.span.end, "a span ends after it begins");
    ormc::Check(diagnostic.span.end <= size, "a span lies in the text");
  }
  return 0;
}
