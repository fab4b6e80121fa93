#include "compiler/sql/select.h"

#include <algorithm>
#include <utility>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/verify.h"
#include "compiler/plan/versions.h"
#include "compiler/sql/builder.h"

namespace ormc::sql {

using manifest::Field;
using manifest::Model;
using plan::Combinator;
using plan::ExprPtr;
using plan::JoinType;
using plan::Op;
using plan::Query;
using plan::TableAlias;

std::vector<const Field*> ConcreteFields(const plan::PlanContext& context, const Model& model) {
  std::vector<const Field*> fields;
  for (const Field& field : model.fields) {
    if (field.concrete && !field.column.empty() && field.opaque.empty() &&
        context.scope->Sees(field)) {
      fields.push_back(&field);
    }
  }
  return fields;
}

SelectBuilder::SelectBuilder(Statement& statement, const Query& query, bool elide_empty)
    : statement_(statement),
      query_(query.Clone()),
      elide_empty_(elide_empty),
      shows_(statement.shows) {}

Fragment SelectBuilder::PrintColumn(const ExprPtr& expr) {
  Printer printer(statement_, references_);
  try {
    return printer.Print(expr);
  } catch (const EmptyResult&) {
    const std::optional<Value> value = plan::EmptyResultValue(expr);
    if (!value) return "0";
    if (value->is_none()) return "NULL";
    return printer.Print(plan::MakeValue(expr->span, plan::Constant(*value), expr->output));
  } catch (const FullResult&) {
    return "TRUE";
  }
}

void SelectBuilder::AddColumn(ExprPtr expr, std::string name, bool aliased) {
  if (plan::IsTuple(*expr)) {
    const size_t first = columns_.size();
    // The first of them has the name.
    for (const ExprPtr& part : expr->args) AddColumn(part, std::exchange(name, {}), false);
    columns_[first].parts = expr->args.size();
    return;
  }
  if (aliased) (void)plan::OutputOf(expr);  // what is selected has a type, also in a sub-query
  Column column;
  column.aliased = aliased;
  std::set<const Field*>* const around = statement_.columns;
  statement_.columns = &column.reads;
  {
    const Shows shown(statement_, shows_);
    column.sql = PrintColumn(expr);
  }
  statement_.columns = around;
  if (&statement_.used() != around) around->insert(column.reads.begin(), column.reads.end());
  column.expr = std::move(expr);
  column.name = std::move(name);
  columns_.push_back(std::move(column));
}

void SelectBuilder::AddRelated(const RelatedPaths& paths, const Model& model, plan::AliasId alias,
                               std::vector<RelatedColumns>& out) {
  for (const auto& [name, below] : paths.paths) {
    // A reverse one-to-one is known on instances by its accessor, in paths by its query name.
    const manifest::Reverse* reverse =
        model.FindField(name) == nullptr ? model.FindAccessor(name) : nullptr;
    // A filtered relation may have many rows, and is None where it has none.
    const auto& filtered = query_->filtered_relations;
    const bool is_filtered =
        std::any_of(filtered.begin(), filtered.end(),
                    [&name = name](const auto& relation) { return relation->name == name; });
    const plan::JoinInfo info = query_->SetupJoins({reverse != nullptr ? reverse->name : name},
                                                   alias, nullptr, is_filtered, Span{}, &model);
    const plan::AliasId joined = info.joins.back();
    related_aliases_.push_back(joined);
    RelatedColumns related;
    related.name = name;
    related.model = info.end.model;
    related.reverse = info.end.reverse && !is_filtered;
    related.first = columns_.size();
    related.fields = ConcreteFields(*query_->context, *related.model);
    std::map<const Model*, plan::AliasId> seen;
    for (const Field* field : related.fields) {
      const plan::AliasId holder = query_->JoinParent(*related.model, *field->model, joined, seen);
      if (holder != related_aliases_.back()) related_aliases_.push_back(holder);
      AddColumn(plan::MakeColumn(holder, *field, plan::TypeOf(*field)), field->attname, false);
    }
    AddRelated(below, *related.model, joined, related.related);
    out.push_back(std::move(related));
  }
}

void SelectBuilder::SetupSelect(bool with_aliases, const RelatedPaths* related) {
  Query& query = *query_;
  const bool unused = std::all_of(query.tables.begin(), query.tables.end(),
                                  [](const TableAlias& table) { return table.references == 0; });
  if (unused && !query.wrapped) query.InitialAlias();
  if (query.default_cols) {
    const plan::AliasId start = query.InitialAlias();
    std::map<const Model*, plan::AliasId> seen;
    const std::vector<const Field*> fields = ConcreteFields(*query.context, *query.model);
    columns_.reserve(fields.size());
    for (const Field* field : fields) {
      const plan::AliasId alias = query.JoinParent(*query.model, *field->model, start, seen);
      AddColumn(plan::MakeColumn(alias, *field, plan::TypeOf(*field)), field->attname, false);
    }
    model_columns_ = columns_.size();
    for (const auto& [name, expr] : query.SelectedAnnotations()) AddColumn(expr, name, true);
    if (related != nullptr) AddRelated(*related, *query.model, start, related_);
  } else if (!query.selected) {
    columns_.reserve(query.select.size() + query.annotations.size());
    for (size_t i = 0; i < query.select.size(); ++i) {
      AddColumn(query.select[i],
                i < query.values_select.size() ? query.values_select[i] : std::string(), false);
    }
    for (const auto& [name, expr] : query.SelectedAnnotations()) AddColumn(expr, name, true);
  } else {
    columns_.reserve(query.selected->size());
    for (const auto& [name, what] : *query.selected) {
      const auto* index = std::get_if<size_t>(&what);
      AddColumn(index != nullptr ? query.select.at(*index)
                                 : *query.FindAnnotation(std::get<std::string>(what)),
                name, true);
    }
  }
  if (with_aliases) LabelColumns();
}

// DISTINCT compares what is selected, but columns of a row whose key is selected tell nothing more.
void SelectBuilder::ReadDistinct() {
  if (!query_->distinct || !query_->distinct_fields.empty()) return;
  if (Planted("masked-distinct")) return;
  std::set<plan::AliasId> keyed;
  for (const Column& column : columns_) {
    const bool is_key = column.expr->op == Op::kColumn && column.expr->field->primary_key;
    if (is_key) keyed.insert(column.expr->alias);
  }
  for (const Column& column : columns_) {
    if (column.expr->op == Op::kColumn && keyed.contains(column.expr->alias)) continue;
    statement_.decisive.insert(column.reads.begin(), column.reads.end());
  }
}

void SelectBuilder::LabelColumns() {
  for (Column& column : columns_) column.label = statement_.ColumnName();
}

std::vector<Fragment> SelectBuilder::DistinctFields() {
  std::vector<Fragment> out;
  Printer printer(statement_, references_);
  for (const std::string& name : query_->distinct_fields) {
    if (query_->IsSelected(name)) {
      // Its place, not its expression: that of another column may be the same.
      Fragment printed = printer.Print(*query_->FindAnnotation(name));
      const std::optional<size_t> column = SelectedColumn(nullptr, name);
      out.push_back(column ? Fragment(std::to_string(*column + 1)) : std::move(printed));
      continue;
    }
    if (query_->FindAnnotation(name) != nullptr) {
      Reject(Kind::AliasNotSelected, query_->distinct_span, name);
    }
    const ExprPtr column = query_->ResolveRef(name, query_->distinct_span, true, nullptr, false);
    for (const ExprPtr& part : plan::IsTuple(*column) ? column->args : std::vector{column}) {
      out.push_back(printer.Print(part));
    }
  }
  return out;
}

// DISTINCT needs what it is ordered by in the list.
std::vector<ExprPtr> SelectBuilder::ExtraColumns() const {
  std::vector<ExprPtr> extra;
  if (!query_->distinct || !query_->distinct_fields.empty()) return extra;
  for (const Ordering& ordering : order_by_) {
    const bool selected = ordering.is_reference ||
                          std::any_of(columns_.begin(), columns_.end(), [&](const Column& column) {
                            return Same(column.sql, ordering.sql);
                          });
    if (selected) continue;
    RejectCutTuples(ordering.expr->span);
    extra.push_back(ordering.expr->args[0]);
  }
  return extra;
}

Fragment SelectBuilder::PlainSql(const Query::Split& split, const std::vector<ExprPtr>& extra,
                                 const Fragment& wrapped) {
  const Query& query = *query_;
  const std::vector<Fragment> grouping = GroupBy(extra, split.having);
  std::vector<Fragment> distinct_fields = DistinctFields();
  const std::vector<FromItem> items = query.wrapped ? std::vector<FromItem>() : FromItems();
  const std::optional<Fragment> where = Where(split.where);
  std::optional<Fragment> having;
  if (split.having) {
    try {
      having = Printer(statement_, references_).Condition(split.having);
    } catch (const FullResult&) {
    }
  }
  Fragment out = "SELECT ";
  if (!distinct_fields.empty()) {
    out += Fragment("DISTINCT ON (") + Joined(distinct_fields, ", ") + ") ";
  } else if (query.distinct) {
    out += "DISTINCT ";
  }
  const char* comma = "";
  for (const Column& column : columns_) {
    out += std::exchange(comma, ", ");
    out += column.sql;
    if (!column.label.empty()) out += " AS " + column.label;
  }
  for (const ExprPtr& expr : extra) {
    out += std::exchange(comma, ", ");
    out += PrintColumn(expr);
  }
  const Fragment from = query.wrapped ? Fragment("(") + wrapped + ") s" : From(items);
  const auto clause = [&out](std::string_view keyword, const Fragment& sql) {
    out += keyword;
    out += sql;
  };
  if (!from.text.empty()) clause(" FROM ", from);
  if (where) clause(" WHERE ", *where);
  if (!grouping.empty()) {
    if (!distinct_fields.empty()) {
      Reject(Kind::DjangoNotImplemented, query.distinct_span,
             std::string("annotate() + distinct(fields) is not implemented"));
    }
    clause(" GROUP BY ", Joined(grouping, ", "));
    if (ordered_by_site_ && !Planted("groupby-meta-ordering")) order_by_.clear();
  }
  if (having) clause(" HAVING ", *having);
  return out;
}

Fragment SelectBuilder::OrderBySql() const {
  if (order_by_.empty()) return {};
  std::vector<Fragment> list;
  for (const Ordering& ordering : order_by_) {
    Fragment item = ordering.sql + (ordering.expr->descending ? " DESC" : " ASC");
    if (ordering.expr->nulls_first) item += " NULLS FIRST";
    if (ordering.expr->nulls_last) item += " NULLS LAST";
    list.push_back(std::move(item));
  }
  return Fragment(" ORDER BY ") + Joined(list, ", ");
}

Fragment SelectBuilder::LimitSql() {
  const auto bound = [&](const plan::Operand& operand) {
    program::Parameter parameter;
    parameter.value = operand.runtime ? operand.runtime
                                      : program::Make(Span{}, program::Constant{operand.constant});
    parameter.steps = operand.steps;
    parameter.type = program::ParameterType::kInt8;
    return statement_.Parameter(std::move(parameter));
  };
  const auto number = [&](uint64_t n) {
    return bound(plan::Constant(Value::Int(static_cast<int64_t>(n))));
  };
  Fragment out;
  if (const auto& computed = query_->computed_limits) {
    const Fragment low = computed->low ? bound(*computed->low) : Fragment();
    if (computed->one) {
      out += Fragment(" LIMIT ") + number(1);
    } else if (computed->high && computed->low) {
      const Fragment high = bound(*computed->high);
      out += Fragment(" LIMIT CASE WHEN ") + high + " IS NOT NULL THEN GREATEST(" + high +
             " - COALESCE(" + low + ", 0), 0) END";
    } else if (computed->high) {
      out += Fragment(" LIMIT ") + bound(*computed->high);
    }
    if (computed->low) out += Fragment(" OFFSET ") + low;
    return out;
  }
  if (query_->high) out += Fragment(" LIMIT ") + number(*query_->high - query_->low);
  if (query_->low != 0) out += Fragment(" OFFSET ") + number(query_->low);
  return out;
}

Fragment SelectBuilder::Build(bool with_limits, bool with_aliases, const RelatedPaths* related) {
  const Query& query = *query_;
  Fragment wrapped;
  if (query.wrapped) {
    // aggregate() over a wrapped query: its columns are known by their names.
    const Shows shown(statement_, shows_);
    SelectBuilder inner(statement_, *query.wrapped, elide_empty_);
    wrapped = inner.Build(true, true, nullptr);
    for (const Column& column : inner.columns()) {
      references_.push_back({column.name, "s." + column.label, column.reads});
    }
  }
  const Shows decides(statement_, false);
  SetupSelect(with_aliases, related);
  ReadDistinct();
  SetupOrdering();
  for (const plan::AliasId joined : related_aliases_) query_->KeepRows(joined);
  const Query::Split split = query.SplitHaving(query.grouping != Query::Grouping::kNone);
  const bool combined = query.combinator != Combinator::kNone;
  const bool qualified = !combined && split.qualify;
  const std::vector<ExprPtr> extra =
      combined || qualified ? std::vector<ExprPtr>() : ExtraColumns();
  // A sub-query may not have more columns than are asked of it.
  const bool hides_extra = query.subquery && !extra.empty();
  if (hides_extra && !with_aliases) LabelColumns();
  Fragment out = combined    ? CombinedSql()
                 : qualified ? QualifySql(split, related)
                             : PlainSql(split, extra, wrapped);
  out += OrderBySql();
  if (with_limits) out += LimitSql();
  if (!hides_extra) return out;
  std::vector<Fragment> shown;
  for (const Column& column : columns_) shown.emplace_back("d." + column.label);
  return Fragment("SELECT ") + Joined(shown, ", ") + " FROM (" + out + ") d";
}

Fragment SelectSql(Statement& statement, const Query& query) {
  if (query.combinator != Combinator::kNone && !query.order_by.empty()) {
    plan::RequireDjango(statement.context(), catalog::Change::kCombinedInOrder,
                        query.distinct_span);
  }
  const NoWindows allowed(statement, nullptr);
  SelectBuilder builder(statement, query);
  return builder.Build(true, false, nullptr);
}

Select BuildSelect(const Query& query, const RelatedPaths& related, bool elide_empty) {
  Statement statement(*query.context);
  SelectBuilder builder(statement, query, elide_empty);
  Select out;
  try {
    out.text =
        statement.Number(builder.Build(true, query.combinator != Combinator::kNone, &related));
  } catch (const EmptyResult&) {
    out.empty = true;
  }
  out.columns.reserve(builder.columns().size());
  for (SelectBuilder::Column& column : builder.TakeColumns()) {
    OutputColumn shown;
    shown.alias = column.expr->alias;
    shown.field = column.expr->op == Op::kColumn ? column.expr->field : nullptr;
    shown.expr = std::move(column.expr);
    shown.name = std::move(column.name);
    shown.reads = std::move(column.reads);
    shown.parts = column.parts;
    shown.order_only = column.order_only;
    out.columns.push_back(std::move(shown));
  }
  out.model_columns = builder.model_columns();
  out.related = builder.related();
  out.used = statement.used();
  out.decisive = std::move(statement.decisive);
  out.joined = std::move(statement.joined);
  for (const TableAlias& table : builder.query()->tables) {
    if (table.references > 0) out.tables.push_back(table);
  }
  for (const TableAlias& table : statement.tables) {
    const bool known = std::any_of(out.tables.begin(), out.tables.end(),
                                   [&](const TableAlias& other) { return other.id == table.id; });
    if (!known) out.tables.push_back(table);
  }
  plan::Verify(*builder.query());
  out.plan = builder.query();
  out.ordering = builder.ordering();
  out.ordered_by_site = builder.ordered_by_site();
  out.aliases = statement.aliases();
  return out;
}

}  // namespace ormc::sql
