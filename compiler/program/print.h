#pragma once

#include <string>

#include "compiler/program/program.h"

namespace ormc::program {

// One line, in Python's manner: `(s0 + len(run(q1)))`.
std::string Print(const ExprPtr& expr);
// The text of `ormc --emit program`.
std::string Print(const Program& program);

}  // namespace ormc::program
