#include "compiler/base/check.h"
#include "compiler/sql/builder.h"

namespace ormc::sql {

using plan::Combinator;
using plan::Query;

Fragment SelectBuilder::CombinedSql() {
  std::vector<Fragment> parts;
  const Query* empty_part = nullptr;
  for (const std::shared_ptr<Query>& combined : query_->combined) {
    auto part = combined->Clone();
    if (query_->selected && !part->selected) {
      std::vector<std::string> names;
      for (const auto& [name, what] : *query_->selected) names.push_back(name);
      part->SetValues(names, query_->distinct_span);
    }
    try {
      SelectBuilder builder(statement_, *part);
      parts.push_back(Fragment("(") + builder.Build(true, true, nullptr) + ")");
      if (parts.size() == 1) {
        for (size_t i = 0; i < columns_.size() && i < builder.columns().size(); ++i) {
          columns_[i].label = builder.columns()[i].label;
        }
      }
    } catch (const EmptyResult&) {
      const bool skipped = query_->combinator == Combinator::kUnion ||
                           (query_->combinator == Combinator::kDifference && !parts.empty());
      if (!skipped) throw;
      empty_part = combined.get();
    }
  }
  if (parts.empty()) throw EmptyResult{};
  if (parts.size() == 1 && query_->combinator == Combinator::kUnion && query_->IsSliced() &&
      empty_part != nullptr) {
    SelectBuilder builder(statement_, *empty_part, false);
    parts.push_back(Fragment("(") + builder.Build(true, true, nullptr) + ")");
  }
  const char* word = "";
  switch (query_->combinator) {
    case Combinator::kUnion:
      word = query_->combine_all ? " UNION ALL " : " UNION ";
      break;
    case Combinator::kIntersection:
      word = " INTERSECT ";
      break;
    case Combinator::kDifference:
      word = " EXCEPT ";
      break;
    case Combinator::kNone:
      throw InternalError("no combinator");
  }
  return Joined(parts, word);
}

}  // namespace ormc::sql
