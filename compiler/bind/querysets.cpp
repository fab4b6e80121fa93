#include <algorithm>
#include <cctype>
#include <set>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/syntax/parse.h"
#include "compiler/values/dict.h"

namespace ormc::bind {
namespace {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;
using plan::Query;

// The name of the expression's class in small letters, as values_list names what has no alias.
std::string ClassName(const Expr& expr) {
  switch (expr.op) {
    case Op::kName:
      return "f";
    case Op::kOuterName:
      return "outerref";
    case Op::kValue:
      return "value";
    case Op::kArithmetic:
      return "combinedexpression";
    case Op::kCase:
      return "case";
    case Op::kSubquery:
      return "subquery";
    case Op::kExists:
      return "exists";
    case Op::kWindow:
      return "window";
    case Op::kCondition:
      return "q";
    case Op::kFunction: {
      std::string name(expr.function->name);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      return name;
    }
    case Op::kAggregate:
    case Op::kColumn:
    case Op::kDirect:
    case Op::kDirectList:
    case Op::kItem:
    case Op::kLookup:
    case Op::kNot:
    case Op::kNothing:
    case Op::kOrderBy:
    case Op::kOuterColumn:
    case Op::kReference:
    case Op::kStar:
    case Op::kWhen:
    case Op::kWhere:
    case Op::kWrapper:
      break;
  }
  return "expressionwrapper";
}

void RejectAfterSlice(const QuerySet& queryset, const char* method, Span span) {
  if (queryset.query->IsSliced()) Reject(Kind::AfterSlice, span, std::string(method));
}

void RejectCombined(const QuerySet& queryset, const char* method, Span span) {
  if (queryset.query->combinator != plan::Combinator::kNone) {
    Reject(Kind::DjangoNotSupported, span,
           "calling QuerySet." + std::string(method) + "() after a combinator is not supported");
  }
}

}  // namespace

std::optional<QuerySet> Binder::AsQuerySet(const BoundPtr& value) {
  if (const auto* queryset = value->As<QuerySet>()) return *queryset;
  if (const auto* manager = value->As<ManagerRef>()) {
    return FromModel(*manager->model, manager->manager, value->span);
  }
  if (const auto* related = value->As<RelatedRows>()) return related->queryset;
  return std::nullopt;
}

QuerySet Binder::FromModel(const manifest::Model& model, const manifest::Manager* manager,
                           Span span) {
  if (!model.swapped.empty()) {
    Reject(Kind::UnknownAttribute, span, model.name, std::string("objects"));
  }
  QuerySet queryset;
  queryset.query = std::make_shared<const Query>(plan_, model);
  queryset.manager = manager;
  if (manager == nullptr || manager->kind == manifest::Manager::Kind::kPlain) return queryset;
  if (manager->kind == manifest::Manager::Kind::kOpaque) {
    Reject(Kind::OpaquePart, span, model.name + "." + manager->name, manager->opaque);
  }
  // The site's own default filter, written in our language over `self`.
  manifest::Method method;
  method.name = manager->name;
  method.parameters = {"self"};
  method.source = manager->queryset;
  const BoundPtr filtered = Inlined(method, MakeBound(span, queryset), Arguments{}, span);
  const auto* result = filtered->As<QuerySet>();
  if (result == nullptr) {
    Reject(Kind::OpaquePart, span, model.name + "." + manager->name,
           std::string("it gives no queryset"));
  }
  return *result;
}

BoundPtr Binder::QuerySetMethod(const QuerySet& queryset, const catalog::Method& method,
                                Arguments arguments, Span span) {
  using catalog::MethodId;
  switch (method.id) {
    case MethodId::kAll:
    case MethodId::kGetQueryset:
      return MakeBound(span, queryset);
    case MethodId::kIterator: {
      BoundPtr chunk = arguments.Take("chunk_size");
      if (!chunk && !arguments.positional.empty()) chunk = arguments.positional[0];
      const Value* size = chunk ? ConstantIn(chunk) : nullptr;
      const auto* number = size != nullptr ? size->As<int64_t>() : nullptr;
      if (number != nullptr && *number <= 0) {
        Reject(Kind::BadValue, span, std::string("Chunk size must be strictly positive."));
      }
      return MakeBound(span, queryset);
    }
    case MethodId::kNone: {
      QuerySet empty = queryset;
      auto query = queryset.query->Clone();
      query->SetEmpty();
      empty.query = query;
      return MakeBound(span, std::move(empty));
    }
    case MethodId::kFilter:
      return Filter(queryset, arguments, false, span);
    case MethodId::kExclude:
      return Filter(queryset, arguments, true, span);
    case MethodId::kComplexFilter: {
      if (arguments.positional.size() != 1) {
        Reject(Kind::MissingArgument, span, std::string("complex_filter"),
               std::string("a Q or a dict"));
      }
      const BoundPtr& given = arguments.positional[0];
      const auto* mapping = given->As<Mapping>();
      const Value* constant = ConstantIn(given);
      const auto* dict = constant != nullptr ? constant->As<std::shared_ptr<Dict>>() : nullptr;
      if (mapping == nullptr && dict == nullptr) {
        if (constant != nullptr) {
          Reject(Kind::TypeMismatch, span, std::string("complex_filter takes a Q or a dict"));
        }
        return Filter(queryset, arguments, false, span);
      }
      std::vector<std::pair<BoundPtr, BoundPtr>> items;
      if (mapping != nullptr) items = mapping->items;
      if (dict != nullptr) {
        for (const Dict::Entry& entry : (*dict)->entries()) {
          items.emplace_back(ConstantOf(span, entry.key), ConstantOf(span, entry.value));
        }
      }
      Arguments spread;
      spread.span = span;
      for (const auto& [key, value] : items) {
        spread.keywords.emplace_back(RequireText(key, "a condition's name"), value);
      }
      return Filter(queryset, spread, false, span);
    }
    case MethodId::kAnnotate:
      return Annotate(queryset, std::move(arguments), true, span);
    case MethodId::kAlias:
      return Annotate(queryset, std::move(arguments), false, span);
    case MethodId::kOrderBy:
      return OrderBy(queryset, arguments, span);
    case MethodId::kReverse: {
      RejectAfterSlice(queryset, "reverse", span);
      QuerySet reversed = queryset;
      auto query = queryset.query->Clone();
      query->standard_ordering = !query->standard_ordering;
      reversed.query = query;
      return MakeBound(span, std::move(reversed));
    }
    case MethodId::kDistinct:
      return Distinct(queryset, arguments, span);
    case MethodId::kValues:
      return Values(queryset, std::move(arguments), false, span);
    case MethodId::kValuesList:
      return Values(queryset, std::move(arguments), true, span);
    case MethodId::kDates:
      return Dates(queryset, std::move(arguments), false, span);
    case MethodId::kDatetimes:
      return Dates(queryset, std::move(arguments), true, span);
    case MethodId::kUnion: {
      const BoundPtr all = arguments.Take("all");
      const Value* known = all ? ConstantIn(all) : nullptr;
      const bool* flag = known != nullptr ? known->As<bool>() : nullptr;
      return Combinator(queryset, arguments, plan::Combinator::kUnion, flag != nullptr && *flag,
                        span);
    }
    case MethodId::kIntersection:
      return Combinator(queryset, arguments, plan::Combinator::kIntersection, false, span);
    case MethodId::kDifference:
      return Combinator(queryset, arguments, plan::Combinator::kDifference, false, span);
    case MethodId::kSelectRelated:
      return SelectRelated(queryset, arguments, span);
    case MethodId::kPrefetchRelated:
      // What it fetches is fetched where it is used; its names must be relations.
      for (const BoundPtr& argument : arguments.positional) {
        const std::string path = RequireText(argument, "prefetch_related");
        const manifest::Model* at = queryset.query->model;
        for (const std::string& name : plan::SplitPath(path)) {
          const manifest::Field* field = scope_.FindField(*at, name);
          const manifest::Reverse* reverse =
              field == nullptr ? scope_.FindAccessor(*at, name) : nullptr;
          if (field != nullptr && field->relation && field->relation->to != nullptr &&
              scope_.Sees(*field->relation->to)) {
            at = field->relation->to;
          } else if (reverse != nullptr) {
            at = reverse->model;
          } else {
            Reject(Kind::UnknownAttribute, argument->span, at->name, name);
          }
        }
      }
      return MakeBound(span, queryset);
    case MethodId::kOnly:
    case MethodId::kDefer:
      RejectCombined(queryset, method.name.data(), span);
      if (queryset.rows != Rows::kInstances) {
        Reject(Kind::TypeMismatch, span,
               "cannot call " + std::string(method.name) + "() after .values() or .values_list()");
      }
      // It changes when a column is fetched, not what it holds.
      for (const BoundPtr& argument : arguments.positional) {
        const std::string path = RequireText(argument, "a field's name");
        const manifest::Model& model = *queryset.query->model;
        const plan::PathEnd end =
            queryset.query->NamesToPath(plan::SplitPath(path), &model, true, true, argument->span);
        if (end.annotation) Reject(Kind::UnknownField, argument->span, path, model.name);
        if (method.id == MethodId::kOnly && !end.hops.empty() && end.hops.back().filtered) {
          Reject(Kind::BadValue, argument->span,
                 std::string("only() is not supported with FilteredRelation."));
        }
      }
      return MakeBound(span, queryset);
    case MethodId::kCount:
    case MethodId::kExists:
    case MethodId::kGet:
    case MethodId::kFirst:
    case MethodId::kLast:
    case MethodId::kLatest:
    case MethodId::kEarliest:
    case MethodId::kAggregate:
    case MethodId::kInBulk:
    case MethodId::kContains:
      break;
  }
  throw InternalError("no queryset method");
}

BoundPtr Binder::Filter(QuerySet queryset, const Arguments& arguments, bool negated, Span span) {
  RejectCombined(queryset, negated ? "exclude" : "filter", span);
  const bool any = !arguments.positional.empty() || !arguments.keywords.empty();
  if (any) RejectAfterSlice(queryset, negated ? "exclude" : "filter", span);
  const ExprPtr condition = Condition(arguments, span, negated);
  auto query = queryset.query->Clone();
  if (queryset.sticky) {
    query->AddCondition(condition, &queryset.sticky_joins);
    queryset.sticky = false;
  } else {
    query->AddCondition(condition);
  }
  queryset.query = query;
  return MakeBound(span, std::move(queryset));
}

BoundPtr Binder::Annotate(QuerySet queryset, Arguments arguments, bool select, Span span) {
  RejectCombined(queryset, select ? "annotate" : "alias", span);
  std::vector<std::pair<std::string, BoundPtr>> named;
  for (const BoundPtr& positional : arguments.positional) {
    const auto* expression = positional->As<Expression>();
    if (expression == nullptr) {
      Reject(Kind::TypeMismatch, positional->span,
             std::string("annotate takes expressions of the ORM"));
    }
    if (expression->default_alias.empty()) {
      Reject(Kind::NeedsAlias, positional->span, std::string("..."));
    }
    for (const auto& [name, value] : arguments.keywords) {
      if (name == expression->default_alias) Reject(Kind::AliasConflict, value->span, name);
    }
    named.emplace_back(expression->default_alias, positional);
  }
  for (auto& keyword : arguments.keywords) named.push_back(std::move(keyword));
  auto query = queryset.query->Clone();
  const manifest::Model& model = *query->model;
  for (const auto& [name, value] : named) {
    if (queryset.rows == Rows::kInstances) {
      // A hidden name is free, as an unknown one is; the annotation stands for itself alone.
      const bool conflict =
          scope_.FindField(model, name) != nullptr || scope_.FindReverse(model, name) != nullptr;
      if (conflict) Reject(Kind::AliasConflict, value->span, name);
    }
    if (const auto* relation = value->As<FilteredRelationValue>()) {
      plan::FilteredRelation filtered = relation->relation;
      filtered.name = name;
      query->AddFilteredRelation(std::move(filtered), value->span);
      continue;
    }
    ExprPtr expr;
    if (value->As<Expression>() == nullptr && value->As<QuerySet>() == nullptr) {
      Reject(Kind::TypeMismatch, value->span,
             std::string("annotate takes expressions of the ORM: wrap a value in `Value(...)`"));
    }
    expr = ToExpression(value, false);
    query->AddAnnotation(name, expr, select);
  }
  for (const auto& [name, value] : named) {
    const ExprPtr* annotation = query->FindAnnotation(name);
    if (annotation == nullptr || !(*annotation)->contains_aggregate) continue;
    if (queryset.rows == Rows::kInstances) {
      query->grouping = Query::Grouping::kAll;
    } else {
      query->SetGroupBy();
    }
    break;
  }
  if (select && queryset.rows != Rows::kInstances) {
    for (const auto& [name, value] : named) {
      if (!queryset.names.empty() && query->FindAnnotation(name) != nullptr) {
        queryset.names.push_back(name);
      }
    }
  }
  queryset.query = query;
  return MakeBound(span, std::move(queryset));
}

std::vector<ExprPtr> Binder::OrderingItems(const std::vector<BoundPtr>& items, Span span) {
  std::vector<ExprPtr> ordering;
  for (const BoundPtr& item : items) {
    if (auto text = ConstantText(item)) {
      Expr name = NewExpr(Op::kName, item->span);
      name.descending = text->starts_with("-");
      name.name = name.descending ? text->substr(1) : *text;
      if (name.name.empty()) Reject(Kind::BadValue, item->span, std::string("an empty name"));
      ordering.push_back(plan::Finish(std::move(name)));
      continue;
    }
    const auto* expression = item->As<Expression>();
    if (expression == nullptr) {
      Reject(Kind::BadArgument, item->span, std::string("order_by takes names and expressions"));
    }
    if (expression->expr->op == Op::kName) {
      // F("x") orders by the column: a relation's own ordering is not followed.
      Expr order = NewExpr(Op::kOrderBy, span);
      order.args = {expression->expr};
      ordering.push_back(plan::Finish(std::move(order)));
      continue;
    }
    ordering.push_back(expression->expr);
  }
  return ordering;
}

BoundPtr Binder::OrderBy(QuerySet queryset, const Arguments& arguments, Span span) {
  RejectAfterSlice(queryset, "order_by", span);
  if (!arguments.keywords.empty()) {
    Reject(Kind::UnexpectedArgument, arguments.NameSpan(arguments.keywords[0].first, span),
           std::string("order_by"), arguments.keywords[0].first);
  }
  auto query = queryset.query->Clone();
  query->ClearOrdering(true, false);
  std::vector<ExprPtr> items = OrderingItems(arguments.positional, span);
  if (query->combinator == plan::Combinator::kNone) {
    query->AddOrdering(items);
  } else {
    query->order_by = items;
    query->default_ordering = !items.empty();
  }
  queryset.query = query;
  return MakeBound(span, std::move(queryset));
}

// Meta.ordering, as names and expressions.
std::vector<ExprPtr> Binder::SiteOrdering(const manifest::Model& model) {
  if (const auto known = orderings_.find(&model); known != orderings_.end()) return known->second;
  std::vector<ExprPtr> ordering;
  for (const manifest::Ordering& item : model.ordering) {
    if (!item.opaque.empty()) {
      Reject(Kind::OpaquePart, Span{}, "the default order of " + model.name, item.opaque);
    }
    if (!item.path.empty()) {
      Expr name = NewExpr(Op::kName, Span{});
      name.descending = item.path.starts_with("-");
      name.name = name.descending ? item.path.substr(1) : item.path;
      ordering.push_back(plan::Finish(std::move(name)));
      continue;
    }
    manifest::Method method;
    method.name = "Meta.ordering";
    method.source = item.expression;
    const size_t notes = notes_.size();
    const BoundPtr value = Inlined(method, nullptr, Arguments{}, Span{});
    notes_.resize(notes);
    for (ExprPtr& part : OrderingItems({value}, Span{})) ordering.push_back(std::move(part));
  }
  orderings_[&model] = ordering;
  return ordering;
}

BoundPtr Binder::Values(QuerySet queryset, Arguments arguments, bool as_list, Span span) {
  const auto flag = [&](const char* keyword) {
    const BoundPtr given = arguments.Take(keyword);
    const Value* constant = given ? ConstantIn(given) : nullptr;
    const bool* value = constant != nullptr ? constant->As<bool>() : nullptr;
    return value != nullptr && *value;
  };
  const bool flat = as_list && flag("flat");
  const bool named = as_list && flag("named");
  if (flat && named)
    Reject(Kind::BadArgument, span, std::string("'flat' and 'named' can't be used together"));
  std::vector<std::string> fields;
  std::vector<std::pair<std::string, BoundPtr>> expressions;
  std::map<std::string, bool> names;  // of values_list: has it been given already?
  for (const BoundPtr& argument : arguments.positional) {
    if (auto text = ConstantText(argument)) names.emplace(*text, false);
  }
  size_t counter = 1;
  for (const BoundPtr& argument : arguments.positional) {
    const auto text = ConstantText(argument);
    if (text && !(as_list && names.at(*text))) {
      names[*text] = true;
      fields.push_back(*text);
      continue;
    }
    // In a list a name that is given twice is a column of its own.
    const BoundPtr value =
        text ? MakeBound(argument->span, Expression{plan::MakeName(argument->span, *text), *text})
             : argument;
    const auto* expression = value->As<Expression>();
    if (expression == nullptr) {
      Reject(Kind::BadArgument, argument->span, std::string("values takes names and expressions"));
    }
    // values_list names an expression after its class, except an aggregate, which names itself.
    const bool names_itself = !as_list || expression->expr->op == Op::kAggregate;
    if (names_itself && expression->default_alias.empty()) {
      Reject(Kind::NeedsAlias, argument->span, std::string("..."));
    }
    std::string id = expression->default_alias;
    if (as_list) {
      // Django numbers the expressions of values_list until the name is free.
      const std::string prefix = id.empty() ? ClassName(*expression->expr) : id;
      while (names.contains(id = prefix + std::to_string(counter))) ++counter;
      names[id] = true;
    }
    expressions.emplace_back(id, value);
    fields.push_back(id);
  }
  if (flat && fields.size() > 1) {
    Reject(Kind::BadArgument, span,
           std::string("'flat' is not valid when values_list is called with more than one field"));
  }
  for (auto& [name, value] : arguments.keywords) {
    if (as_list) Reject(Kind::UnexpectedArgument, span, std::string("values_list"), name);
    expressions.emplace_back(name, value);
    fields.push_back(name);
  }
  if (!expressions.empty()) {
    Arguments annotations;
    annotations.span = span;
    annotations.keywords = expressions;
    // Annotated as Django does before the values are set: with the rows of this moment.
    const BoundPtr annotated = Annotate(queryset, std::move(annotations), true, span);
    queryset = *annotated->As<QuerySet>();
  }
  auto query = queryset.query->Clone();
  query->SetValues(fields, span);
  queryset.query = query;
  queryset.related = {};
  queryset.names = fields;
  queryset.rows = !as_list ? Rows::kDicts
                  : flat   ? Rows::kFlat
                  : named  ? Rows::kNamed
                           : Rows::kTuples;
  return MakeBound(span, std::move(queryset));
}

BoundPtr Binder::Distinct(QuerySet queryset, const Arguments& arguments, Span span) {
  RejectCombined(queryset, "distinct", span);
  RejectAfterSlice(queryset, "distinct", span);
  auto query = queryset.query->Clone();
  query->distinct = true;
  query->distinct_fields.clear();
  query->distinct_span = span;
  for (const BoundPtr& argument : arguments.positional) {
    query->distinct_fields.push_back(RequireText(argument, "a field's name"));
  }
  queryset.query = query;
  return MakeBound(span, std::move(queryset));
}

namespace {

// The SELECTs of a combined query.
size_t PartsOf(const plan::Query& query) {
  size_t parts = query.combined.empty() ? 1 : 0;
  for (const std::shared_ptr<plan::Query>& part : query.combined) parts += PartsOf(*part);
  return parts;
}

}  // namespace

BoundPtr Binder::Combinator(QuerySet queryset, const Arguments& arguments,
                            plan::Combinator combinator, bool all, Span span) {
  if (combinator == plan::Combinator::kUnion && arguments.positional.empty()) {
    return MakeBound(span, queryset);
  }
  std::vector<QuerySet> parts = {queryset};
  for (const BoundPtr& argument : arguments.positional) {
    const auto* other = argument->As<QuerySet>();
    if (other == nullptr)
      Reject(Kind::BadArgument, argument->span, std::string("a combinator takes querysets"));
    parts.push_back(*other);
  }
  // Empty querysets are known before any query is sent.
  if (combinator == plan::Combinator::kUnion) {
    std::vector<QuerySet> filled;
    for (const QuerySet& part : parts) {
      if (!part.query->IsEmpty()) filled.push_back(part);
    }
    if (queryset.query->IsEmpty() && filled.empty()) return MakeBound(span, queryset);
    if (queryset.query->IsEmpty() && filled.size() == 1) return MakeBound(span, filled[0]);
    if (queryset.query->IsEmpty()) parts = filled;
  } else if (combinator == plan::Combinator::kIntersection) {
    for (const QuerySet& part : parts) {
      if (part.query->IsEmpty()) return MakeBound(span, part);
    }
  } else if (queryset.query->IsEmpty()) {
    return MakeBound(span, queryset);
  }
  size_t count = 0;
  for (const QuerySet& part : parts) count += PartsOf(*part.query);
  if (count > plan_.limits.subqueries && !Planted("combined-parts")) {
    Reject(Kind::LimitExceeded, span, std::to_string(plan_.limits.subqueries),
           std::string("parts of a combined queryset"));
  }
  auto query = parts[0].query->Clone();
  query->ClearOrdering(true, true);
  query->ClearLimits();
  query->combinator = combinator;
  query->combine_all = all;
  query->combined.clear();
  for (const QuerySet& part : parts) query->combined.push_back(part.query->Relabeled());
  query->distinct_span = span;
  QuerySet combined = parts[0];
  combined.query = query;
  return MakeBound(span, std::move(combined));
}

BoundPtr Binder::SliceQuerySet(const QuerySet& queryset, const ast::Slice& slice, Span span) {
  const auto bound = [&](const ast::Expr* expr) -> std::optional<uint64_t> {
    if (expr == nullptr) return std::nullopt;
    const BoundPtr value = Eval(*expr);
    const Value* constant = ConstantIn(value);
    if (constant == nullptr) {
      Reject(Kind::NotSupported, expr->span, std::string("a slice whose bound is not known here"),
             std::string("write the number itself: `[:10]`"));
    }
    if (constant->is_none()) return std::nullopt;
    const auto* number = constant->As<int64_t>();
    if (number == nullptr)
      Reject(Kind::TypeMismatch, expr->span, std::string("a slice's bound must be an int"));
    if (*number < 0) Reject(Kind::NegativeIndex, expr->span);
    return static_cast<uint64_t>(*number);
  };
  const std::optional<uint64_t> from = bound(slice.lower);
  const std::optional<uint64_t> to = bound(slice.upper);
  QuerySet sliced = queryset;
  auto query = queryset.query->Clone();
  query->SetLimits(from, to);
  sliced.query = query;
  if (slice.step == nullptr) return MakeBound(span, std::move(sliced));
  // With a step Django fetches, and steps over the list.
  const PythonValue rows = ToPython(Fetch(sliced, program::FetchKind::kRows, span));
  const BoundPtr step = Eval(*slice.step);
  return MakeBound(
      span, PythonValue{
                program::Make(span, program::SliceOf{rows.expr, nullptr, nullptr, ToProgram(step)}),
                rows.type,
                {}});
}

BoundPtr Binder::IndexQuerySet(const QuerySet& queryset, const BoundPtr& index, Span span) {
  const Value* constant = ConstantIn(index);
  const auto* number = constant != nullptr ? constant->As<int64_t>() : nullptr;
  if (number == nullptr) {
    // An index that is not known here: over the rows.  A queryset has no negative indexes: a list
    // that long has none either.
    const PythonValue rows = ToPython(Fetch(queryset, program::FetchKind::kRows, span));
    const auto value = [&](int64_t n) {
      return program::Make(span, program::Constant{Value::Int(n)});
    };
    const program::ExprPtr given = ToProgram(index);
    program::Comparison allowed{given, {{program::CompareOp::kGreaterEqual, value(0)}}};
    const program::ExprPtr place = program::Make(
        span,
        program::Conditional{program::Make(span, std::move(allowed)), given, value(INT64_MAX)});
    return MakeBound(span, PythonValue{program::Make(span, program::Subscript{rows.expr, place}),
                                       ElementOf(rows.type),
                                       {}});
  }
  if (*number < 0) Reject(Kind::NegativeIndex, span);
  QuerySet one = queryset;
  auto query = queryset.query->Clone();
  query->SetLimits(static_cast<uint64_t>(*number), static_cast<uint64_t>(*number) + 1);
  one.query = query;
  return Fetch(one, program::FetchKind::kEarliest, span, "IndexError");
}

BoundPtr Binder::CombineQuerySets(ast::BinaryOp op, const QuerySet& left, const QuerySet& right,
                                  Span span) {
  const plan::Connector connector = op == ast::BinaryOp::kBitAnd  ? plan::Connector::kAnd
                                    : op == ast::BinaryOp::kBitOr ? plan::Connector::kOr
                                                                  : plan::Connector::kXor;
  if (left.query->combinator != plan::Combinator::kNone ||
      right.query->combinator != plan::Combinator::kNone) {
    Reject(Kind::CannotCombine, span, std::string("one is combined already"));
  }
  if (left.rows != right.rows) Reject(Kind::CannotCombine, span, std::string("their rows differ"));
  // QuerySet._merge_sanity_check()
  const auto names = [](const QuerySet& queryset) {
    std::set<std::string> out(queryset.query->values_select.begin(),
                              queryset.query->values_select.end());
    for (const auto& [name, expr] : queryset.query->SelectedAnnotations()) out.insert(name);
    return out;
  };
  if (left.rows != Rows::kInstances && names(left) != names(right)) {
    Reject(Kind::CannotCombine, span, std::string("they have different values"));
  }
  // An empty side decides.
  if (left.query->IsEmpty()) {
    return MakeBound(span, connector == plan::Connector::kAnd ? left : right);
  }
  if (right.query->IsEmpty()) {
    return MakeBound(span, connector == plan::Connector::kAnd ? right : left);
  }
  if (left.query->model != right.query->model) {
    Reject(Kind::CannotCombine, span, std::string("they are of different models"));
  }
  // Under OR and XOR a slice becomes `pk__in` of itself.
  const auto unsliced = [&](const QuerySet& queryset) {
    if (!queryset.query->IsSliced() || connector == plan::Connector::kAnd) return queryset;
    auto keys = queryset.query->Clone();
    keys->SetValues({"pk"}, span);
    QuerySet plain = FromModel(*queryset.query->model, nullptr, span);
    QuerySet key_set = queryset;
    key_set.query = keys;
    key_set.rows = Rows::kDicts;
    Arguments arguments;
    arguments.span = span;
    arguments.keywords.emplace_back("pk__in", MakeBound(span, key_set));
    return *Filter(plain, arguments, false, span)->As<QuerySet>();
  };
  QuerySet combined = unsliced(left);
  auto query = combined.query->Clone();
  query->Combine(*unsliced(right).query, connector, span);
  combined.query = query;
  return MakeBound(span, std::move(combined));
}

BoundPtr Binder::SelectRelated(QuerySet queryset, const Arguments& arguments, Span span) {
  RejectCombined(queryset, "select_related", span);
  if (queryset.rows != Rows::kInstances) {
    Reject(Kind::TypeMismatch, span,
           std::string("cannot call select_related() after .values() or .values_list()"));
  }
  for (const BoundPtr& argument : arguments.positional) {
    const Value* none = ConstantIn(argument);
    if (none != nullptr && none->is_none()) {
      queryset.related = {};
      continue;
    }
    const std::string path = RequireText(argument, "select_related");
    std::vector<std::string> names = plan::SplitPath(path);
    const manifest::Model* at = queryset.query->model;
    const auto& filtered = queryset.query->filtered_relations;
    if (std::any_of(filtered.begin(), filtered.end(),
                    [&](const auto& relation) { return relation->name == names[0]; })) {
      // It is joined by this alone: where it has many rows, there are more of these, too.
      at = queryset.query->NamesToPath({names[0]}, at, true, true, argument->span).model;
      sql::RelatedPaths* level = &queryset.related;
      for (const std::string& name : names) level = &level->paths[name];
      names.erase(names.begin());
    }
    for (const std::string& name : names) {
      const manifest::Field* field = scope_.FindField(*at, name);
      const manifest::Reverse* reverse = field == nullptr ? scope_.FindReverse(*at, name) : nullptr;
      const bool to_one = field != nullptr && field->relation && field->relation->to != nullptr &&
                          scope_.Sees(*field->relation->to) &&
                          (field->relation->kind == manifest::RelationKind::kForeignKey ||
                           field->relation->kind == manifest::RelationKind::kOneToOne) &&
                          field->name == name;
      if (to_one) {
        at = field->relation->to;
      } else if (reverse != nullptr && reverse->kind == manifest::RelationKind::kOneToOne) {
        at = reverse->model;
      } else {
        Reject(Kind::InvalidRelation, argument->span, name);
      }
    }
    // The rows are the same with it and without: what is used is fetched.
  }
  return MakeBound(span, std::move(queryset));
}

// dates(field, kind, order), datetimes(field, kind, order, tzinfo)
BoundPtr Binder::Dates(QuerySet queryset, Arguments arguments, bool with_time, Span span) {
  RejectCombined(queryset, with_time ? "datetimes" : "dates", span);
  const char* method = with_time ? "datetimes" : "dates";
  const auto part = [&](size_t index, const char* keyword) -> std::optional<std::string> {
    if (const BoundPtr given = arguments.Take(keyword)) return RequireText(given, keyword);
    if (index < arguments.positional.size()) {
      return RequireText(arguments.positional[index], keyword);
    }
    return std::nullopt;
  };
  const std::string zone = ZoneArgument(arguments);
  const auto field = part(0, "field_name");
  const auto unit = part(1, "kind");
  const std::string order = part(2, "order").value_or("ASC");
  if (!field || !unit)
    Reject(Kind::MissingArgument, span, std::string(method), std::string("a field and a unit"));
  const std::vector<std::string> units =
      with_time
          ? std::vector<std::string>{"year", "month", "week", "day", "hour", "minute", "second"}
          : std::vector<std::string>{"year", "month", "week", "day"};
  if (std::find(units.begin(), units.end(), *unit) == units.end()) {
    Reject(Kind::BadValue, span, "there is no unit `" + *unit + "` for " + method);
  }
  if (order != "ASC" && order != "DESC") {
    Reject(Kind::BadValue, span, std::string("'order' must be either 'ASC' or 'DESC'."));
  }
  // annotate(datefield=Trunc(...), plain_field=F(...)).values_list("datefield", flat=True)
  //   .distinct().filter(plain_field__isnull=False).order_by("datefield")
  Expr trunc =
      *plan::MakeCall(span, *catalog::FindFunction("Trunc"), {plan::MakeName(span, *field)});
  trunc.name = *unit;
  trunc.zone = zone;
  trunc.output = plan::Plain(with_time ? manifest::FieldKind::kDateTimeField
                                       : manifest::FieldKind::kDateField);
  trunc.explicit_output = true;
  auto query = queryset.query->Clone();
  const char* name = with_time ? "datetimefield" : "datefield";
  query->AddAnnotation(name, plan::Finish(std::move(trunc)), true);
  query->AddAnnotation("plain_field", plan::MakeName(span, *field), true);
  query->SetValues({name}, span);
  query->distinct = true;
  query->distinct_fields.clear();
  Expr item = NewExpr(Op::kItem, span);
  item.name = "plain_field__isnull";
  item.args = {plan::MakeDirect(span, plan::Constant(Value::Bool(false)))};
  Expr condition = NewExpr(Op::kCondition, span);
  condition.args = {plan::Finish(std::move(item))};
  query->AddCondition(plan::Finish(std::move(condition)));
  query->ClearOrdering(true, false);
  Expr ordering = NewExpr(Op::kName, span);
  ordering.name = name;
  ordering.descending = order == "DESC";
  query->AddOrdering({plan::Finish(std::move(ordering))});
  queryset.query = query;
  queryset.rows = Rows::kFlat;
  queryset.names = {name};
  queryset.related = {};
  return MakeBound(span, std::move(queryset));
}

}  // namespace ormc::bind
