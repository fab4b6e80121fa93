#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"
#include "compiler/plan/slices.h"

namespace ormc::plan {
namespace {

using K = FieldKind;

// Extract and Trunc check what they are given (functions/datetime.py).
void CheckExtract(const Expr& call) {
  const ExprPtr& source = call.args[0];
  if (!source->output) return;
  const FieldType& type = *source->output;
  if (!IsA(type, K::kDateField) && !IsA(type, K::kTimeField) && !IsA(type, K::kDurationField)) {
    Reject(Kind::WrongFieldType, call.span,
           std::string("Extract needs a DateField, DateTimeField, TimeField or DurationField"));
  }
  const bool time_unit = call.name == "hour" || call.name == "minute" || call.name == "second";
  if (type.kind == K::kDateField && time_unit) {
    Reject(Kind::WrongFieldType, call.span, "cannot extract `" + call.name + "` from a DateField");
  }
  if (IsA(type, K::kDurationField) && !time_unit && call.name != "day") {
    Reject(Kind::WrongFieldType, call.span,
           "cannot extract `" + call.name + "` from a DurationField");
  }
}

void CheckTrunc(const Expr& call) {
  const FieldType& type = OutputOf(call.args[0]);
  if (!IsA(type, K::kDateField) && !IsA(type, K::kTimeField)) {
    Reject(Kind::TypeMismatch, call.span,
           std::string("Trunc needs a DateField, TimeField or DateTimeField"));
  }
  const FieldType& output = *call.output;
  if (!IsA(output, K::kDateField) && !IsA(output, K::kTimeField)) {
    Reject(Kind::WrongFieldType, call.span,
           std::string("output_field must be a DateField, TimeField or DateTimeField"));
  }
  const std::string& unit = call.name;
  const bool time_unit = unit == "hour" || unit == "minute" || unit == "second" || unit == "time";
  if (type.kind == K::kDateField && (output.kind == K::kDateTimeField || time_unit)) {
    Reject(Kind::WrongFieldType, call.span, "cannot truncate a DateField to " + unit);
  }
  if (type.kind == K::kTimeField && (output.kind == K::kDateTimeField || !time_unit)) {
    Reject(Kind::WrongFieldType, call.span, "cannot truncate a TimeField to " + unit);
  }
}

void CheckCall(const Expr& call) {
  using catalog::FunctionShape;
  switch (call.function->shape) {
    case FunctionShape::kExtract:
      CheckExtract(call);
      return;
    case FunctionShape::kTrunc:
    case FunctionShape::kTruncDate:
    case FunctionShape::kTruncTime:
      CheckTrunc(call);
      return;
    case FunctionShape::kCall:
    case FunctionShape::kTemplate:
    case FunctionShape::kCast:
    case FunctionShape::kCollate:
    case FunctionShape::kConcat:
    case FunctionShape::kDecimalInput:
    case FunctionShape::kWindow:
    case FunctionShape::kJsonKey:
    case FunctionShape::kHstoreKey:
    case FunctionShape::kArrayIndex:
    case FunctionShape::kArraySlice:
    case FunctionShape::kArray:
    case FunctionShape::kJsonObject:
    case FunctionShape::kJsonArray:
    case FunctionShape::kTextLast:
    case FunctionShape::kTextFirst:
    case FunctionShape::kSearchConfig:
    case FunctionShape::kSearchVector:
    case FunctionShape::kCombinedVector:
    case FunctionShape::kSearchQuery:
    case FunctionShape::kCombinedQuery:
    case FunctionShape::kSearchCall:
      return;
  }
}

void CheckAggregate(const Query& query, const Expr& aggregate, bool summarize) {
  const std::string name(aggregate.aggregate->name);
  if (summarize) {
    for (const std::string& reference : References(Finish(Expr(aggregate)))) {
      const ExprPtr* annotation = query.FindAnnotation(reference);
      if (annotation != nullptr && (*annotation)->summary) {
        Reject(Kind::AggregateOfAggregate, aggregate.span, name);
      }
    }
    return;
  }
  for (const ExprPtr& argument : aggregate.args) {
    if (argument->contains_aggregate && !aggregate.summary) {
      Reject(Kind::AggregateOfAggregate, aggregate.span, name);
    }
  }
}

// An interval beside a date, or the difference of two dates, has a type of its own.
ExprPtr FinishArithmetic(Expr expr) {
  const auto type = [](const ExprPtr& side) -> std::string_view {
    return side->output ? InternalType(*side->output) : std::string_view();
  };
  const std::string_view left = type(expr.args[0]);
  const std::string_view right = type(expr.args[1]);
  const bool temporal = left == "DateField" || left == "DateTimeField" || left == "TimeField";
  if (!expr.explicit_output && expr.name == "-" && temporal && left == right) {
    expr.output = Plain(K::kDurationField);
    expr.explicit_output = true;
    expr.zone = left;  // the printer's rule for it (subtract_temporals)
  }
  return Finish(std::move(expr));
}

}  // namespace

const FieldType& OutputOf(const ExprPtr& expr) {
  if (expr->output) return *expr->output;
  Reject(expr->mixed_types ? Kind::MixedTypes : Kind::NoOutputField, expr->span);
}

ExprPtr Query::ResolveRef(const std::string& path, Span span, bool allow_joins, AliasSet* reuse,
                          bool summarize) {
  if (const ExprPtr* annotation = FindAnnotation(path)) {
    if (summarize) {
      if (!IsSelected(path)) Reject(Kind::AliasNotSelected, span, path);
      return MakeReference(path, *annotation);
    }
    return *annotation;
  }
  const std::vector<std::string> names = SplitPath(path);
  if (const ExprPtr* annotation = FindAnnotation(names[0])) {
    ExprPtr at = *annotation;
    for (size_t i = 1; i < names.size(); ++i) at = Transform(at, names[i], span);
    return at;
  }
  const AliasId initial = InitialAlias();
  AliasSet none;
  const JoinInfo info =
      SetupJoins(names, initial, Planted("f-join-reuse") ? &none : reuse, true, span);
  const Trimmed trimmed = TrimJoins(info);
  if (!allow_joins && trimmed.joins.size() > 1) Reject(Kind::JoinsNotPermitted, span);
  if (reuse != nullptr) reuse->insert(trimmed.joins.begin(), trimmed.joins.end());
  if (trimmed.targets.size() != 1) {
    if (info.end.relation && !info.end.reverse) Reject(Kind::InvalidRelation, span, path);
    return TupleOf(trimmed, span);
  }
  ExprPtr column;
  if (info.end.final_field == nullptr) {
    column = *FindAnnotation(names[0]);
  } else {
    const FieldType type = TypeOf(*trimmed.targets[0]);
    column = MakeColumn(trimmed.alias, *trimmed.targets[0], TargetType(type));
  }
  for (const std::string& name : info.transforms) column = Transform(column, name, span);
  return column;
}

ExprPtr Query::Resolve(const ExprPtr& expr, bool allow_joins, AliasSet* reuse, bool summarize) {
  const auto below = [&] {
    std::vector<ExprPtr> sources = Sources(*expr);
    for (ExprPtr& source : sources) source = Resolve(source, allow_joins, reuse, summarize);
    return WithSources(*expr, std::move(sources));
  };
  switch (expr->op) {
    case Op::kName: {
      ExprPtr resolved = ResolveRef(expr->name, expr->span, allow_joins, reuse, summarize);
      if (resolved->op != Op::kColumn) return resolved;
      Expr column = *resolved;  // diagnostics about it point to where it was written
      column.span = expr->span;
      return Finish(std::move(column));
    }
    case Op::kOuterName: {
      if (!expr->args.empty() && !Planted("outerref-level")) return expr->args[0];
      Expr outer = *expr;
      if (!expr->args.empty()) outer.name = expr->args[0]->name;
      outer.args.clear();
      outer.op = Op::kOuterColumn;
      return Finish(std::move(outer));
    }
    case Op::kOuterColumn: {
      const ExprPtr resolved = ResolveRef(expr->name, expr->span, allow_joins, reuse, summarize);
      if (resolved->contains_window) {
        Reject(Kind::DjangoNotSupported, expr->span,
               std::string("referencing an outer query's window expression is not supported"));
      }
      Expr copy = *resolved;
      copy.multi_valued = expr->name.find("__") != std::string::npos;
      return Finish(std::move(copy));
    }
    case Op::kCondition: {
      FilterOptions options;
      options.allow_joins = allow_joins;
      options.split_subquery = false;
      options.summarize = summarize;
      const Clause clause = BuildCondition(expr, reuse, options);
      Promote(clause.needed_inner);
      return clause.where ? clause.where : MakeWhere(Connector::kAnd, false, {});
    }
    case Op::kSubquery:
    case Op::kExists: {
      Expr copy = *expr;
      copy.query = expr->query->ResolvedIn(*this, allow_joins, reuse, summarize);
      return Finish(std::move(copy));
    }
    case Op::kFunction: {
      ExprPtr call = below();
      if (IsSlice(*call)) return SlicedPart(*call);
      RejectTuples(*call, call->function->name);
      CheckCall(*call);
      return call;
    }
    case Op::kArithmetic: {
      Expr copy = *expr;
      for (ExprPtr& side : copy.args) side = Resolve(side, allow_joins, reuse, summarize);
      RejectTuples(copy, "CombinedExpression");
      return FinishArithmetic(std::move(copy));
    }
    case Op::kAggregate: {
      Expr copy = *below();
      if (copy.aggregate->name == "Count" && IsTuple(*copy.args[0])) {
        if (copy.distinct) {
          Reject(Kind::BadValue, expr->span,
                 std::string("COUNT(DISTINCT) doesn't support composite primary keys"));
        }
        copy.args[0] = copy.args[0]->args[0];  // its first column tells whether there is a row
      }
      RejectTuples(copy, copy.aggregate->name);
      copy.summary = copy.summary || summarize;
      CheckAggregate(*this, copy, summarize);
      if (!copy.fallback) return Finish(std::move(copy));
      ExprPtr fallback = Resolve(copy.fallback, allow_joins, reuse, summarize);
      copy.fallback = nullptr;
      const ExprPtr aggregate = Finish(std::move(copy));
      if (!fallback->output && aggregate->output) {
        Expr typed = *fallback;
        typed.output = aggregate->output;
        typed.explicit_output = true;
        fallback = Finish(std::move(typed));
      }
      Expr coalesce =
          *MakeCall(expr->span, *catalog::FindFunction("Coalesce"), {aggregate, fallback});
      coalesce.output = aggregate->output;
      coalesce.explicit_output = aggregate->output.has_value();
      coalesce.summary = aggregate->summary;
      return Finish(std::move(coalesce));
    }
    case Op::kDirect:
    case Op::kValue:
    case Op::kStar:
    case Op::kColumn:
    case Op::kReference:
    case Op::kNothing:
      return expr;
    case Op::kCase:
    case Op::kWhen:
    case Op::kWrapper: {
      ExprPtr resolved = below();
      RejectTuples(*resolved, expr->op == Op::kWrapper ? "ExpressionWrapper"
                              : expr->op == Op::kCase  ? "Case"
                                                       : "When");
      return resolved;
    }
    case Op::kLookup: {
      if (expr->name.empty()) return below();
      const ExprPtr left = Resolve(expr->args[0], allow_joins, reuse, summarize);
      const ExprPtr right = ResolveLookupValue(expr->args[1], reuse, allow_joins, summarize);
      return BuildLookup({expr->name}, left, right, expr->span);
    }
    case Op::kWindow: {
      ExprPtr window = below();
      for (size_t i = window->partitions + 1; i < window->args.size(); ++i) {
        RejectTuples(*window->args[i], "OrderByList");
      }
      return window;
    }
    case Op::kNot:
    case Op::kOrderBy:
    case Op::kWhere:
    case Op::kDirectList:
      return below();
    case Op::kItem:
      throw InternalError("a condition outside of Q");
  }
  throw InternalError("an unknown expression");
}

std::shared_ptr<Query> Query::Relabeled() const {
  auto copy = Clone();
  std::map<AliasId, AliasId> names;
  for (TableAlias& table : copy->tables) {
    const AliasId fresh = context->next_alias++;
    names[table.id] = fresh;
    table.id = fresh;
  }
  const auto renamed = [&names](AliasId id) {
    const auto found = names.find(id);
    return found == names.end() ? id : found->second;
  };
  const Replacement relabel = [&](const ExprPtr& expr) -> ExprPtr {
    if (expr->op == Op::kColumn && names.contains(expr->alias)) {
      Expr column = *expr;
      column.alias = renamed(expr->alias);
      return Finish(std::move(column));
    }
    if (expr->query) {
      // Columns of this query that a sub-query uses.
      auto inner = expr->query->Clone();
      bool used = false;
      for (const ExprPtr& column : inner->ExternalColumns()) used |= names.contains(column->alias);
      if (!used) return nullptr;
      inner->RewriteAll([&](const ExprPtr& part) -> ExprPtr {
        if (part->op != Op::kColumn || !names.contains(part->alias)) return nullptr;
        Expr column = *part;
        column.alias = renamed(part->alias);
        return Finish(std::move(column));
      });
      Expr placed = *expr;
      placed.query = inner;
      return Finish(std::move(placed));
    }
    return nullptr;
  };
  for (TableAlias& table : copy->tables) table.parent = renamed(table.parent);
  // The first part has the tables of the whole: its columns are renamed with them.
  for (std::shared_ptr<Query>& part : copy->combined) part = part->Relabeled();
  copy->RewriteAll(relabel);
  for (AliasId& id : copy->lookup_joins) id = renamed(id);
  return copy;
}

void Query::RewriteAll(const Replacement& replace) {
  const Replacement deep = [&](const ExprPtr& expr) -> ExprPtr {
    if (ExprPtr replaced = replace(expr)) return replaced;
    if (!expr->query) return nullptr;
    auto inner = expr->query->Clone();
    inner->RewriteAll(replace);
    Expr placed = *expr;
    placed.query = inner;
    return Finish(std::move(placed));
  };
  where_root = Rewrite(where_root, deep);
  for (auto& [name, expr] : annotations) expr = Rewrite(expr, deep);
  for (ExprPtr& expr : select) expr = Rewrite(expr, deep);
  for (ExprPtr& expr : group_by) expr = Rewrite(expr, deep);
  for (ExprPtr& expr : order_by) expr = Rewrite(expr, deep);
  for (TableAlias& table : tables) {
    if (table.filtered_condition) {
      table.filtered_condition = Rewrite(table.filtered_condition, deep);
    }
  }
  for (std::shared_ptr<Query>& part : combined) {
    part = part->Clone();
    part->RewriteAll(replace);
  }
}

std::shared_ptr<Query> Query::ResolvedIn(Query& outer, bool allow_joins, AliasSet* reuse,
                                         bool summarize) const {
  // A statement's own sub-queries are counted when it is built (bind/queries.cpp).  This ends the
  // planning of chains that double: q = A.filter(Q(id__in=q) | Q(id__in=q)), and again.
  constexpr size_t kPlacedForEach = 200;
  if (++context->subqueries > context->limits.subqueries * kPlacedForEach) {
    Reject(Kind::LimitExceeded, Span{}, std::to_string(context->limits.subqueries),
           std::string("sub-queries"));
  }
  auto copy = Relabeled();
  copy->subquery = true;
  const Replacement resolve = [&](const ExprPtr& expr) -> ExprPtr {
    if (expr->op == Op::kOuterColumn || expr->op == Op::kOuterName) {
      return outer.Resolve(expr, allow_joins, reuse, summarize);
    }
    if (expr->op == Op::kFunction) {
      // What it is given has a type only now.
      std::vector<ExprPtr> sources = Sources(*expr);
      for (ExprPtr& source : sources) source = Rewrite(source, resolve);
      if (sources == Sources(*expr)) return expr;
      ExprPtr call = WithSources(*expr, std::move(sources));
      if (call->function->shape == catalog::FunctionShape::kExtract) CheckExtract(*call);
      return call;
    }
    if (!expr->query) return nullptr;
    Expr placed = *expr;
    placed.query = expr->query->ResolvedIn(outer, allow_joins, reuse, summarize);
    return Finish(std::move(placed));
  };
  copy->where_root = Rewrite(copy->where_root, resolve);
  for (auto& [name, expr] : copy->annotations) expr = Rewrite(expr, resolve);
  for (ExprPtr& expr : copy->group_by) expr = Rewrite(expr, resolve);
  for (TableAlias& table : copy->tables) {
    if (table.filtered_condition) {
      table.filtered_condition = Rewrite(table.filtered_condition, resolve);
    }
  }
  for (std::shared_ptr<Query>& part : copy->combined) {
    part = part->ResolvedIn(outer, allow_joins, reuse, summarize);
  }
  return copy;
}

void CollectColumns(const ExprPtr& expr, bool resolve_references, bool external,
                    std::vector<ExprPtr>& out) {
  if (expr->op == Op::kColumn) {
    out.push_back(expr);
    return;
  }
  if (external && expr->query) {
    for (const ExprPtr& column : expr->query->ExternalColumns()) out.push_back(column);
    return;
  }
  if (!resolve_references && expr->op == Op::kReference) return;
  for (const ExprPtr& source : Sources(*expr)) {
    CollectColumns(source, resolve_references, external, out);
  }
}

std::vector<ExprPtr> Query::ExternalColumns() const {
  std::vector<ExprPtr> columns;
  for (const auto& [name, expr] : annotations) CollectColumns(expr, true, true, columns);
  CollectColumns(where_root, true, true, columns);
  for (const TableAlias& table : tables) {
    if (table.filtered_condition) CollectColumns(table.filtered_condition, true, true, columns);
  }
  std::erase_if(columns, [this](const ExprPtr& column) { return FindTable(column->alias); });
  for (const std::shared_ptr<Query>& part : combined) {
    for (const ExprPtr& column : part->ExternalColumns()) columns.push_back(column);
  }
  return columns;
}

std::set<std::string> References(const ExprPtr& expr) {
  if (expr->op == Op::kReference) return {expr->name};
  std::set<std::string> names;
  for (const ExprPtr& source : Sources(*expr)) names.merge(References(source));
  return names;
}

}  // namespace ormc::plan
