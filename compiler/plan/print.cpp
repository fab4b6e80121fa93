#include "compiler/plan/print.h"

#include <string_view>
#include <utility>

#include "compiler/program/print.h"
#include "compiler/values/text.h"

namespace ormc::plan {
namespace {

std::string Typed(const std::optional<FieldType>& type) {
  if (!type) return "untyped";
  std::string out(manifest::NameOf(type->kind));
  if (type->field != nullptr && type->field->model != nullptr) {
    out += " of " + type->field->model->label + "." + type->field->name;
  }
  return out;
}

std::string_view NameOf(JoinType type) {
  switch (type) {
    case JoinType::kBase:
      return "from";
    case JoinType::kInner:
      return "inner join";
    case JoinType::kLeft:
      return "left join";
  }
  return "";
}

std::string_view NameOf(Combinator combinator) {
  switch (combinator) {
    case Combinator::kNone:
      return "";
    case Combinator::kUnion:
      return "union";
    case Combinator::kIntersection:
      return "intersection";
    case Combinator::kDifference:
      return "difference";
  }
  return "";
}

std::string_view NameOf(Connector connector) {
  switch (connector) {
    case Connector::kAnd:
      return "and";
    case Connector::kOr:
      return "or";
    case Connector::kXor:
      return "xor";
  }
  return "";
}

// Above the conditions that it joins.
std::string_view Heading(Connector connector) {
  switch (connector) {
    case Connector::kAnd:
      return "all of";
    case Connector::kOr:
      return "any of";
    case Connector::kXor:
      return "an odd number of";
  }
  return "";
}

class Printer {
 public:
  explicit Printer(const PrintOptions& options) : aliases_(options.aliases) {}

  std::string Of(const ExprPtr& expr) { return expr ? Text(*expr) : std::string("-"); }

  // The query's lines; those of its sub-queries stand under the line that mentions them.
  std::string Of(const Query& query, const std::string& indent, const PrintOptions* top) {
    std::string before = std::exchange(out_, {});
    const std::string outer = std::exchange(indent_, indent);
    Write(query, top);
    indent_ = outer;
    std::swap(before, out_);
    return before;
  }

 private:
  std::string Alias(AliasId id) {
    std::string& name = aliases_[id];
    if (!name.empty()) return name;
    for (size_t number = 0;; ++number) {
      const std::string wanted = "t" + std::to_string(number);
      bool taken = false;
      for (const auto& [known, text] : aliases_) taken = taken || text == wanted;
      if (!taken) return name = wanted;
    }
  }

  std::string All(const std::vector<ExprPtr>& exprs, std::string_view between = ", ") {
    std::string out;
    for (const ExprPtr& expr : exprs) {
      if (!out.empty()) out += between;
      out += Of(expr);
    }
    return out;
  }

  static std::string OperandText(const Operand& operand) {
    return operand.runtime ? "<" + program::Print(operand.runtime) + ">" : Repr(operand.constant);
  }

  std::string Chain(const Expr& expr) {
    std::string out = All(expr.args, " " + std::string(NameOf(expr.connector)) + " ");
    if (expr.args.empty()) out = "anything";
    return (expr.negated ? "not (" : "(") + out + ")";
  }

  std::string Nested(const char* word, const QueryPtr& query) {
    nested_.push_back(query);
    return word + std::string(" #") + std::to_string(++subqueries_);
  }

  std::string Call(std::string_view name, const Expr& expr) {
    std::string out(name);
    out += "(";
    if (expr.distinct) out += "distinct ";
    out += All(expr.args);
    if (!expr.name.empty() && expr.function != nullptr && expr.name != expr.function->sql) {
      out += ", " + StrRepr(expr.name);
    }
    if (!expr.zone.empty()) out += ", zone=" + expr.zone;
    if (expr.filter) out += ", filter=" + Of(expr.filter);
    if (expr.fallback) out += ", default=" + Of(expr.fallback);
    if (expr.sample) out += ", sample";
    return out + ")";
  }

  std::string Text(const Expr& expr) {
    switch (expr.op) {
      case Op::kName:
        return (expr.descending ? "-F(" : "F(") + StrRepr(expr.name) + ")";
      case Op::kOuterName:
        return "OuterRef(" + (expr.args.empty() ? StrRepr(expr.name) : All(expr.args)) + ")";
      case Op::kOuterColumn:
        return "outer(" + StrRepr(expr.name) + ")";
      case Op::kCondition:
      case Op::kWhere:
        return Chain(expr);
      case Op::kItem:
        return expr.name + "=" + All(expr.args);
      case Op::kValue:
      case Op::kDirect:
        return OperandText(expr.operand);
      case Op::kDirectList:
        return "[" + All(expr.args) + "]";
      case Op::kStar:
        return "*";
      case Op::kFunction:
        return Call(expr.function->name, expr);
      case Op::kAggregate:
        return Call(expr.aggregate->name, expr);
      case Op::kArithmetic:
        return "(" + All(expr.args, " " + expr.name + " ") + ")";
      case Op::kCase:
        return "Case(" + All(expr.args) + ")";
      case Op::kWhen:
        return "When " + Of(expr.args[0]) + " then " + Of(expr.args[1]);
      case Op::kSubquery:
        return expr.name + Nested("subquery", expr.query);
      case Op::kExists:
        return Nested("exists", expr.query);
      case Op::kNot:
        return "not " + All(expr.args);
      case Op::kWrapper:
        return "(" + All(expr.args) + "): " + Typed(expr.output);
      case Op::kOrderBy:
        return All(expr.args) + (expr.descending ? " desc" : " asc") +
               (expr.nulls_first ? " nulls first" : "") + (expr.nulls_last ? " nulls last" : "");
      case Op::kLookup:
        return Of(expr.args[0]) + " " + std::string(expr.lookup->name) + " " + Of(expr.args[1]);
      case Op::kWindow:
        return Window(expr);
      case Op::kColumn:
        return Alias(expr.alias) + "." + expr.field->column;
      case Op::kReference:
        return expr.name;
      case Op::kNothing:
        return "nothing";
    }
    return {};
  }

  std::string Window(const Expr& window) {
    std::string out = Of(window.args[0]) + " over (";
    for (size_t i = 1; i < window.args.size(); ++i) {
      if (i == 1 && window.partitions > 0) out += "partition by ";
      if (i == window.partitions + 1) out += i == 1 ? "order by " : "; order by ";
      if (i != 1 && i != window.partitions + 1) out += ", ";
      out += Of(window.args[i]);
    }
    if (window.frame) {
      const auto bound = [](const std::optional<int64_t>& offset) {
        return offset ? std::to_string(*offset) : std::string("unbounded");
      };
      out += std::string(window.frame->rows ? "; rows " : "; range ") + bound(window.frame->start) +
             " to " + bound(window.frame->end);
      if (!window.frame->exclusion.empty()) {
        out += " excluding " + std::string(window.frame->exclusion);
      }
    }
    return out + ")";
  }

  // One line, then the sub-queries that it mentions.
  void Line(const std::string& text) {
    const size_t first = subqueries_ - nested_.size() + 1;
    out_ += indent_ + text + "\n";
    const std::vector<QueryPtr> nested = std::exchange(nested_, {});
    for (size_t i = 0; i < nested.size(); ++i) {
      out_ += indent_ + "  #" + std::to_string(first + i) + " " + nested[i]->model->label + "\n";
      out_ += Of(*nested[i], indent_ + "    ", nullptr);
    }
  }

  void Where(const ExprPtr& where, const std::string& margin) {
    if (where->op != Op::kWhere) {
      Line(margin + Of(where));
      return;
    }
    const bool plain = where->connector == Connector::kAnd && !where->negated;
    std::string below = margin;
    if (!plain || where->args.empty()) {
      Line(margin + (where->negated ? "not " : "") + std::string(Heading(where->connector)));
      below += "  ";
    }
    for (const ExprPtr& child : where->args) Where(child, below);
  }

  // Conditions on rows stand before the grouping, those on groups behind it.
  void Conditions(const char* title, const ExprPtr& where, bool of_groups) {
    std::vector<ExprPtr> parts = {where};
    if (where->connector == Connector::kAnd && !where->negated) parts = where->args;
    std::erase_if(parts,
                  [&](const ExprPtr& part) { return part->contains_aggregate != of_groups; });
    if (parts.empty() || where->args.empty()) return;
    Line(title);
    for (const ExprPtr& part : parts) Where(part, "  ");
  }

  void Table(const TableAlias& table) {
    if (table.references == 0) return;
    std::string line(NameOf(table.type));
    line += " " + Alias(table.id) + " " + table.model->label;
    if (table.type != JoinType::kBase) {
      std::string on;
      for (const auto& [from, to] : table.columns) {
        on += on.empty() ? " on " : " and ";
        on += Alias(table.parent) + "." + from->column + " = " + Alias(table.id) + "." + to->column;
      }
      line += on + (table.nullable ? ", nullable" : "");
    }
    if (table.content_type_of != nullptr) {
      line += ", rows of " + table.content_type_of->label + " only (implied)";
    }
    if (table.filtered) {
      line += ", as " + table.filtered->name + " where " + Of(table.filtered_condition);
    }
    Line(line);
  }

  void Columns(const Query& query) {
    if (query.default_cols) Line("select every visible column of " + query.model->label);
    if (query.selected) {
      for (const auto& [name, what] : *query.selected) {
        const auto* index = std::get_if<size_t>(&what);
        Line("select " + name +
             (index != nullptr ? " = " + Of(query.select.at(*index)) : std::string()));
      }
      return;
    }
    for (const ExprPtr& column : query.select) Line("select " + Of(column));
    for (const auto& [name, expr] : query.SelectedAnnotations()) Line("select " + name);
  }

  void Ordering(const Query& query, const PrintOptions* top) {
    const std::vector<ExprPtr>& ordering =
        top != nullptr && top->ordering != nullptr ? *top->ordering : query.order_by;
    const bool by_site = top != nullptr && top->ordered_by_site;
    if (!ordering.empty()) {
      Line("order by " + All(ordering) + (query.standard_ordering ? "" : ", reversed") +
           (by_site ? " (implied: the order of " + query.model->label + ")" : ""));
    }
  }

  void Write(const Query& query, const PrintOptions* top) {
    for (const TableAlias& table : query.tables) Table(table);
    if (query.wrapped) {
      out_ += indent_ + "from (" + query.wrapped->model->label + "\n";
      out_ += Of(*query.wrapped, indent_ + "  ", nullptr);
      out_ += indent_ + ")\n";
    }
    if (query.combinator != Combinator::kNone) {
      Line(std::string(NameOf(query.combinator)) + (query.combine_all ? " all" : "") + " of");
      for (const std::shared_ptr<Query>& part : query.combined) {
        out_ += indent_ + "  - " + part->model->label + "\n";
        out_ += Of(*part, indent_ + "    ", nullptr);
      }
    }
    Conditions("where", query.where_root, false);
    switch (query.grouping) {
      case Query::Grouping::kNone:
        break;
      case Query::Grouping::kAll:
        Line("group by every selected column");
        break;
      case Query::Grouping::kList:
        Line("group by " + All(query.group_by));
        break;
    }
    Conditions("having", query.where_root, true);
    for (const auto& [name, expr] : query.annotations) {
      Line("let " + name + " = " + Of(expr) + ": " + Typed(expr->output));
    }
    if (query.distinct) {
      std::string fields;
      for (const std::string& name : query.distinct_fields) fields += " " + name;
      Line(fields.empty() ? "distinct" : "distinct on" + fields);
    }
    Columns(query);
    Ordering(query, top);
    if (query.computed_limits) Line("a slice with computed bounds");
    if (query.high) Line("limit " + std::to_string(*query.high - query.low));
    if (query.low != 0) Line("offset " + std::to_string(query.low));
  }

  std::map<AliasId, std::string> aliases_;
  std::vector<QueryPtr> nested_;  // mentioned by the line in the making
  size_t subqueries_ = 0;
  std::string indent_;
  std::string out_;
};

}  // namespace

std::string Print(const ExprPtr& expr, const PrintOptions& options) {
  return Printer(options).Of(expr);
}

std::string Print(const Query& query, const PrintOptions& options) {
  return Printer(options).Of(query, options.indent, &options);
}

}  // namespace ormc::plan
