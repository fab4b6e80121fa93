#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/sql/select.h"

namespace ormc::sql {

// Builds one SELECT; the order of the steps is that of Django's SQLCompiler.as_sql().
// `expr` as an ordering.
plan::ExprPtr Ordered(const plan::ExprPtr& expr, bool descending);
// OrderBy.reverse_ordering()
plan::ExprPtr Reversed(const plan::ExprPtr& order_by);

class SelectBuilder {
 public:
  SelectBuilder(Statement& statement, const plan::Query& query, bool elide_empty = true);

  // Throws EmptyResult where no row can match.
  Fragment Build(bool with_limits, bool with_aliases, const RelatedPaths* related);

  struct Column {
    plan::ExprPtr expr;
    std::string name;      // as `.values()` names it; "" for none
    bool aliased = false;  // known by its name in the query: an annotation, a named value
    Fragment sql;
    std::string label;                       // c0: where columns need names
    std::set<const manifest::Field*> reads;  // the columns that it is made of
    size_t parts = 0;                        // the first of so many that are one value
    bool order_only = false;                 // of a combined query that is ordered by it
  };
  const std::vector<Column>& columns() const { return columns_; }
  std::vector<Column> TakeColumns() { return std::move(columns_); }
  size_t model_columns() const { return model_columns_; }
  const std::vector<RelatedColumns>& related() const { return related_; }
  const std::shared_ptr<plan::Query>& query() const { return query_; }
  std::vector<plan::ExprPtr> ordering() const;
  bool ordered_by_site() const { return ordered_by_site_; }

 private:
  // The joins that an ordering has passed, by their columns: the same again is a circle.
  using OrderingPaths =
      std::set<std::vector<std::vector<std::pair<const manifest::Field*, const manifest::Field*>>>>;
  struct Ordering {
    plan::ExprPtr expr;  // kOrderBy, resolved
    Fragment sql;        // without its direction
    bool is_reference = false;
  };

  // select.cpp
  void SetupSelect(bool with_aliases, const RelatedPaths* related);
  void LabelColumns();
  void AddRelated(const RelatedPaths& paths, const manifest::Model& model, plan::AliasId alias,
                  std::vector<RelatedColumns>& out);
  void AddColumn(plan::ExprPtr expr, std::string name, bool aliased);
  void ReadDistinct();
  Fragment PrintColumn(const plan::ExprPtr& expr);
  std::vector<Fragment> DistinctFields();
  std::vector<plan::ExprPtr> ExtraColumns() const;
  Fragment PlainSql(const plan::Query::Split& split, const std::vector<plan::ExprPtr>& extra,
                    const Fragment& wrapped);
  Fragment OrderBySql() const;
  Fragment LimitSql();
  // from.cpp
  struct FromItem {
    const plan::TableAlias* table;
    Fragment before;
    Fragment after;
  };
  std::vector<FromItem> FromItems();
  Fragment From(const std::vector<FromItem>& items);
  Fragment Barrier(const plan::TableAlias& table, const plan::Query& rows);
  // The query that stands for the table where only some of its rows are seen, or null.
  const plan::Query* RowsOf(const plan::TableAlias& table) const;
  Fragment TableName(const manifest::Model& model) const;
  std::optional<Fragment> Where(const plan::ExprPtr& where);
  Fragment ContentType(const plan::TableAlias& table);
  // qualify.cpp
  Fragment QualifySql(const plan::Query::Split& split, const RelatedPaths* related);
  // combined.cpp
  Fragment CombinedSql();
  void AddCombinedOrder(const plan::ExprPtr& item);
  size_t AddOrderColumn(const plan::ExprPtr& source);
  // order.cpp
  void SetupOrdering();
  void AddOrderName(const std::string& name, const std::string& prefix, bool descending,
                    const manifest::Model& model, std::optional<plan::AliasId> alias,
                    OrderingPaths& seen);
  void AddOrderItem(const plan::ExprPtr& item, const std::string& prefix, bool reversed,
                    const manifest::Model& model, std::optional<plan::AliasId> alias,
                    OrderingPaths& seen, bool by_site);
  void RejectCutTuples(Span span) const;
  void AddOrderBy(plan::ExprPtr order_by, std::optional<size_t> column);
  std::optional<size_t> SelectedColumn(const plan::ExprPtr& expr, const std::string& name) const;
  // group.cpp
  bool IsBehindKey(size_t column) const;
  void RejectPlaces(const plan::Expr& expr) const;
  std::vector<Fragment> GroupBy(const std::vector<plan::ExprPtr>& extra,
                                const plan::ExprPtr& having);
  std::vector<plan::ExprPtr> Collapsed(std::vector<plan::ExprPtr> exprs,
                                       const std::vector<plan::ExprPtr>& having) const;

  Statement& statement_;
  std::shared_ptr<plan::Query> query_;  // a copy: ordering adds joins
  bool elide_empty_;
  bool shows_;  // its columns only stand in the answer
  ReferenceNames references_;
  std::vector<Column> columns_;
  size_t model_columns_ = 0;
  std::vector<RelatedColumns> related_;
  std::vector<plan::AliasId> related_aliases_;  // a row's before those of its own relations
  std::vector<Ordering> order_by_;
  bool ordered_by_site_ = false;  // Meta.ordering: dropped where rows are grouped
};

}  // namespace ormc::sql
