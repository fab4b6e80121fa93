#include "compiler/plan/expr.h"

#include "compiler/base/check.h"
#include "compiler/base/limits.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/infer.h"
#include "compiler/plan/query.h"
#include "compiler/values/text.h"

namespace ormc::plan {

namespace {

// An Expr is large, so those that are made here are made in their place.
ExprPtr Finished(std::shared_ptr<Expr> made) {
  Expr& expr = *made;
  expr.contains_aggregate = expr.op == Op::kAggregate;
  expr.contains_window = expr.op == Op::kWindow;
  expr.contains_subquery = expr.op == Op::kSubquery || expr.op == Op::kExists;
  expr.nodes = 1;
  const auto note = [&](const Expr& source) {
    expr.nodes += source.nodes;
    expr.contains_aggregate |= source.contains_aggregate && expr.op != Op::kWindow;
    expr.contains_window |= source.contains_window;
    expr.contains_subquery |= source.contains_subquery;
  };
  for (const ExprPtr& arg : expr.args) note(*arg);
  if (expr.filter) note(*expr.filter);
  // No more than snippets without repetition come near to.
  constexpr size_t kMost = 4 * Limits{}.ast_nodes;
  if (expr.nodes > kMost && !Planted("expression-nodes")) {
    Reject(Kind::LimitExceeded, expr.span, std::to_string(kMost),
           std::string("nodes of one expression"));
  }
  InferOutput(expr);
  return made;
}

std::shared_ptr<Expr> New(Op op, Span span) {
  auto expr = std::make_shared<Expr>();
  expr->op = op;
  expr->span = span;
  return expr;
}

}  // namespace

ExprPtr Finish(Expr&& expr) { return Finished(std::make_shared<Expr>(std::move(expr))); }

ExprPtr MakeName(Span span, std::string path) {
  auto expr = New(Op::kName, span);
  expr->name = std::move(path);
  return Finished(std::move(expr));
}

ExprPtr MakeValue(Span span, Operand operand, std::optional<FieldType> output) {
  auto expr = New(Op::kValue, span);
  expr->operand = std::move(operand);
  expr->explicit_output = output.has_value();
  expr->output = std::move(output);
  return Finished(std::move(expr));
}

ExprPtr MakeDirect(Span span, Operand operand) {
  auto expr = New(Op::kDirect, span);
  expr->operand = std::move(operand);
  return Finished(std::move(expr));
}

ExprPtr MakeColumn(AliasId alias, const manifest::Field& target, const FieldType& output) {
  auto expr = New(Op::kColumn, Span{});
  expr->alias = alias;
  expr->field = &target;
  expr->output = output;
  return Finished(std::move(expr));
}

ExprPtr MakeReference(std::string name, ExprPtr source) {
  auto expr = New(Op::kReference, source->span);
  expr->name = std::move(name);
  expr->args.push_back(std::move(source));
  return Finished(std::move(expr));
}

ExprPtr MakeWhere(Connector connector, bool negated, std::vector<ExprPtr> children) {
  auto expr = New(Op::kWhere, Span{});
  expr->connector = connector;
  expr->negated = negated;
  expr->args = std::move(children);
  return Finished(std::move(expr));
}

ExprPtr MakeCall(Span span, const catalog::Function& function, std::vector<ExprPtr> args) {
  auto expr = New(Op::kFunction, span);
  expr->function = &function;
  expr->name = std::string(function.sql);
  expr->args = std::move(args);
  return Finished(std::move(expr));
}

ExprPtr MakeLookup(const catalog::Lookup& row, ExprPtr left, ExprPtr right, Span span) {
  auto test = New(Op::kLookup, span);
  test->lookup = &row;
  test->args.reserve(2);
  test->args.push_back(std::move(left));
  test->args.push_back(std::move(right));
  return Finished(std::move(test));
}

std::vector<ExprPtr> Sources(const Expr& expr) {
  std::vector<ExprPtr> sources = expr.args;
  if (expr.filter) sources.push_back(expr.filter);
  return sources;
}

ExprPtr WithSources(const Expr& expr, std::vector<ExprPtr> sources) {
  auto copy = std::make_shared<Expr>(expr);
  if (expr.filter) {
    copy->filter = sources.back();
    sources.pop_back();
  }
  copy->args = std::move(sources);
  return Finished(std::move(copy));
}

ExprPtr Rewrite(const ExprPtr& expr, const Replacement& replace) {
  if (ExprPtr replaced = replace(expr)) return replaced;
  std::vector<ExprPtr> sources = Sources(*expr);
  bool changed = false;
  for (ExprPtr& source : sources) {
    ExprPtr after = Rewrite(source, replace);
    changed = changed || after != source;
    source = std::move(after);
  }
  return changed ? WithSources(*expr, std::move(sources)) : expr;
}

bool IdenticalConstants(const Value& a, const Value& b) {
  if (a.storage().index() != b.storage().index()) return false;
  if (const auto* integer = a.As<int64_t>()) return *integer == *b.As<int64_t>();
  if (const std::string* text = a.text()) return *text == *b.text();
  return Repr(a) == Repr(b);
}

std::string IdentityOf(const Value& value) {
  return static_cast<char>(value.storage().index()) + Repr(value);
}

bool SameOperand(const Operand& a, const Operand& b) {
  if (a.runtime || b.runtime) return a.runtime == b.runtime;
  return IdenticalConstants(a.constant, b.constant);
}

bool Same(const ExprPtr& a, const ExprPtr& b) { return a == b || (a && b && Same(*a, *b)); }

bool Same(const Expr& a, const Expr& b) {
  if (a.op != b.op || a.name != b.name || a.zone != b.zone || a.function != b.function ||
      a.aggregate != b.aggregate || a.lookup != b.lookup || a.query != b.query ||
      a.alias != b.alias || a.field != b.field || a.connector != b.connector ||
      a.negated != b.negated || a.distinct != b.distinct || a.sample != b.sample ||
      a.descending != b.descending || a.nulls_first != b.nulls_first ||
      a.nulls_last != b.nulls_last || a.partitions != b.partitions || a.frame != b.frame ||
      a.args.size() != b.args.size() || !Same(a.filter, b.filter) ||
      !SameOperand(a.operand, b.operand)) {
    return false;
  }
  if ((a.explicit_output || b.explicit_output) && a.output != b.output) return false;
  for (size_t i = 0; i < a.args.size(); ++i) {
    if (!Same(a.args[i], b.args[i])) return false;
  }
  return true;
}

bool operator==(const WindowFrame& a, const WindowFrame& b) {
  return a.rows == b.rows && a.start == b.start && a.end == b.end && a.exclusion == b.exclusion;
}

bool IsWindowFunction(const Expr& expr) {
  return expr.op == Op::kAggregate ||
         (expr.op == Op::kFunction && expr.function->shape == catalog::FunctionShape::kWindow);
}

bool IsConditional(const Expr& expr) {
  switch (expr.op) {
    case Op::kCondition:
    case Op::kWhere:
    case Op::kLookup:
    case Op::kExists:
    case Op::kNot:
    case Op::kNothing:
      return true;
    case Op::kItem:
      return true;
    case Op::kName:
    case Op::kOuterName:
    case Op::kOuterColumn:
    case Op::kDirect:
    case Op::kDirectList:
    case Op::kStar:
    case Op::kOrderBy:
    case Op::kWhen:
      return false;
    case Op::kValue:
    case Op::kFunction:
    case Op::kArithmetic:
    case Op::kAggregate:
    case Op::kCase:
    case Op::kSubquery:
    case Op::kWrapper:
    case Op::kWindow:
    case Op::kColumn:
    case Op::kReference:
      return expr.output && IsA(*expr.output, FieldKind::kBooleanField);
  }
  return false;
}

}  // namespace ormc::plan
