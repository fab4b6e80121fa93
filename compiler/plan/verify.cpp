#include "compiler/plan/verify.h"

#include "compiler/base/check.h"

namespace ormc::plan {
namespace {

using manifest::Field;
using manifest::Model;

// Is the column in the model's table?
bool Holds(const Model& model, const Field& field) {
  return field.model != nullptr && Concrete(*field.model).table == Concrete(model).table;
}

class Verifier {
 public:
  explicit Verifier(const Query& query, const Verifier* outer = nullptr)
      : query_(query), outer_(outer) {}

  void Run() {
    for (const TableAlias& table : query_.tables) Table(table);
    if (query_.wrapped) Verifier(*query_.wrapped, outer_).Run();
    for (const std::shared_ptr<Query>& part : query_.combined) Verifier(*part, outer_).Run();
    Check((query_.combinator == Combinator::kNone) == query_.combined.empty(),
          "plan: a combinator and its parts belong together");
    Tree(query_.where_root);
    for (const auto& [name, expr] : query_.annotations) Tree(expr);
    for (const ExprPtr& column : query_.select) Tree(column);
    for (const ExprPtr& key : query_.group_by) {
      Tree(key);
      Check(!key->contains_aggregate, "plan: grouped by an aggregate");
    }
    Check(query_.distinct || query_.distinct_fields.empty(), "plan: DISTINCT ON without DISTINCT");
    Check(!query_.high || query_.low <= *query_.high, "plan: a slice ends before it begins");
    if (query_.selected) {
      for (const auto& [name, what] : *query_.selected) Selection(what);
    }
  }

 private:
  void Selection(const std::variant<size_t, std::string>& what) const {
    const auto* index = std::get_if<size_t>(&what);
    Check(index != nullptr ? *index < query_.select.size()
                           : query_.FindAnnotation(std::get<std::string>(what)) != nullptr,
          "plan: a selected column does not exist");
  }

  void Table(const TableAlias& table) const {
    Check(query_.FindTable(table.id) == &table, "plan: an alias is there twice");
    if (table.type == JoinType::kBase || table.references == 0) return;
    const TableAlias* parent = query_.FindTable(table.parent);
    Check(parent != nullptr && parent < &table, "plan: a join stands before its parent");
    Check(parent->references > 0, "plan: a join hangs on one that is not made");
    Check(!table.columns.empty(), "plan: a join without columns");
    for (const auto& [from, to] : table.columns) {
      Check(Holds(*parent->model, *from) && Holds(*table.model, *to),
            "plan: a join's column is not in its table");
    }
    Check(table.type != JoinType::kInner || parent->type != JoinType::kLeft,
          "plan: an inner join hangs on an outer one");
    Check(table.filtered != nullptr || table.filtered_condition == nullptr,
          "plan: a condition in ON without its filtered relation");
    if (table.filtered_condition) Tree(table.filtered_condition);
  }

  const TableAlias* InScope(AliasId alias) const {
    const TableAlias* table = query_.FindTable(alias);
    return table != nullptr || outer_ == nullptr ? table : outer_->InScope(alias);
  }

  void Column(const Expr& column) const {
    Check(column.field != nullptr && !column.field->column.empty(),
          "plan: a column without a field");
    const TableAlias* table = InScope(column.alias);
    Check(table != nullptr, "plan: a column of an alias out of scope");
    Check(table->references > 0, "plan: a column of a table that is not joined");
    Check(Holds(*table->model, *column.field), "plan: a column that its table does not have");
  }

  static void Arity(const Expr& expr, size_t least, size_t most) {
    Check(expr.args.size() >= least && expr.args.size() <= most,
          "plan: a node without its operands");
  }

  void Reference(const Expr& expr) const {
    Arity(expr, 1, 1);
    Check(query_.FindAnnotation(expr.name) != nullptr ||
              (query_.wrapped && query_.wrapped->FindAnnotation(expr.name) != nullptr),
          "plan: a reference to no annotation");
  }

  void Tree(const ExprPtr& expr) const {
    Check(expr != nullptr, "plan: a missing expression");
    Node(*expr);
    // What a reference stands for was verified where it is defined, maybe in the wrapped query.
    if (expr->op == Op::kReference) return;
    for (const ExprPtr& arg : expr->args) Tree(arg);
    if (expr->filter) Tree(expr->filter);
    if (expr->fallback) Tree(expr->fallback);
  }

  void Node(const Expr& expr) const {
    switch (expr.op) {
      case Op::kName:
      case Op::kOuterName:
      case Op::kCondition:
      case Op::kItem:
        throw InternalError("plan: a name is left unresolved");
      case Op::kOuterColumn:  // refused by the printer, in words for people
        return;
      case Op::kColumn:
        Column(expr);
        return;
      case Op::kReference:
        Reference(expr);
        return;
      case Op::kValue:
      case Op::kDirect:
        Arity(expr, 0, 0);
        Check(!expr.operand.runtime || expr.operand.constant.is_none(),
              "plan: a value that is both known and computed");
        return;
      case Op::kStar:
      case Op::kNothing:
        Arity(expr, 0, 0);
        return;
      case Op::kFunction:
        Check(expr.function != nullptr, "plan: a call of no function");
        Arity(expr, expr.function->least,
              expr.function->most == catalog::kMany ? expr.args.size() : expr.function->most);
        return;
      case Op::kAggregate:
        Check(expr.aggregate != nullptr, "plan: a call of no aggregate");
        return;
      case Op::kArithmetic:
        Arity(expr, 2, 2);
        return;
      case Op::kLookup:
        Check(expr.lookup != nullptr, "plan: a condition without a lookup");
        Arity(expr, 2, 2);
        return;
      case Op::kWhen:
        Arity(expr, 2, 2);
        return;
      case Op::kNot:
      case Op::kWrapper:
      case Op::kOrderBy:
        Arity(expr, 1, 1);
        return;
      case Op::kCase:
        Check(!expr.args.empty(), "plan: a case without a default");
        return;
      case Op::kSubquery:
      case Op::kExists:
        Check(expr.query != nullptr, "plan: a sub-query without a query");
        Verifier(*expr.query, this).Run();
        return;
      case Op::kWindow:
        Check(expr.args.size() > expr.partitions, "plan: a window without a function");
        return;
      case Op::kDirectList:
      case Op::kWhere:
        return;
    }
  }

  const Query& query_;
  const Verifier* outer_;
};

}  // namespace

void Verify(const Query& query) { Verifier(query).Run(); }

}  // namespace ormc::plan
