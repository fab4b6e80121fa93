#pragma once

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

// The value of the query's Fetch.  PythonError: DoesNotExist, MultipleObjectsReturned, IndexError.
Value FetchValue(const program::Query& query, std::vector<Cells> rows);

}  // namespace ormc::execute
