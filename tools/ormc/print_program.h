#pragma once

#include <string>

#include "compiler/program/program.h"

namespace ormc::tool {

// The text of --emit program: queries, then the body in Python's manner; `s0` are slots, `q0`
// queries.
std::string PrintProgram(const program::Program& program);

}  // namespace ormc::tool
