// What holds of every answer to a snippet, whatever the scope.  Each throws where it does not, which
// ends the fuzzer.
#pragma once

#include <string_view>

#include "compiler/pipeline/compile.h"
#include "tests/fuzz/secrets.h"

namespace ormc::fuzz {

// A program or diagnostics, none of them a bug of ours, and their spans lie in the snippet.
void CheckDiagnostics(std::string_view snippet, const pipeline::Compiled& compiled);
// PostgreSQL's own parser finds nothing in the statements that is not on its list.
void CheckStatements(const pipeline::Compiled& compiled);
// No diagnostic says a hidden name that the snippet did not.
void CheckSaid(std::string_view snippet, const Secrets& secrets,
               const pipeline::Compiled& compiled);
// What is hidden stands in no statement, nothing is read of it and nothing that leaves is made of it.  A
// policy's rules for rows must not ask for it, either.
void CheckRead(const Secrets& secrets, const pipeline::Compiled& compiled);

}  // namespace ormc::fuzz
