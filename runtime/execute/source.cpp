#include "runtime/execute/source.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

#include "compiler/base/check.h"
#include "compiler/eval/parameter.h"
#include "runtime/execute/describe.h"
#include "runtime/execute/rows.h"
#include "runtime/postgres/verify.h"

namespace ormc::execute {

void Source::Verify(const std::string& sql) {
  if (!options_.verify || verified_.contains(sql)) return;
  const std::string wrong = postgres::WhatIsWrongWith(sql);
  if (!wrong.empty()) throw postgres::DatabaseFailure(Kind::UnverifiedSql, {}, wrong);
  verified_.insert(sql);
}

// One text for whatever costs too much (promise 3 of the security design): the log has the number.
void Source::CheckCost(const postgres::Statement& statement) {
  if (options_.most_cost <= 0) return;
  const boost::json::value plan = boost::json::parse(session_.Explain(statement));
  const double cost = plan.at(0).at("Plan").at("Total Cost").to_number<double>();
  if (cost <= options_.most_cost) return;
  throw postgres::DatabaseFailure(Kind::StatementTimeout, {},
                                  "the plan costs " + std::to_string(cost));
}

// What feeds the computation is bounded for the answer as a whole: a truncated sum would be wrong.
postgres::FetchLimits Source::LimitsOf(const program::Query& query) const {
  const Limits& limits = options_.limits;
  postgres::FetchLimits fetch;
  fetch.last = &query == last_;
  fetch.rows = limits.read_rows - std::min(rows_read_, limits.read_rows);
  fetch.bytes = limits.read_bytes - std::min(bytes_read_, limits.read_bytes);
  if (query.shown && query.fetch == program::FetchKind::kRows) {
    fetch.rows = std::min(fetch.rows, options_.offset + limits.max_rows);
    fetch.cut = true;
    if (sink_ != nullptr) fetch.rows = limits.max_rows;
    if (sink_ != nullptr) fetch.bytes = SIZE_MAX;
  }
  return fetch;
}

bool Source::WriteRow(const program::Query& query, std::vector<Value> cells) {
  ConvertCells(query.columns, cells);
  if (plain_cells_) {
    std::vector<Value> shown;
    shown.reserve(plain_cells_->size());
    for (const uint32_t place : *plain_cells_) shown.push_back(cells.at(place));
    return sink_->Row(shown);
  }
  const Value row = RowValue(query, cells);
  if (!streamed_names_) streamed_names_ = NamesOf(row);
  Check(streamed_names_.has_value(), "a row of a table that is none");
  const auto shown = CellsOf(row, *streamed_names_);
  Check(shown.has_value(), "a row of other columns than the first");
  if (!has_columns_) {
    has_columns_ = true;
    sink_->Columns(ColumnsOf(*streamed_names_, &query, {*shown}));
    plain_cells_ = PlainCells(query);
    Check(!plain_cells_ || plain_cells_->size() == shown->size(), "a row with other cells");
  }
  return sink_->Row(*shown);
}

Value Source::Run(const program::Query& query, uint32_t, const std::vector<Value>& parameters,
                  const program::QueryText& text) {
  Verify(text.sql);
  postgres::Statement statement{text.sql, {}};
  for (size_t i = 0; i < parameters.size(); ++i) {
    eval::WireParameter wire = eval::ToWire(parameters[i], text.parameters.at(i).type);
    statement.parameters.push_back({wire.oid, std::move(wire.text)});
  }
  postgres::FetchLimits fetch = LimitsOf(query);
  const bool streamed = sink_ != nullptr && fetch.cut;
  if (streamed) {
    fetch.each = [&](std::vector<Value> cells) { return WriteRow(query, std::move(cells)); };
  }
  sent_.push_back({statement.sql, statement.parameters, 0, 0});
  CheckCost(statement);
  const auto begin = std::chrono::steady_clock::now();
  postgres::Rows rows;
  try {
    rows = session_.Query(statement, fetch);
  } catch (postgres::DatabaseFailure& failure) {
    // The limits of the whole, not what was left of them.
    if (failure.kind() == Kind::TooManyRowsRead) {
      failure.arguments = {std::to_string(options_.limits.read_rows)};
    } else if (failure.kind() == Kind::TooManyBytesRead) {
      failure.arguments = {std::to_string(options_.limits.read_bytes)};
    }
    throw;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  sent_.back().rows = rows.count;
  sent_.back().milliseconds = took.count();
  if (!streamed) rows_read_ += rows.count;
  if (!streamed) bytes_read_ += rows.bytes;
  truncated_ = truncated_ || rows.more;
  if (streamed && !has_columns_) sink_->Columns(query.columns);
  if (!streamed && fetch.cut && options_.offset > 0) {
    const size_t skipped = std::min(options_.offset, rows.rows.size());
    rows.rows.erase(rows.rows.begin(), rows.rows.begin() + static_cast<std::ptrdiff_t>(skipped));
  }
  Value value = FetchValue(query, std::move(rows.rows));
  if (query.fetch == program::FetchKind::kRows) listed_.push_back({&query, value});
  return value;
}

}  // namespace ormc::execute
