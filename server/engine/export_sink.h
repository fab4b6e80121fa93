// An export's rows, from the runtime's values to the writer's cells.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "runtime/execute/execute.h"
#include "server/engine/engine.h"
#include "server/engine/result_json.h"

namespace ormc::server {

class ExportSink : public execute::RowSink {
 public:
  ExportSink(TableWriter& writer, size_t cell_bytes, std::chrono::seconds time)
      : writer_(writer), cell_bytes_(cell_bytes), end_(std::chrono::steady_clock::now() + time) {}

  void Columns(const std::vector<program::Column>& columns) override {
    columns_ = columns;
    boost::json::array shown;
    for (const program::Column& column : columns) shown.push_back(ColumnJson(column));
    writer_.Columns(shown);
  }

  bool Row(const std::vector<Value>& cells) override {
    boost::json::array shown;
    shown.reserve(cells.size());
    for (size_t i = 0; i < cells.size(); ++i)
      shown.push_back(CellJson(cells[i], columns_[i], cell_bytes_));
    late_ = std::chrono::steady_clock::now() > end_;
    stopped_ = late_ || !writer_.Row(shown);
    return !stopped_;
  }

  bool stopped() const { return stopped_; }
  bool late() const { return late_; }

 private:
  TableWriter& writer_;
  size_t cell_bytes_;
  std::chrono::steady_clock::time_point end_;
  std::vector<program::Column> columns_;
  bool stopped_ = false;
  bool late_ = false;
};

}  // namespace ormc::server
