// Which querysets of related rows may be fetched for many owners at once.
#pragma once

#include <optional>

#include "compiler/bind/pending.h"

namespace ormc::bind {

// The one query and path that an instance comes from.
std::optional<Origin> SingleOrigin(const Type& type);

// Is the one row of a relation, fetched by this Prefetch, the row itself?
bool IsRowItself(const PrefetchPart& part, const RelationStep& step);

// Do the annotations, and the conditions from the `first` on, hold for every owner alike?
bool AreAlike(const plan::Query& query, size_t first);

bool HasWindow(const plan::Query& query);

// Do the rows of all owners fall into those of each?
bool IsDivisible(const plan::Query& query, const Batch& batch);

}  // namespace ormc::bind
