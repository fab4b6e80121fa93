// Compile() on any bytes over the shop's manifest: a program or diagnostics, and never ORM900, which is a bug of
// ours.
#include "compiler/pipeline/compile.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compiler/manifest/scope.h"
#include "tests/fuzz/answer_rules.h"
#include "tests/fuzz/shop.h"

namespace {

const ormc::manifest::ScopedManifest& Everything() {
  static const ormc::manifest::ScopedManifest scope(ormc::fuzz::Shop());
  return scope;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view snippet(reinterpret_cast<const char*>(data), size);
  const ormc::pipeline::Compiled compiled = ormc::pipeline::Compile(snippet, Everything(), {});
  ormc::fuzz::CheckDiagnostics(snippet, compiled);
  ormc::fuzz::CheckStatements(compiled);
  return 0;
}
