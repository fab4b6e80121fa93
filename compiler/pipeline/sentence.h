#pragma once

#include <string>
#include <vector>

#include "compiler/bind/bind.h"
#include "compiler/program/program.h"

namespace ormc::pipeline {

// What the answer means, for people: "Counts users whose date joined is on or after 2026-11-22 00:00
// (Europe/Berlin)."
std::string Sentence(const program::Program& program, const std::vector<bind::BoundQuery>& queries);

}  // namespace ormc::pipeline
