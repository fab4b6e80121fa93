#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "compiler/plan/query.h"
#include "compiler/sql/fragment.h"
#include "compiler/sql/printer.h"

namespace ormc::sql {

// What a row holds, in order.
struct OutputColumn {
  plan::ExprPtr expr;
  std::string name;         // as `.values()` names it; of a model's column its attname
  plan::AliasId alias = 0;  // of a model's column: whose table
  const manifest::Field* field = nullptr;
  std::set<const manifest::Field*> reads;  // what it is made of
  size_t parts = 0;         // the first of so many that are one value: a composite key
  bool order_only = false;  // behind the others: a combined query is ordered by it
};

// Rows of a related model within the same row: planned for attributes (`order.customer.name`) and
// select_related.
struct RelatedColumns {
  std::string name;  // of the attribute
  const manifest::Model* model = nullptr;
  bool reverse = false;
  size_t first = 0;  // column of its first field
  std::vector<const manifest::Field*> fields;
  std::vector<RelatedColumns> related;
};

// Paths of relations to fetch with an instance: "customer" -> {"city" -> {}}.
struct RelatedPaths {
  std::map<std::string, RelatedPaths> paths;
};

struct Select {
  program::QueryText text;
  bool empty = false;  // no row can match: no text
  std::vector<OutputColumn> columns;
  size_t model_columns = 0;  // the first of them are the model's own
  std::vector<RelatedColumns> related;
  std::vector<plan::TableAlias> tables;  // all that it reads, sub-queries included
  std::set<const manifest::Field*> joined;
  std::set<const manifest::Field*> used;  // columns beside the output: conditions, groups, orders
  std::set<const manifest::Field*> decisive;  // see Statement
  // What became of the query: with the joins of its columns and of its order.
  std::shared_ptr<const plan::Query> plan;
  std::vector<plan::ExprPtr> ordering;  // kOrderBy, resolved
  bool ordered_by_site = false;         // by Meta.ordering
  std::map<plan::AliasId, std::string> aliases;
};

// The whole statement.
Select BuildSelect(const plan::Query& query, const RelatedPaths& related, bool elide_empty);

// The SELECT of a query within another statement.  Throws EmptyResult.
Fragment SelectSql(Statement& statement, const plan::Query& query);

// The fields of a model that a row of it brings: visible, with a column, and not opaque.
std::vector<const manifest::Field*> ConcreteFields(const plan::PlanContext& context,
                                                   const manifest::Model& model);

}  // namespace ormc::sql
