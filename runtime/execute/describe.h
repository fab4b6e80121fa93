#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/execute/execute.h"
#include "runtime/execute/source.h"

namespace ormc::execute {

// The names of a row: a dict with text keys, a tuple, an instance.  None: the value is no row.
std::optional<std::vector<std::string>> NamesOf(const Value& row);
// The cells of a row with just these names.  None: it has others.
std::optional<std::vector<Value>> CellsOf(const Value& row, const std::vector<std::string>& names);

// The columns of a table with these names: those of `query`, where it is known; `cells` say the
// type of a column of which no query does.
std::vector<program::Column> ColumnsOf(const std::vector<std::string>& names,
                                       const program::Query* query,
                                       const std::vector<std::vector<Value>>& cells);

// The answer: its kind, and its table where it is a list of rows of one shape.
ResultSet Describe(Value value, Source& source);

}  // namespace ormc::execute
