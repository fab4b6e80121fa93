#pragma once

#include <memory>
#include <vector>

#include "compiler/plan/query.h"

namespace ormc::plan {

// A model whose rows the user does not see, but aggregates over so many of them
// (ScopedManifest::SmallestGroup):
//
//   it stands at the base of a query of its own, which aggregates;
//   an aggregate is one that pools (catalog::Aggregate), of a column as it is: `Max`, or a `Sum` of
//   what only one row gives, would tell that row;
//   groups of fewer rows are left out, and so are groups in which an aggregate is made of fewer;
//   nothing that is computed before they are left out may fail for a row's value: the error would
//   tell of it.
//
// Whoever asks twice, of a group and of the group without one row, learns that row by subtraction:
// only answers with noise would prevent it, and those are not Django's.

// `query` with the conditions that leave such groups out; null where its model's rows are seen.
std::shared_ptr<const Query> OfLargeGroups(const Query& query, Span span);

// A statement as it was built.
struct Built {
  const Query& query;
  const std::vector<TableAlias>& tables;  // all that it reads, sub-queries included
  const std::vector<ExprPtr>& ordering;   // resolved
};
// Rejects one that reads such a model beside its base, or is ordered by what tells of a row.
void RejectTellingRows(const Built& built, Span span);

}  // namespace ormc::plan
