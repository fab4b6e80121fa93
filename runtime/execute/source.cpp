#include "runtime/execute/source.h"

#include <chrono>

#include "compiler/eval/parameter.h"
#include "runtime/execute/rows.h"
#include "runtime/postgres/verify.h"

namespace ormc::execute {

void Source::Verify(const std::string& sql) {
  if (!options_.verify || verified_.contains(sql)) return;
  const std::string wrong = postgres::WhatIsWrongWith(sql);
  if (!wrong.empty()) throw postgres::DatabaseFailure(Kind::UnverifiedSql, {}, wrong);
  verified_.insert(sql);
}

// What feeds the computation is bounded for the answer as a whole: a truncated sum would be wrong.
postgres::FetchLimits Source::LimitsOf(const program::Query& query) const {
  const Limits& limits = options_.limits;
  postgres::FetchLimits fetch;
  fetch.rows = limits.read_rows - std::min(rows_read_, limits.read_rows);
  fetch.bytes = limits.read_bytes - std::min(bytes_read_, limits.read_bytes);
  if (query.shown && query.fetch == program::FetchKind::kRows) {
    fetch.rows = std::min(fetch.rows, options_.offset + limits.max_rows);
    fetch.cut = true;
  }
  return fetch;
}

Value Source::Run(const program::Query& query, uint32_t, const std::vector<Value>& parameters,
                  const program::QueryText& text) {
  Verify(text.sql);
  postgres::Statement statement{text.sql, {}};
  for (size_t i = 0; i < parameters.size(); ++i) {
    eval::WireParameter wire = eval::ToWire(parameters[i], text.parameters.at(i).type);
    statement.parameters.push_back({wire.oid, std::move(wire.text)});
  }
  const postgres::FetchLimits fetch = LimitsOf(query);
  sent_.push_back({statement.sql, statement.parameters, 0, 0});
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
  sent_.back().rows = rows.rows.size();
  sent_.back().milliseconds = took.count();
  rows_read_ += rows.rows.size();
  bytes_read_ += rows.bytes;
  truncated_ = truncated_ || rows.more;
  if (fetch.cut && options_.offset > 0) {
    const size_t skipped = std::min(options_.offset, rows.rows.size());
    rows.rows.erase(rows.rows.begin(), rows.rows.begin() + static_cast<std::ptrdiff_t>(skipped));
  }
  Value value = FetchValue(query, std::move(rows.rows));
  if (query.fetch == program::FetchKind::kRows) listed_.push_back({&query, value});
  return value;
}

}  // namespace ormc::execute
