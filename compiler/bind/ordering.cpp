#include <algorithm>

#include "compiler/bind/making.h"
#include "compiler/bind/queryset_checks.h"

namespace ormc::bind {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;

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
    if (expression->expr->op == Op::kCondition) {
      Reject(Kind::UnknownAttribute, item->span, std::string("Q"), std::string("asc"));
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

}  // namespace ormc::bind
