#include "server/answer/export_text.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace ormc::server {
namespace {

namespace json = boost::json;
using Push = std::function<bool(std::string)>;

constexpr size_t kPieceBytes = 64U << 10U;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // without it Excel reads Latin-1
constexpr std::string_view kCut = "(cut here: the export's limit is reached)";

// Gathers text into pieces.
class Gatherer {
 public:
  explicit Gatherer(Push push) : push_(std::move(push)) {}

  std::string text;

  bool PushIfFull() { return text.size() < kPieceBytes || PushAll(); }
  bool PushAll() {
    std::string full;
    full.swap(text);
    return push_(std::move(full));
  }

 private:
  Push push_;
};

// Decimals come as text: what stands in a numeric column is no formula.
bool IsNumeric(const json::value& column) {
  const auto& type = column.at("type").as_string();
  return type == "integer" || type == "decimal" || type == "float";
}

bool NeedsQuotes(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; });
}

// `guard` stands before the text, within its quotes.
void PutEscaped(std::string& out, std::string_view guard, std::string_view text) {
  if (!NeedsQuotes(text)) {
    out.append(guard).append(text);
    return;
  }
  out.append("\"").append(guard);
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

bool BeginsFormula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

void PutCsvCell(std::string& out, const json::value& cell) {
  if (cell.is_null()) return;
  if (const json::object* choice = cell.if_object(); choice != nullptr && choice->contains("label"))
    return PutCsvCell(out, choice->at("label"));
  if (const json::string* text = cell.if_string())
    return PutEscaped(out, BeginsFormula(*text) ? "'" : "", *text);
  if (const int64_t* number = cell.if_int64()) {
    out += std::to_string(*number);
    return;
  }
  PutEscaped(out, "", json::serialize(cell));
}

class CsvWriter : public TableWriter {
 public:
  explicit CsvWriter(Push push) : out_(std::move(push)) {}

  void Columns(const json::array& columns) override {
    out_.text = kByteOrderMark;
    for (const json::value& column : columns) {
      numeric_.push_back(IsNumeric(column));
      Separate(numeric_.size() - 1);
      PutCsvCell(out_.text, column.at("label"));
    }
    out_.text += "\r\n";
  }

  bool Row(const json::array& cells) override {
    for (size_t i = 0; i < cells.size(); ++i) {
      Separate(i);
      if (numeric_[i] && cells[i].is_string()) {
        out_.text += cells[i].get_string();
      } else {
        PutCsvCell(out_.text, cells[i]);
      }
    }
    out_.text += "\r\n";
    return out_.PushIfFull();
  }

  void End(bool truncated) override {
    if (truncated) out_.text.append(kCut).append("\r\n");
    out_.PushAll();
  }

 private:
  void Separate(size_t index) {
    if (index > 0) out_.text += ',';
  }

  Gatherer out_;
  std::vector<bool> numeric_;
};

class JsonWriter : public TableWriter {
 public:
  explicit JsonWriter(Push push) : out_(std::move(push)) {}

  void Columns(const json::array& columns) override {
    out_.text = "{\"columns\":" + json::serialize(columns) + ",\"rows\":[";
  }

  bool Row(const json::array& cells) override {
    out_.text.append(first_ ? "\n" : ",\n").append(json::serialize(cells));
    first_ = false;
    return out_.PushIfFull();
  }

  void End(bool truncated) override {
    out_.text.append("\n],\"truncated\":").append(truncated ? "true}\n" : "false}\n");
    out_.PushAll();
  }

 private:
  Gatherer out_;
  bool first_ = true;
};

template <class Writer>
std::unique_ptr<TableWriter> Make(Push push) {
  return std::make_unique<Writer>(std::move(push));
}

constexpr std::array kFormats = {
    ExportFormat{"csv", "text/csv; charset=utf-8", &Make<CsvWriter>},
    ExportFormat{"json", "application/json", &Make<JsonWriter>},
};

}  // namespace

const ExportFormat* FindExportFormat(std::string_view name) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const ExportFormat& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : found;
}

std::string CsvCell(const json::value& cell) {
  std::string text;
  PutCsvCell(text, cell);
  return text;
}

}  // namespace ormc::server
