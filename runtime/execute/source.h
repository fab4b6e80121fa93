#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/eval/evaluate.h"
#include "runtime/execute/execute.h"
#include "runtime/postgres/session.h"

namespace ormc::execute {

// A list of rows that a query gave: how an answer finds its columns again.
struct Listed {
  const program::Query* query;
  Value value;
};

class Source : public eval::QuerySource {
 public:
  // `last`: the query after which none comes, where that is known.  With a `sink`, rows of the shown
  // query go there as they come, and its value is an empty list.
  Source(postgres::Session& session, const Options& options, const program::Query* last,
         RowSink* sink)
      : session_(session), options_(options), last_(last), sink_(sink) {}

  Value Run(const program::Query& query, uint32_t index, const std::vector<Value>& parameters,
            const program::QueryText& text) override;

  bool truncated() const { return truncated_; }
  const std::vector<Listed>& listed() const { return listed_; }
  std::vector<SentQuery> TakeSent() { return std::move(sent_); }

 private:
  void Verify(const std::string& sql);
  void CheckCost(const postgres::Statement& statement);
  postgres::FetchLimits LimitsOf(const program::Query& query) const;
  bool WriteRow(const program::Query& query, std::vector<Value> cells);

  postgres::Session& session_;
  const Options& options_;
  const program::Query* last_;
  RowSink* sink_;
  bool has_columns_ = false;
  std::optional<std::vector<std::string>> streamed_names_;
  std::optional<std::vector<uint32_t>> plain_cells_;  // of the rows after the first
  std::set<std::string> verified_;
  std::vector<SentQuery> sent_;
  std::vector<Listed> listed_;
  size_t rows_read_ = 0;
  size_t bytes_read_ = 0;
  bool truncated_ = false;
};

}  // namespace ormc::execute
