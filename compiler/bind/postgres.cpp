// What django.contrib.postgres and JSONField bring to write: keys of JSON, aggregates with an order.
#include "compiler/bind/binder.h"
#include "compiler/plan/versions.h"

namespace ormc::bind {
namespace {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;

ExprPtr Key(const ExprPtr& source, std::string key, const char* function, Span span) {
  Expr call = *plan::MakeCall(span, *catalog::FindFunction(function), {source});
  call.name = std::move(key);
  return plan::Finish(std::move(call));
}

ExprPtr InOrder(ExprPtr source, bool descending) {
  if (source->op == Op::kOrderBy) return source;
  Expr order;
  order.op = Op::kOrderBy;
  order.span = source->span;
  order.descending = descending;
  order.args = {std::move(source)};
  return plan::Finish(std::move(order));
}

}  // namespace

// KT("data__a__b"): the text at a path.
BoundPtr Binder::KeyText(const std::string& name, Arguments& arguments, Span span) {
  if (arguments.positional.size() != 1 || !arguments.keywords.empty()) {
    Reject(Kind::MissingArgument, span, name, std::string("one path"));
  }
  const std::vector<std::string> names =
      plan::SplitPath(RequireText(arguments.positional[0], "KT"));
  if (names.size() == 1) {
    Reject(Kind::BadValue, span, std::string("Lookup must contain key or index transforms."));
  }
  ExprPtr at = plan::MakeName(span, names[0]);
  for (size_t i = 1; i < names.size(); ++i) at = Key(at, names[i], "KeyTextTransform", span);
  return MakeBound(span, Expression{at, {}});
}

// KeyTransform("a", "data") and JSONObject(name=expression): their arguments are no expressions only.
BoundPtr Binder::JsonFunction(const catalog::Function& row, const Arguments& arguments, Span span) {
  if (row.shape == catalog::FunctionShape::kJsonKey) {
    const Value* key = arguments.positional.size() == 2 && arguments.keywords.empty()
                           ? ConstantIn(arguments.positional[0])
                           : nullptr;
    const bool index = key != nullptr && key->As<int64_t>() != nullptr;
    if (key == nullptr || (key->text() == nullptr && !index)) {
      Reject(Kind::MissingArgument, span, std::string(row.name),
             std::string("a constant key and an expression"));
    }
    return MakeBound(span,
                     Expression{Key(ToExpression(arguments.positional[1], true),
                                    index ? std::to_string(*key->As<int64_t>()) : *key->text(),
                                    row.name.data(), span),
                                {}});
  }
  if (!arguments.positional.empty()) {
    Reject(Kind::BadArgument, span, std::string("JSONObject takes keyword arguments only"));
  }
  std::vector<ExprPtr> parts;
  for (const auto& [name, value] : arguments.keywords) {
    parts.push_back(plan::MakeValue(span, plan::Constant(Value::Str(name))));
    parts.push_back(ToExpression(value, true));
  }
  return MakeBound(span, Expression{plan::MakeCall(span, row, std::move(parts)), {}});
}

// `order_by=` (or `ordering=`, as it was called): one expression or several.
std::vector<ExprPtr> Binder::AggregateOrder(Arguments& arguments) {
  BoundPtr given = arguments.Take("order_by");
  if (given) plan::RequireDjango(plan_, catalog::Change::kAggregateOrderBy, given->span);
  if (const BoundPtr older = arguments.Take("ordering")) {
    if (given) {
      Reject(Kind::BadArgument, older->span,
             std::string("cannot specify both order_by and ordering"));
    }
    given = older;
  }
  if (!given) return {};
  const auto known = given->As<Expression>() == nullptr && !ConstantText(given)
                         ? KnownElements(given)
                         : std::optional<std::vector<BoundPtr>>({given});
  if (!known) Reject(Kind::BadArgument, given->span, std::string("write the order as names"));
  std::vector<ExprPtr> order;
  for (const BoundPtr& item : *known) {
    const std::optional<std::string> text = ConstantText(item);
    const bool descending = text && text->starts_with("-");
    order.push_back(
        InOrder(descending ? plan::MakeName(item->span, text->substr(1)) : ToExpression(item, true),
                descending));
  }
  return order;
}

}  // namespace ormc::bind
