#pragma once

#include <cstddef>
#include <cstdint>

namespace ormc {

// Every limit that what comes from outside meets, with its default and its reason.
struct Limits {
  // Parse
  size_t snippet_bytes = 20'000;  // a long answer of a model is under 4,000 bytes
  size_t nesting_depth = 60;      // brackets and operators; recursion in our walkers
  size_t chain_length = 600;  // `a + b + ...`, `.f().g()`: trees that lean, walked by recursion too
  size_t ast_nodes = 5'000;   // a 430-character report has about 150
  size_t syntax_errors = 5;   // later ones are mostly echoes of the first
  size_t fstring_depth = 3;   // f-strings within f-strings
  // Bind and plan
  size_t joins = 24;  // PostgreSQL's planner grows exponentially to join_collapse_limit
  size_t subqueries = 24;
  size_t conditions = 500;   // 20,000 OR terms cost 3.9 s of planning (measured)
  size_t in_list = 5'000;    // constants in one `__in`
  size_t regex_bytes = 200;  // 0: no regular expressions
  size_t generic_models =
      1'000;  // that a generic foreign key may lead to: a query is compiled for each
  size_t constant_bytes = 64'000;  // one constant made by folding
  size_t constant_items = 10'000;  // elements of a folded list
  // Run
  size_t max_rows = 100;       // rows that `result` shows
  size_t read_rows = 100'000;  // rows that feed the glue
  size_t read_bytes = 64U << 20U;
  size_t cell_bytes = 64'000;  // one shown cell
  size_t loop_queries = 50;    // queries that one program runs, those of a comprehension included
  uint64_t eval_steps = 5'000'000;  // steps of the evaluator
  size_t eval_bytes = 64U << 20U;   // bytes of the values that the evaluator makes
  uint32_t statement_timeout_ms = 5'000;
};

}  // namespace ormc
