#include "runtime/execute/describe.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "compiler/base/check.h"
#include "compiler/values/dict.h"
#include "compiler/values/instance.h"

namespace ormc::execute {
namespace {

AnswerKind ScalarKind(const Value& value) {
  return std::visit(Overloaded{
                        [](NoneValue) { return AnswerKind::kNone; },
                        [](bool) { return AnswerKind::kBool; },
                        [](int64_t) { return AnswerKind::kNumber; },
                        [](const std::shared_ptr<const BigInt>&) { return AnswerKind::kNumber; },
                        [](double) { return AnswerKind::kNumber; },
                        [](const std::shared_ptr<const Decimal>&) { return AnswerKind::kNumber; },
                        [](const std::shared_ptr<const std::string>&) { return AnswerKind::kText; },
                        [](const std::shared_ptr<const Bytes>&) { return AnswerKind::kText; },
                        [](const Date&) { return AnswerKind::kDate; },
                        [](const Time&) { return AnswerKind::kTime; },
                        [](const DateTime&) { return AnswerKind::kDateTime; },
                        [](const TimeDelta&) { return AnswerKind::kDuration; },
                        [](const Uuid&) { return AnswerKind::kText; },
                        [](const TimeZonePtr&) { return AnswerKind::kText; },
                        [](const std::shared_ptr<List>&) { return AnswerKind::kList; },
                        [](const std::shared_ptr<Tuple>&) { return AnswerKind::kList; },
                        [](const std::shared_ptr<Set>&) { return AnswerKind::kList; },
                        [](const std::shared_ptr<Dict>&) { return AnswerKind::kDict; },
                        [](const std::shared_ptr<const RangeValue>&) { return AnswerKind::kList; },
                        [](const std::shared_ptr<const Instance>&) { return AnswerKind::kDict; },
                    },
                    value.storage());
}

// The type of a column, where no query says it: of its first cell that is not None.
std::string TypeOfCells(const std::vector<std::vector<Value>>& cells, size_t column) {
  for (const std::vector<Value>& row : cells) {
    switch (ScalarKind(row[column])) {
      case AnswerKind::kNone:
        continue;
      case AnswerKind::kNumber:
        return row[column].As<double>() != nullptr                           ? "float"
               : row[column].As<std::shared_ptr<const Decimal>>() != nullptr ? "decimal"
                                                                             : "integer";
      case AnswerKind::kBool:
        return "boolean";
      case AnswerKind::kDate:
        return "date";
      case AnswerKind::kDateTime:
        return "datetime";
      case AnswerKind::kTime:
        return "time";
      case AnswerKind::kDuration:
        return "duration";
      case AnswerKind::kText:
      case AnswerKind::kTable:
        return "text";
      case AnswerKind::kList:
        return "array";
      case AnswerKind::kDict:
        return "json";
    }
  }
  return "text";
}

using Names = std::vector<std::string>;

// Calls `take(name, cell)` for each cell of a row, until it says false.  False: it did, or the value
// is no row.
template <class Take>
bool EachCell(const Value& row, const Take& take) {
  if (const auto* dict = row.As<std::shared_ptr<Dict>>()) {
    return std::ranges::all_of((*dict)->entries(), [&](const Dict::Entry& entry) {
      return entry.key.text() != nullptr && take(*entry.key.text(), entry.value);
    });
  }
  if (const auto* shared = row.As<std::shared_ptr<const Instance>>()) {
    const Instance& instance = **shared;
    const auto each = [&](const auto& named, const std::vector<Value>& cells) {
      for (size_t i = 0; i < cells.size(); ++i) {
        if (!take(named[i].first, cells[i])) return false;
      }
      return true;
    };
    return each(instance.shape->fields, instance.fields) &&
           each(instance.shape->annotations, instance.annotations);
  }
  const Tuple* tuple = row.tuple();
  if (tuple == nullptr) return false;
  for (size_t i = 0; i < tuple->items.size(); ++i) {
    if (!take(tuple->names ? (*tuple->names)[i] : std::to_string(i + 1), tuple->items[i]))
      return false;
  }
  return true;
}

// The query whose row the value's first row is: rows are shared, not copied.
const program::Query* QueryOf(const Value& row, const std::vector<Listed>& listed) {
  const auto same = [](const Value& a, const Value& b) {
    if (a.storage().index() != b.storage().index()) return false;
    if (const auto* x = a.As<std::shared_ptr<Dict>>()) return *x == *b.As<std::shared_ptr<Dict>>();
    if (const auto* x = a.As<std::shared_ptr<Tuple>>()) {
      return *x == *b.As<std::shared_ptr<Tuple>>();
    }
    const auto* x = a.As<std::shared_ptr<const Instance>>();
    return x != nullptr && *x == *b.As<std::shared_ptr<const Instance>>();
  };
  for (const Listed& candidate : listed) {
    const List* list = candidate.value.list();
    if (list == nullptr) continue;
    if (std::ranges::any_of(list->items, [&](const Value& item) { return same(item, row); })) {
      return candidate.query;
    }
  }
  return nullptr;
}

program::Column ColumnNamed(const std::string& name, const program::Query* query) {
  if (query != nullptr) {
    for (const program::Column& column : query->columns) {
      if (column.name == name) return column;
    }
  }
  program::Column column;
  column.name = name;
  column.label = name;
  return column;
}

// A list whose elements are rows with the same names becomes a table.
bool FillTable(const List& list, const std::vector<Listed>& listed, ResultSet& result) {
  if (list.items.empty()) return false;
  const std::optional<Names> names = NamesOf(list.items.front());
  if (!names || names->empty()) return false;
  for (const Value& item : list.items) {
    std::optional<std::vector<Value>> cells = CellsOf(item, *names);
    if (!cells) return false;
    result.cells.push_back(*std::move(cells));
  }
  result.columns = ColumnsOf(*names, QueryOf(list.items.front(), listed), result.cells);
  return true;
}

// A queryset without rows has its columns all the same.
bool FillEmptyTable(const List& list, const std::vector<Listed>& listed, ResultSet& result) {
  if (!list.items.empty() || listed.size() != 1) return false;
  const program::Query& query = *listed.front().query;
  const bool rows = query.row != program::RowKind::kFlat;
  if (rows) result.columns = query.columns;
  return rows;
}

}  // namespace

std::string_view NameOf(AnswerKind kind) {
  constexpr std::array<std::string_view, 11> kNames = {"none", "number",   "text", "bool",
                                                       "date", "datetime", "time", "duration",
                                                       "list", "dict",     "table"};
  static_assert(kNames.size() == static_cast<size_t>(AnswerKind::kTable) + 1);
  return kNames[static_cast<size_t>(kind)];
}

std::optional<Names> NamesOf(const Value& row) {
  Names names;
  const bool is_row = EachCell(row, [&](const std::string& name, const Value&) {
    names.push_back(name);
    return true;
  });
  return is_row ? std::optional(std::move(names)) : std::nullopt;
}

std::optional<std::vector<Value>> CellsOf(const Value& row, const Names& names) {
  std::vector<Value> cells;
  cells.reserve(names.size());
  const bool same = EachCell(row, [&](const std::string& name, const Value& cell) {
    if (cells.size() == names.size() || names[cells.size()] != name) return false;
    cells.push_back(cell);
    return true;
  });
  return same && cells.size() == names.size() ? std::optional(std::move(cells)) : std::nullopt;
}

std::vector<program::Column> ColumnsOf(const std::vector<std::string>& names,
                                       const program::Query* query,
                                       const std::vector<std::vector<Value>>& cells) {
  const bool unnamed = query != nullptr && query->row == program::RowKind::kTuple &&
                       query->columns.size() == names.size();
  std::vector<program::Column> columns;
  for (size_t i = 0; i < names.size(); ++i) {
    columns.push_back(unnamed ? query->columns[i] : ColumnNamed(names[i], query));
    if (columns.back().type.empty()) columns.back().type = TypeOfCells(cells, i);
  }
  return columns;
}

ResultSet Describe(Value value, Source& source) {
  ResultSet result;
  result.kind = ScalarKind(value);
  if (const List* list = value.list()) {
    const bool table =
        FillTable(*list, source.listed(), result) || FillEmptyTable(*list, source.listed(), result);
    if (table) {
      result.kind = AnswerKind::kTable;
    } else {
      result.cells.clear();
    }
  }
  result.value = std::move(value);
  result.truncated = source.truncated();
  result.queries = source.TakeSent();
  return result;
}

}  // namespace ormc::execute
