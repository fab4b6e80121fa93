#include <algorithm>
#include <functional>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/bind/binder.h"
#include "compiler/plan/aggregates_only.h"
#include "compiler/values/dict.h"

namespace ormc::bind {
namespace {

using manifest::Field;
using manifest::FieldKind;
using plan::Op;
using program::Convert;
using program::FetchKind;

// BaseExpression.convert_value and the fields' own converters.  A model's column has only the latter.
Convert ConverterOf(const plan::ExprPtr& expr, bool use_tz) {
  const plan::FieldType type = plan::TargetType(plan::OutputOf(expr));
  if (type.kind == FieldKind::kJSONField) return Convert::kJson;
  if (type.kind == FieldKind::kHStoreField) return Convert::kHstore;
  const plan::FieldType* element = &type;
  while (element->kind == FieldKind::kArrayField && element->base) element = element->base.get();
  if (element->kind == FieldKind::kJSONField) return Convert::kJsonItems;
  if (expr->op == Op::kColumn) return Convert::kNone;
  if (expr->op == Op::kFunction && expr->function->shape == catalog::FunctionShape::kTrunc) {
    if (type.kind == FieldKind::kDateTimeField) return use_tz ? Convert::kAware : Convert::kNone;
    if (type.kind == FieldKind::kDateField) return Convert::kDate;
    return Convert::kTime;
  }
  if (Planted("avg-int-type") && expr->op == Op::kAggregate) return Convert::kNone;
  if (type.kind == FieldKind::kFloatField) return Convert::kFloat;
  // By the name of the class, as Django asks: an AutoField is not converted.
  if (InternalType(type).ends_with("IntegerField")) return Convert::kInteger;
  if (type.kind == FieldKind::kDecimalField) return Convert::kDecimal;
  return Convert::kNone;
}

std::string DisplayType(const plan::FieldType& field) {
  const plan::FieldType type = plan::TargetType(field);
  const auto is = [&](FieldKind kind) { return plan::IsA(type, kind); };
  if (is(FieldKind::kIntegerField)) return "integer";
  if (is(FieldKind::kCharField) || is(FieldKind::kTextField) || is(FieldKind::kFileField)) {
    return "text";
  }
  if (is(FieldKind::kBooleanField)) return "boolean";
  if (is(FieldKind::kDateTimeField)) return "datetime";
  if (is(FieldKind::kDateField)) return "date";
  if (type.kind == FieldKind::kFloatField) return "float";
  if (type.kind == FieldKind::kDecimalField) return "decimal";
  if (type.kind == FieldKind::kTimeField) return "time";
  if (type.kind == FieldKind::kDurationField) return "duration";
  if (type.kind == FieldKind::kJSONField) return "json";
  if (type.kind == FieldKind::kUUIDField) return "uuid";
  if (type.kind == FieldKind::kBinaryField) return "bytes";
  if (type.kind == FieldKind::kArrayField) return "array";
  if (type.kind == FieldKind::kGenericIPAddressField) return "address";
  return CastDbType(type).ends_with("range") ? "range" : "text";
}

program::RowKind ProgramRows(Rows rows) {
  switch (rows) {
    case Rows::kInstances:
      return program::RowKind::kInstance;
    case Rows::kDicts:
      return program::RowKind::kDict;
    case Rows::kTuples:
      return program::RowKind::kTuple;
    case Rows::kFlat:
      return program::RowKind::kFlat;
    case Rows::kNamed:
      return program::RowKind::kNamedTuple;
  }
  throw InternalError("an unknown kind of rows");
}

// The sub-queries of a statement, as far as `most` of them.
void CountSubqueries(const plan::Query& query, size_t most, size_t& count) {
  const std::function<void(const plan::ExprPtr&)> look = [&](const plan::ExprPtr& expr) {
    if (!expr->contains_subquery) return;
    if (expr->query && count <= most) {
      ++count;
      CountSubqueries(*expr->query, most, count);
    }
    for (const plan::ExprPtr& source : plan::Sources(*expr)) look(source);
  };
  look(query.where_root);
  for (const auto& [name, expr] : query.annotations) look(expr);
  if (query.wrapped) CountSubqueries(*query.wrapped, most, count);
  for (const auto& part : query.combined) CountSubqueries(*part, most, count);
}

}  // namespace

BoundPtr Binder::Fetch(const QuerySet& queryset, FetchKind fetch, Span span, const char* missing) {
  if (queryset.batch && fetch == FetchKind::kRows) return FetchRelated(queryset, span);
  if (queryset.batch && fetch == FetchKind::kExists) {
    return OfRelated(queryset, "bool", TypeKind::kBool, span);
  }
  if (fetch != FetchKind::kExists) {
    CheckFetched(queryset, span);
    RejectDroppedRows(queryset, span);
  }
  PendingQuery pending;
  pending.query = queryset.query;
  pending.rows = queryset.rows;
  pending.names = queryset.names;
  pending.related = queryset.related;
  pending.prefetches = queryset.prefetches;
  pending.fetch = fetch;
  pending.missing = missing;
  pending.span = span;
  if (fetch == FetchKind::kFirst) pending.empty_value = Value::None();
  if (fetch == FetchKind::kInBulk) pending.empty_value = DictValue(Dict());
  if (fetch == FetchKind::kExists) {
    pending.query = queryset.query->Exists();
    pending.rows = Rows::kTuples;
    pending.empty_value = Value::Bool(false);
  }
  const auto index = static_cast<uint32_t>(pending_.size());
  Type type = fetch == FetchKind::kExists ? MakeType(TypeKind::kBool) : RowType(pending, index);
  switch (fetch) {
    case FetchKind::kRows:
      type = ListOf(std::move(type));
      break;
    case FetchKind::kFirst:
      type.nullable = true;
      break;
    case FetchKind::kInBulk: {
      Type dict = MakeType(TypeKind::kDict);
      dict.element = std::make_shared<const Type>(std::move(type));
      type = std::move(dict);
      break;
    }
    case FetchKind::kGet:
    case FetchKind::kEarliest:
    case FetchKind::kScalar:
    case FetchKind::kExists:
    case FetchKind::kRow:
    case FetchKind::kGrouped:
      break;
  }
  pending_.push_back(std::move(pending));
  return MakeBound(span,
                   PythonValue{program::Make(span, program::RunQuery{index}), std::move(type), {}});
}

Type Binder::RowType(const PendingQuery& pending, uint32_t index) {
  const plan::Query& query = *pending.query;
  if (pending.rows == Rows::kInstances) {
    Type type = MakeType(TypeKind::kInstance);
    type.model = query.model;
    type.origins = {Origin{index, {}}};
    return type;
  }
  std::vector<NamedType> columns;
  const auto of = [](const plan::ExprPtr& expr) {
    if (plan::IsTuple(*expr)) {
      Type key = MakeType(TypeKind::kTuple);
      for (const plan::ExprPtr& part : expr->args) {
        key.items.push_back(TypeOfField(*part->output, true));
      }
      return key;
    }
    // A column across an outer join may be NULL whatever its field says.
    const bool count = expr->op == Op::kAggregate && expr->aggregate->name == "Count";
    return expr->output ? TypeOfField(*expr->output, !count) : Type();
  };
  if (query.selected) {
    for (const auto& [name, what] : *query.selected) {
      const auto* at = std::get_if<size_t>(&what);
      columns.push_back(
          {name, of(at != nullptr ? query.select.at(*at)
                                  : *query.FindAnnotation(std::get<std::string>(what)))});
    }
  } else {
    for (size_t i = 0; i < query.select.size(); ++i) {
      columns.push_back(
          {i < query.values_select.size() ? query.values_select[i] : "", of(query.select[i])});
    }
    for (const auto& [name, expr] : query.SelectedAnnotations()) {
      columns.push_back({name, of(expr)});
    }
  }
  if (pending.rows == Rows::kFlat) return columns.empty() ? Type() : columns[0].second;
  Type type = MakeType(pending.rows == Rows::kDicts ? TypeKind::kDict : TypeKind::kTuple);
  for (const auto& [name, column] : columns) type.items.push_back(column);
  if (pending.rows != Rows::kTuples) type.fields = columns;
  if (pending.rows == Rows::kDicts) {
    type.items.clear();
    type.key = std::make_shared<const Type>(MakeType(TypeKind::kStr));
  }
  return type;
}

// A masked field may be shown masked; what it decides would tell it.
void Binder::RejectDecidingMasks(const sql::Select& select, Span span) const {
  std::set<std::string> masked;
  for (const auto* fields : {&select.decisive, &select.joined}) {
    for (const Field* field : *fields) {
      if (scope_.MaskOf(*field) != Mask::kNone) masked.insert(field->name);
    }
  }
  if (!masked.empty() && !Planted("masked-decides"))
    Reject(Kind::MaskedField, span, *masked.begin());
}

program::Column Binder::ColumnOf(const sql::OutputColumn& output) const {
  program::Column column;
  column.name = output.name;
  column.convert = ConverterOf(output.expr, options_.eval.use_tz);
  column.type = DisplayType(plan::OutputOf(output.expr));
  column.label = output.name;
  column.parts = static_cast<uint32_t>(output.parts);
  if (output.expr->op == Op::kFunction) {
    column.zone = output.expr->zone.empty() ? options_.eval.zone : output.expr->zone;
  }
  const bool count = output.expr->op == Op::kAggregate && output.expr->aggregate->name == "Count";
  if (count) column.convert = Convert::kCount;
  if (output.field == nullptr) {
    // What is derived from a masked field is masked whole; how many rows there are is not.
    for (const Field* read : output.reads) {
      if (Planted("masked-derived")) break;
      if (scope_.MaskOf(*read) != Mask::kNone && !count) column.mask = Mask::kFixed;
    }
    return column;
  }
  const Field& field = *output.field;
  if (!Planted("masked-shown")) column.mask = scope_.MaskOf(field);
  if (!field.verbose_name.empty() && output.name.find("__") == std::string::npos) {
    column.label = field.verbose_name;
  }
  if (field.primary_key && field.owner != nullptr && scope_.Sees(*field.owner)) {
    column.link = field.owner->label;
  }
  if (field.relation && field.relation->to != nullptr && scope_.Sees(*field.relation->to)) {
    column.link = field.relation->to->label;
  }
  if (!field.choices.empty()) {
    column.choices =
        std::make_shared<const std::vector<std::pair<Value, std::string>>>(field.choices);
  }
  return column;
}

std::shared_ptr<const program::InstanceShape> Binder::Shape(
    const manifest::Model& model, const std::vector<sql::OutputColumn>& columns, size_t first,
    size_t count, const std::vector<sql::RelatedColumns>& related, bool annotations,
    size_t annotations_from, const PendingQuery& pending, const std::vector<std::string>& path) {
  auto shape = std::make_shared<program::InstanceShape>();
  if (const auto text = pending.texts.find(path); text != pending.texts.end()) {
    shape->text = text->second.text;
    shape->self_slot = text->second.slot;
  }
  shape->label = plan::Concrete(model).label;  // a proxy's row is the row itself
  shape->name = model.name;
  for (const std::string& key : model.primary_key) {
    const Field* field = model.FindField(key);
    shape->primary_key.push_back(field != nullptr ? field->attname : key);
  }
  for (size_t i = first; i < first + count; ++i) {
    shape->fields.emplace_back(columns[i].name, static_cast<uint32_t>(i));
  }
  size_t related_from = columns.size();
  for (const sql::RelatedColumns& part : related) related_from = std::min(related_from, part.first);
  for (size_t i = annotations_from; annotations && i < related_from; ++i) {
    if (columns[i].name == kOwnerColumn) continue;
    shape->annotations.emplace_back(columns[i].name, static_cast<uint32_t>(i));
  }
  for (const sql::RelatedColumns& part : related) {
    program::InstanceShape::Related further;
    further.name = part.name;
    further.reverse = part.reverse;
    std::vector<std::string> there = path;
    there.push_back(part.name);
    further.shape = Shape(*part.model, columns, part.first, part.fields.size(), part.related, false,
                          0, pending, there);
    shape->related.push_back(std::move(further));
  }
  return shape;
}

program::Query Binder::BuildQuery(const PendingQuery& pending, BoundQuery& bound) {
  program::Query query;
  // Four for each that a person would write: `exclude()` makes them, too.
  const size_t most = plan_.limits.subqueries * 4;
  size_t subqueries = 0;
  CountSubqueries(*pending.query, most, subqueries);
  if (subqueries > most) {
    Reject(Kind::LimitExceeded, pending.span, std::to_string(most), std::string("sub-queries"));
  }
  // Made here, where all that is asked of the rows is known.
  std::shared_ptr<const plan::Query> asked = pending.query;
  if (scope_.HasOnlyGroups()) {
    if (auto groups = plan::OfLargeGroups(*asked, pending.span)) asked = std::move(groups);
  }
  sql::Select select = sql::BuildSelect(*asked, pending.related, pending.elide_empty);
  if (scope_.HasOnlyGroups()) {
    plan::RejectTellingRows({*select.plan, select.tables, select.ordering}, pending.span);
  }
  const size_t joins = options_.eval.limits.joins;
  if (select.tables.size() > joins + 1 && !Planted("joins")) {
    Reject(Kind::LimitExceeded, pending.span, std::to_string(joins), std::string("joins"));
  }
  RejectDecidingMasks(select, pending.span);
  query.variants.push_back(std::move(select.text));
  query.columns.reserve(select.columns.size());
  for (const sql::OutputColumn& column : select.columns) query.columns.push_back(ColumnOf(column));
  query.row = ProgramRows(pending.rows);
  query.fetch = pending.fetch;
  query.model = pending.query->model->name;
  query.missing = pending.missing;
  query.empty_value = pending.empty_value;
  query.smallest_group = scope_.SmallestGroup(*pending.query->model);
  query.shown = pending.shown;
  query.span = pending.span;
  if (pending.rows == Rows::kInstances) {
    for (const sql::OutputColumn& column : select.columns) {
      if (column.parts == 0) continue;
      Reject(Kind::NotSupported, pending.span, std::string("a composite key as an annotation"),
             std::string("read `.pk`, or use `.values(...)`"));
    }
    query.instance = Shape(*pending.query->model, select.columns, 0, select.model_columns,
                           select.related, true, select.model_columns, pending, {});
  }
  if (pending.fetch == FetchKind::kGrouped) {
    for (size_t i = 0; i < select.columns.size(); ++i) {
      if (select.columns[i].name == kOwnerColumn) query.key_columns = {static_cast<uint32_t>(i)};
    }
    // It stands last where rows are no instances, and belongs to no row.
    if (pending.rows != Rows::kInstances) query.columns.pop_back();
  }
  while (!select.columns.empty() && select.columns.back().order_only) {
    if (pending.rows == Rows::kTuples || pending.rows == Rows::kNamed) {
      // Django's tuples have the column, too.
      Reject(
          Kind::NotSupported, pending.span,
          std::string("tuples of a combined queryset that is ordered by what it does not select"),
          std::string("use `.values(...)`, or select what it is ordered by"));
    }
    select.used.merge(select.columns.back().reads);
    select.columns.pop_back();
    query.columns.pop_back();
  }
  if (pending.fetch == FetchKind::kInBulk) {
    const manifest::Model& model = *pending.query->model;
    const std::string& wanted = pending.names.at(0);
    const std::vector<std::string> keys =
        wanted == "pk" ? model.primary_key : std::vector<std::string>{wanted};
    for (const std::string& key : keys) {
      const Field* field = model.FindField(key);
      for (size_t i = 0; i < select.model_columns; ++i) {
        if (field != nullptr && select.columns[i].name == field->attname) {
          query.key_columns.push_back(static_cast<uint32_t>(i));
        }
      }
    }
    Check(query.key_columns.size() == keys.size(), "in_bulk() without its key");
  }
  bound.plan = std::move(select.plan);
  bound.ordering = std::move(select.ordering);
  bound.generic = pending.generic;
  bound.ordered_by_site = select.ordered_by_site;
  bound.aliases = std::move(select.aliases);
  bound.output = std::move(select.columns);
  bound.tables = std::move(select.tables);
  bound.columns = std::move(select.used);
  bound.columns.merge(select.joined);
  for (const sql::OutputColumn& column : bound.output) {
    bound.columns.insert(column.reads.begin(), column.reads.end());
  }
  return query;
}

void Binder::BuildQueries(program::Program& program, std::vector<BoundQuery>& bound) {
  for (size_t i = 0; i < pending_.size(); ++i) {
    try {
      BoundQuery of_query;
      program.queries.push_back(BuildQuery(pending_[i], of_query));
      bound.push_back(std::move(of_query));
    } catch (const Rejection& rejection) {
      // What was found only now is told at the call that evaluates the query.
      Diagnostic diagnostic = rejection.diagnostic();
      if (diagnostic.span.end == 0) diagnostic.span = pending_[i].span;
      throw Rejection(std::move(diagnostic));
    }
  }
}

}  // namespace ormc::bind
