#include "server/engine/result_json.h"

#include <string_view>
#include <utility>
#include <vector>

#include "runtime/execute/to_json.h"
#include "server/answer/text.h"

namespace ormc::server {

namespace json = boost::json;

json::value CellJson(const Value& value, const program::Column& column, size_t most_bytes) {
  json::value cell = ToJson(value, kHttp);
  if (cell.is_string() && cell.get_string().size() > most_bytes)
    cell = CutText(cell.get_string(), most_bytes);
  if (!column.choices || cell.is_null()) return cell;
  for (const auto& [raw, label] : *column.choices) {
    if (ToJson(raw, kHttp) == cell) return {{"value", cell}, {"label", label}};
  }
  return {{"value", cell}, {"label", cell}};
}

json::object ColumnJson(const program::Column& column) {
  json::object made = execute::ToJson(column);
  made["choices"] = column.choices != nullptr;
  made["masked"] = column.mask != Mask::kNone;
  return made;
}

json::object ResultJson(const execute::ResultSet& set, const Page& page, const Limits& limits) {
  json::object result{{"kind", execute::NameOf(set.kind)}, {"truncated", set.truncated}};
  json::array columns;
  result["value"] = nullptr;
  result["rows"] = nullptr;
  result["next_offset"] = nullptr;
  if (set.kind == execute::AnswerKind::kTable) {
    for (const program::Column& column : set.columns) columns.push_back(ColumnJson(column));
    json::array rows;
    for (const std::vector<Value>& cells : set.cells) {
      json::array row;
      for (size_t i = 0; i < cells.size(); ++i)
        row.push_back(CellJson(cells[i], set.columns[i], limits.cell_bytes));
      rows.push_back(std::move(row));
    }
    if (set.truncated) result["next_offset"] = page.offset + set.cells.size();
    result["rows"] = std::move(rows);
  } else {
    result["value"] = ToJson(set.value, kHttp);
  }
  result["columns"] = std::move(columns);
  return result;
}

uint64_t RowsOf(const execute::ResultSet& set) {
  if (set.kind == execute::AnswerKind::kTable) return set.cells.size();
  const List* list = set.value.list();
  return list != nullptr ? list->items.size() : 1;
}

// Whose move it is after a failed run, by the kind of the failure.
AnswerError RunError(const execute::Failure& failure) {
  AnswerError error{CodeOf(failure.kind),
                    std::string(InfoOf(failure.kind).name),
                    failure.message,
                    failure.hint,
                    "you",
                    false};
  const bool database = failure.kind == Kind::ConnectionFailed ||
                        failure.kind == Kind::DatabaseBusy || failure.kind == Kind::QueryCancelled;
  const bool ours = failure.kind == Kind::UnverifiedSql || failure.kind == Kind::DatabaseFailed;
  if (database) error.whose_move = "wait";
  if (failure.kind == Kind::DatabasePermission) error.whose_move = "admin";
  if (ours) error.whose_move = "us";
  error.retry = database || failure.kind == Kind::StatementTimeout;
  return error;
}

}  // namespace ormc::server
