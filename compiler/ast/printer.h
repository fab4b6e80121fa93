#pragma once

#include <string>

#include "compiler/ast/ast.h"

namespace ormc::ast {

struct PrintOptions {
  bool spans = false;    // `@begin:end` behind each node's name
  size_t columns = 100;  // longer nodes are broken over lines
};

// The text of `ormc --emit ast`: one S-expression a statement, strings in JSON's manner.
std::string Print(const Module& module, const PrintOptions& options = {});

}  // namespace ormc::ast
