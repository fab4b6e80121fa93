#pragma once

#include <string>
#include <vector>

#include "compiler/bind/bind.h"
#include "compiler/program/program.h"

namespace ormc::pipeline {

// One thing that leaves: a column of a shown table, or a value of the answer.
struct Lineage {
  std::string output;             // the column's name, the key, or "result"
  std::string how;                // `Sum(shop.Order.total)`, or "computed" where the glue made it
  std::vector<std::string> from;  // "shop.Order.total", sorted
  std::vector<std::string> rows;  // "shop.Order": its rows decide what is shown or counted
  bool masked = false;
};

// What feeds each output: through expressions, aggregates, sub-queries, and the program's own Python.
std::vector<Lineage> LineageOf(const program::Program& program,
                               const std::vector<bind::BoundQuery>& queries);

}  // namespace ormc::pipeline
