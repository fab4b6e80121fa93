#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/execute/execute.h"
#include "runtime/execute/source.h"

namespace ormc::execute {

// A row as names and cells: a dict with text keys, a tuple, an instance.
struct TableRow {
  std::vector<std::string> names;
  std::vector<Value> cells;
};
std::optional<TableRow> RowOf(const Value& value);

// The columns of a table with these names: those of `query`, where it is known; `cells` say the
// type of a column of which no query does.
std::vector<program::Column> ColumnsOf(const std::vector<std::string>& names,
                                       const program::Query* query,
                                       const std::vector<std::vector<Value>>& cells);

// The answer: its kind, and its table where it is a list of rows of one shape.
ResultSet Describe(Value value, Source& source);

}  // namespace ormc::execute
