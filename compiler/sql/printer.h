#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "compiler/plan/query.h"
#include "compiler/sql/fragment.h"

namespace ormc::sql {

// A condition that no row can meet (Django's EmptyResultSet), and one that every row meets
// (FullResultSet).  They are thrown within this room only.
struct EmptyResult {};
struct FullResult {};

// What one statement shares: the numbers of its aliases, the parameters of equal expressions.
class Statement {
 public:
  explicit Statement(const plan::PlanContext& context) : context_(context) {}

  const plan::PlanContext& context() const { return context_; }
  const std::string& AliasName(plan::AliasId id);
  // A column of a table, or of the barrier that stands for it.
  std::string Column(plan::AliasId table, const manifest::Field& field);
  // Those that were printed, by their names: its key where none was.
  using Columns = std::map<std::string_view, const manifest::Field*>;
  Columns ColumnsOf(plan::AliasId table, const manifest::Model& model) const;
  const std::map<plan::AliasId, std::string>& aliases() const { return aliases_; }
  Fragment Parameter(program::Parameter parameter);
  // An expression equal to one printed before takes over its parameters: `GROUP BY f($2)` does not
  // match `SELECT f($1)` (PostgreSQL compares parameters by number).
  Fragment Shared(Fragment fragment);
  // $1, $2, ... in the place of the marks.
  program::QueryText Number(const Fragment& fragment) const;
  // Columns of tables that were printed: each goes into the innermost set that is open.
  std::set<const manifest::Field*>* columns = &used_;
  const std::set<const manifest::Field*>& used() const { return used_; }
  // Columns whose values do more than stand in the answer: they choose rows, order or group them, are
  // compared, or can make the statement fail.
  std::set<const manifest::Field*> decisive;
  bool shows = true;  // does what is printed now only stand in the answer?
  void Read(const manifest::Field& field);
  void Read(const std::set<const manifest::Field*>& fields);
  std::set<const manifest::Field*> joined;  // columns that rows are joined by
  std::vector<plan::TableAlias> tables;     // those of every FROM
  const char* no_windows = nullptr;         // why a window function may not stand here
  std::string ColumnName() { return "c" + std::to_string(next_column_++); }

 private:
  const plan::PlanContext& context_;
  std::set<const manifest::Field*> used_;
  std::map<plan::AliasId, std::string> aliases_;
  std::vector<program::Parameter> parameters_;          // by Placeholder::id
  std::unordered_map<std::string, uint32_t> contents_;  // Placeholder::content of equal parameters
  std::unordered_set<Fragment, HashOfEnds, SameFragment> known_;
  uint32_t next_column_ = 0;
  std::map<plan::AliasId, Columns> columns_of_;  // kept where rows are ruled
};

// What is printed in a scope is the site's own: the snippet neither reads nor joins it.
class Unread {
 public:
  explicit Unread(Statement& statement);
  ~Unread();
  Unread(const Unread&) = delete;
  Unread& operator=(const Unread&) = delete;

 private:
  Statement& statement_;
  std::set<const manifest::Field*> ignored_;
  std::set<const manifest::Field*>* columns_;
  std::set<const manifest::Field*> decisive_;
  std::set<const manifest::Field*> joined_;
  std::vector<plan::TableAlias> tables_;
};

// PostgreSQL has window functions in the list and in ORDER BY only; Django writes them elsewhere too.
class NoWindows {
 public:
  NoWindows(Statement& statement, const char* why)
      : statement_(statement), before_(std::exchange(statement.no_windows, why)) {}
  ~NoWindows() { statement_.no_windows = before_; }
  NoWindows(const NoWindows&) = delete;
  NoWindows& operator=(const NoWindows&) = delete;

 private:
  Statement& statement_;
  const char* before_;
};

// Whether what is printed in a scope only stands in the answer.
class Shows {
 public:
  Shows(Statement& statement, bool shows)
      : statement_(statement), before_(std::exchange(statement.shows, shows)) {}
  ~Shows() { statement_.shows = before_; }
  Shows(const Shows&) = delete;
  Shows& operator=(const Shows&) = delete;

 private:
  Statement& statement_;
  bool before_;
};

// An annotation that is printed by a name: a column of the query within.
struct Reference {
  std::string name;
  std::string sql;
  std::set<const manifest::Field*> reads;
};
using ReferenceNames = std::vector<Reference>;

// Is its value only carried through: neither compared, nor able to fail or to become NULL?  What
// does not carry is decided by what it reads.
bool Carries(const plan::Expr& expr);

// Does Django cast a value of this type (Field.get_placeholder)?
bool HasPlaceholder(const plan::FieldType& type);

class Printer {
 public:
  Printer(Statement& statement, const ReferenceNames& references)
      : statement_(statement), references_(references) {}

  Fragment Print(const plan::ExprPtr& expr);
  // A WHERE, HAVING, ON or FILTER condition.
  Fragment Condition(const plan::ExprPtr& where);

 private:
  Fragment PrintNode(const plan::ExprPtr& expr);
  Fragment ReferenceTo(const plan::Expr& reference);
  Fragment Where(const plan::Expr& where);
  Fragment Aggregate(const plan::Expr& aggregate);
  Fragment Case(const plan::Expr& node);
  Fragment Value(const plan::Expr& value);
  Fragment OperandOf(const plan::Operand& operand);
  Fragment Constant(ormc::Value value, program::ParameterType type);
  Fragment Unit(const std::string& unit);
  // calls.cpp
  Fragment Call(const plan::Expr& call);
  // Within a function's parentheses a condition that is decided beforehand is a value.
  Fragment Argument(const plan::ExprPtr& expr);
  std::vector<Fragment> PrintAll(const std::vector<plan::ExprPtr>& exprs);
  Fragment Concat(const std::vector<plan::ExprPtr>& args, size_t from);
  Fragment TextOrEmpty(const plan::ExprPtr& expr);
  Fragment Extract(const plan::Expr& call);
  Fragment Trunc(const plan::Expr& call);
  Fragment InZone(Fragment sql, const plan::ExprPtr& source, const std::string& zone);
  // windows.cpp
  Fragment Window(const plan::Expr& window);
  Fragment Frame(const plan::WindowFrame& frame);
  // postgres.cpp
  Fragment JsonKey(const plan::Expr& call);
  Fragment ArrayPart(const plan::Expr& call);
  Fragment JsonBuild(const plan::Expr& call);
  Fragment SearchVector(const plan::Expr& call);
  // lookups.cpp
  Fragment Lookup(const plan::Expr& test);
  Fragment LookupLeft(const plan::Expr& test);
  Fragment LookupRight(const plan::ExprPtr& right);
  Fragment InList(const plan::Expr& test);
  Fragment Range(const plan::Expr& test);
  Fragment YearRange(const plan::Expr& test);

  Statement& statement_;
  const ReferenceNames& references_;
};

}  // namespace ormc::sql
