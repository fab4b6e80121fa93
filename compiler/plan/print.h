#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/plan/query.h"

namespace ormc::plan {

// What the printed text is to be told beside the query itself.
struct PrintOptions {
  // How the statement names the aliases ("t0"); an alias that is not among them gets the next name.
  std::map<AliasId, std::string> aliases;
  // The ordering as it was resolved; null: as the queryset has it.
  const std::vector<ExprPtr>* ordering = nullptr;
  bool ordered_by_site = false;  // by Meta.ordering
  std::string indent;
};

// One line: `(t0.total gte 10 and not t0.note isnull True)`.
std::string Print(const ExprPtr& expr, const PrintOptions& options = {});
// The text of `ormc --emit plan`: a line a part, sub-queries below it, what the site implies marked.
std::string Print(const Query& query, const PrintOptions& options = {});

}  // namespace ormc::plan
