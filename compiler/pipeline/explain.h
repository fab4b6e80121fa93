#pragma once

#include <vector>

#include "compiler/base/limits.h"
#include "compiler/bind/bind.h"
#include "compiler/pipeline/compile.h"
#include "compiler/program/program.h"

namespace ormc::pipeline {

// What is said about an accepted program; the binder's notes and the texts of a trace are not in it.
Explanation Explain(const program::Program& program, const std::vector<bind::BoundQuery>& queries,
                    const manifest::ScopedManifest& scope, const Limits& limits);

}  // namespace ormc::pipeline
