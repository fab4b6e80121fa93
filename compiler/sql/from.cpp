#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/sql/builder.h"

namespace ormc::sql {

using manifest::Model;
using plan::ExprPtr;
using plan::JoinType;
using plan::TableAlias;

Fragment SelectBuilder::TableName(const Model& model) const {
  return (model.schema.empty() ? std::string() : Quoted(model.schema) + ".") + Quoted(model.table);
}

// The row of django_content_type that stands for a model.
Fragment SelectBuilder::ContentType(const TableAlias& table) {
  const Model* types = query_->context->scope->manifest().Find("contenttypes.ContentType");
  Check(types != nullptr, "a generic relation without content types");
  const TableAlias* holder =
      table.content_type_on_parent ? query_->FindTable(table.parent) : &table;
  Check(holder != nullptr, "a join without its parent");
  const manifest::Field* column =
      holder->model->FindField(table.join_field->relation->content_type_field);
  Check(column != nullptr, "a generic relation without its content type");
  statement_.joined.insert(column);
  const auto text = [&](const std::string& value) {
    program::Parameter parameter;
    parameter.value = program::Make(Span{}, program::Constant{Value::Str(value)});
    return statement_.Parameter(std::move(parameter));
  };
  Fragment out(statement_.Column(holder->id, *column) + " = (SELECT \"id\" FROM ");
  out += TableName(*types);
  return out + " WHERE \"app_label\" = " + text(table.content_type_of->app) +
         " AND \"model\" = " + text(manifest::ModelName(*table.content_type_of)) + ")";
}

std::vector<SelectBuilder::FromItem> SelectBuilder::FromItems() {
  Printer printer(statement_, references_);
  std::vector<FromItem> items;
  for (const TableAlias& table : query_->tables) {
    if (table.references == 0) continue;
    statement_.tables.push_back(table);
    const std::string name = statement_.AliasName(table.id);
    if (table.type == JoinType::kBase) {
      items.push_back({&table, items.empty() ? "" : ", ", " " + name});
      continue;
    }
    std::vector<Fragment> conditions;
    for (const auto& [from, to] : table.columns) {
      statement_.joined.insert({from, to});
      std::string other = statement_.Column(table.id, *to);
      // A key in a column of another type, as text points to numbers (prepare_join_on_clause).
      if (from->db_type != to->db_type) {
        other = "(" + other + ")::" + plan::CastDbType(plan::TypeOf(*from));
      }
      conditions.emplace_back(statement_.Column(table.parent, *from) + " = " + other);
    }
    if (table.content_type_of != nullptr) conditions.push_back(ContentType(table));
    if (table.filtered_condition) {
      try {
        const NoWindows guard(statement_, "window functions are not allowed in JOIN conditions");
        conditions.push_back(Fragment("(") + printer.Condition(table.filtered_condition) + ")");
      } catch (const FullResult&) {
      }
    }
    items.push_back({&table, table.type == JoinType::kInner ? " INNER JOIN " : " LEFT OUTER JOIN ",
                     " " + name + " ON (" + Joined(conditions, " AND ") + ")"});
  }
  return items;
}

const plan::Query* SelectBuilder::RowsOf(const TableAlias& table) const {
  const auto& rows_of = query_->context->rows_of;
  return rows_of ? rows_of(*table.model) : nullptr;
}

// The table's rows that the user sees.  PostgreSQL moves no condition past OFFSET, so that none of
// the snippet's is asked of other rows: a failing cast would print them.
Fragment SelectBuilder::Barrier(const TableAlias& table, const plan::Query& rows) {
  const Unread unread(statement_);
  auto query = rows.Clone();
  const plan::AliasId alias = query->InitialAlias();
  std::vector<ExprPtr> columns;
  for (const auto& [name, field] : statement_.ColumnsOf(table.id, *table.model)) {
    columns.push_back(plan::MakeColumn(alias, *field, plan::TypeOf(*field)));
  }
  query->ClearOrdering(true);
  query->SetSelect(std::move(columns));
  return "(" + SelectBuilder(statement_, *query, false).Build(false, false, nullptr) +
         (Planted("row-barrier") ? ")" : " OFFSET 0)");
}

// Printed last: a barrier gives the columns that the rest of the statement has named.
Fragment SelectBuilder::From(const std::vector<FromItem>& items) {
  Fragment out;
  for (const FromItem& item : items) {
    const plan::Query* rows = RowsOf(*item.table);
    out += item.before;
    out += rows != nullptr ? Barrier(*item.table, *rows) : TableName(*item.table->model);
    out += item.after;
  }
  return out;
}

std::optional<Fragment> SelectBuilder::Where(const ExprPtr& where) {
  std::vector<Fragment> parts;
  for (const TableAlias& table : query_->tables) {
    // Its join was trimmed away: what ON would have said.
    if (table.references > 0 && table.type == JoinType::kBase && table.content_type_of != nullptr) {
      parts.push_back(ContentType(table));
    }
  }
  const bool nothing = !where || (where->op == plan::Op::kWhere && where->args.empty());
  if (!nothing) {
    try {
      parts.push_back(Printer(statement_, references_).Condition(where));
    } catch (const FullResult&) {
    } catch (const EmptyResult&) {
      if (elide_empty_) throw;
      parts.emplace_back("0 = 1");
    }
  }
  if (parts.empty()) return std::nullopt;
  return Joined(parts, " AND ");
}

}  // namespace ormc::sql
