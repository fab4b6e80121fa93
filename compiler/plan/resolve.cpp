#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/checks.h"
#include "compiler/plan/query.h"
#include "compiler/plan/slices.h"

namespace ormc::plan {
namespace {

// An interval beside a date, or the difference of two dates, has a type of its own.
ExprPtr FinishArithmetic(Expr expr) {
  const auto type = [](const ExprPtr& side) -> std::string_view {
    return side->output ? InternalType(*side->output) : std::string_view();
  };
  const std::string_view left = type(expr.args[0]);
  const std::string_view right = type(expr.args[1]);
  const bool temporal = left == "DateField" || left == "DateTimeField" || left == "TimeField";
  if (!expr.explicit_output && expr.name == "-" && temporal && left == right) {
    expr.output = Plain(FieldKind::kDurationField);
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
      const ExprPtr given = std::exchange(copy.fallback, nullptr);
      const ExprPtr aggregate = Finish(std::move(copy));
      // A plain value has the aggregate's type.
      const bool plain = given->op == Op::kDirect;
      const ExprPtr fallback =
          Resolve(plain ? MakeValue(given->span, given->operand, aggregate->output) : given,
                  allow_joins, reuse, summarize);
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

}  // namespace ormc::plan
