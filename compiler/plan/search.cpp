// Lookups of text that django.contrib.postgres registers, and those of search vectors.
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/postgres.h"

namespace ormc::plan {
namespace {

using K = FieldKind;
using catalog::FunctionShape;

bool HasShape(const Expr& expr, FunctionShape shape) {
  return expr.op == Op::kFunction && expr.function->shape == shape;
}

bool IsText(const FieldType& type) { return IsA(type, K::kCharField) || IsA(type, K::kTextField); }

bool IsNone(const ExprPtr& value) {
  return value->op == Op::kDirect && !value->operand.runtime && value->operand.constant.is_none();
}

[[noreturn]] void RefuseSide(const ExprPtr& right, std::string_view name, Span span) {
  Reject(Kind::NotSupported, span,
         "`" + std::string(name) + "` with " +
             (right->from_queryset ? "a queryset" : "a list of expressions"),
         std::string("give a text, or a `Subquery(...)` of one value"));
}

// SearchQuery(value), unless it is one.
ExprPtr AsQuery(const PlanContext& context, const ExprPtr& left, const ExprPtr& right, Span span) {
  if (IsSearchQuery(*right)) return right;
  ExprPtr text = right;
  if (right->op == Op::kDirect) {
    const bool vector = OutputOf(left).kind == K::kSearchVectorField;
    if (vector && !right->operand.runtime && right->operand.constant.text() == nullptr) {
      Reject(Kind::DatabaseRefuses, span, std::string("a search for what is no text"));
    }
    text = MakeValue(span, PreparedAs(context, left, OutputOf(left), right->operand, span));
  }
  std::vector<ExprPtr> args = {std::move(text)};
  if (const ExprPtr config = SearchConfigOf(*left)) args.insert(args.begin(), config);
  return MakeCall(span, *catalog::FindFunction("SearchQuery"), std::move(args));
}

// SearchVector(column) with the query's configuration.
ExprPtr AsVector(const ExprPtr& left, const Expr& query, Span span) {
  std::vector<ExprPtr> args = {left};
  if (const ExprPtr config = SearchConfigOf(query)) {
    if (config->args[0]->op != Op::kValue) {
      // Django gives the vector the configuration as it was written, an F() unresolved.
      Reject(Kind::NotSupported, span, std::string("`search` with a configuration of the row"),
             std::string("annotate `SearchVector(..., config=F(...))` and filter that"));
    }
    args.insert(args.begin(), config);
  }
  return MakeCall(span, *catalog::FindFunction("SearchVector"), std::move(args));
}

ExprPtr SearchTest(const PlanContext& context, const ExprPtr& left, const ExprPtr& right,
                   Span span) {
  if (right->from_queryset || right->op == Op::kDirectList) RefuseSide(right, "search", span);
  const ExprPtr query = AsQuery(context, left, right, span);
  const bool vector = OutputOf(left).kind == K::kSearchVectorField;
  return MakeLookup(*catalog::FindPostgresLookup("search"),
                    vector ? left : AsVector(left, *query, span), query, span);
}

[[noreturn]] void RefuseComputed(Span span) {
  Reject(Kind::NotSupported, span, std::string("a computed value beside `unaccent`"),
         std::string("write the text, or a list of texts"));
}

// How often the left side is unaccented, so that the right side must be, too.
size_t Unaccents(const ExprPtr& left) {
  size_t count = 0;
  for (ExprPtr at = left; at->op == Op::kFunction && at->args.size() == 1; at = at->args[0]) {
    // Cast and Collate are no transforms: Django looks no further.
    const FunctionShape shape = at->function->shape;
    if (shape == FunctionShape::kCast || shape == FunctionShape::kCollate) break;
    if (at->function->lookup_name == "unaccent") ++count;
  }
  return count;
}

}  // namespace

bool IsSearchVector(const Expr& expr) {
  return HasShape(expr, FunctionShape::kSearchVector) ||
         HasShape(expr, FunctionShape::kCombinedVector);
}

bool IsSearchQuery(const Expr& expr) {
  return HasShape(expr, FunctionShape::kSearchQuery) ||
         HasShape(expr, FunctionShape::kCombinedQuery);
}

ExprPtr SearchConfigOf(const Expr& expr) {
  if (!IsSearchVector(expr) && !IsSearchQuery(expr)) return nullptr;
  const ExprPtr& first = expr.args[0];
  return HasShape(*first, FunctionShape::kSearchConfig) ? first : SearchConfigOf(*first);
}

ExprPtr SearchLookup(const Query& query, const std::string& name, const ExprPtr& left,
                     const ExprPtr& right, Span span) {
  const PlanContext& context = *query.context;
  const FieldType& type = OutputOf(left);
  if (type.kind == K::kSearchVectorField && name == "exact" && !IsNone(right)) {
    if (right->op == Op::kDirect && right->operand.maybe_none) {
      Reject(Kind::NotSupported, span, std::string("a search for what may be None"),
             std::string("search for `text or \"\"`"));
    }
    return SearchTest(context, left, right, span);
  }
  if (!IsText(type) || !context.scope->manifest().postgres_app) return nullptr;
  const bool search = name == "search";
  if (!search && !name.starts_with("trigram_")) return nullptr;
  const catalog::Lookup& row = *catalog::FindPostgresLookup(name);
  const ExprPtr known = NeverNone(row, right, span);
  if (search) {
    if (Unaccents(left) > 0) {
      Reject(Kind::DatabaseRefuses, span, std::string("`unaccent` of a search query"));
    }
    return SearchTest(context, left, known, span);
  }
  if (known->from_queryset || known->op == Op::kDirectList) RefuseSide(known, name, span);
  if (known->op != Op::kDirect) return MakeLookup(row, left, known, span);
  return MakeLookup(
      row, left, WithOperand(known, PreparedAs(context, left, type, known->operand, span)), span);
}

ExprPtr Bilateral(const PlanContext& context, const std::string& name, const ExprPtr& left,
                  const ExprPtr& right, Span span) {
  const size_t count = Unaccents(left);
  if (count == 0 || name == "isnull" || name == "search" || IsNone(right)) return right;
  if (right->from_queryset) {
    Reject(Kind::DjangoNotImplemented, span,
           std::string("Bilateral transformations on nested querysets are not implemented."));
  }
  const catalog::Function& unaccent = *catalog::FindTransform("unaccent");
  const FieldType& type = OutputOf(left);
  const auto transformed = [&](const ExprPtr& side) {
    ExprPtr out = side->op == Op::kDirect ? MakeValue(span, side->operand, type) : side;
    for (size_t i = 0; i < count; ++i) out = MakeCall(span, unaccent, {out});
    return out;
  };
  if (name != "in" && name != "range") {
    if (right->op == Op::kDirectList || right->operand.maybe_none) RefuseComputed(span);
    return transformed(right);
  }
  ExprPtr items = right;
  if (right->op == Op::kDirect && !right->operand.runtime) {
    Expr list;
    list.op = Op::kDirectList;
    list.span = span;
    const ExprPtr known = ListElements(context, left, right, name == "in", span);
    for (const Value& item : known->operand.constant.list()->items) {
      list.args.push_back(MakeDirect(span, Constant(item)));
    }
    items = Finish(std::move(list));
  }
  if (items->op != Op::kDirectList) RefuseComputed(span);
  Expr list = *items;
  for (ExprPtr& item : list.args) {
    // Django makes a Value() of each, of an expression, too.
    if (item->op != Op::kDirect || item->operand.runtime) RefuseComputed(span);
    item = transformed(item);
  }
  return Finish(std::move(list));
}

}  // namespace ormc::plan
