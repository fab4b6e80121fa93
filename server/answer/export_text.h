// An export's text: CSV that a spreadsheet may open, or JSON.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/engine/engine.h"

namespace ormc::server {

struct ExportFormat {
  std::string_view name;  // as `format` says it, and the file's ending
  std::string_view content_type;
  // Gives the text to `push` in pieces; `push` is false where nobody reads any more.
  std::unique_ptr<TableWriter> (*make)(std::function<bool(std::string)> push);
};

// Null: no such format.
const ExportFormat* FindExportFormat(std::string_view name);

// One cell of a CSV line. Text that a spreadsheet would take for a formula begins with an
// apostrophe; a number is a number.
std::string CsvCell(const boost::json::value& cell);

}  // namespace ormc::server
