#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/program/program.h"
#include "compiler/values/value.h"

namespace ormc::execute {

using Cells = std::vector<Value>;

// json.loads; PythonError("JSONDecodeError"), LimitError("nesting_depth").
Value LoadJson(std::string_view text);

// None stays None.
Value Masked(const Value& value, Mask mask);

// What Django's converters and the mask make of the decoded cells, in place.
void ConvertCells(const std::vector<program::Column>& columns, Cells& cells);

// One row of the query, of converted cells.
Value RowValue(const program::Query& query, const Cells& cells);

// Which cells a shown row of the query has, in their order, where it has them as they stand: then no
// row need be made.  None: it must be made to see.
std::optional<std::vector<uint32_t>> PlainCells(const program::Query& query);

// The value of the query's Fetch.  PythonError: DoesNotExist, MultipleObjectsReturned, IndexError.
Value FetchValue(const program::Query& query, std::vector<Cells> rows);

}  // namespace ormc::execute
