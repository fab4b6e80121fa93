#pragma once

#include <string>

#include "compiler/program/program.h"

namespace ormc::pipeline {

// A value that is computed from the clock when the program runs, in words: "today", "the start of
// this month", "today minus 7 days".  "" for one that has no short words.
std::string MomentWords(const program::Expr& expr, const program::Program& program);

}  // namespace ormc::pipeline
