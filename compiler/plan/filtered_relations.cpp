#include <algorithm>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"
#include "compiler/plan/versions.h"

namespace ormc::plan {
namespace {

bool IsNameOf(const Expr& expr) { return expr.op == Op::kName || expr.op == Op::kOuterName; }

// Every path that a condition names, on either side.
void CollectPaths(const Expr& expr, std::vector<std::string>& paths) {
  if (IsNameOf(expr) || expr.op == Op::kItem) paths.push_back(expr.name);
  for (const ExprPtr& source : Sources(expr)) CollectPaths(*source, paths);
}

// Beyond lookups of constants.
bool HasExpression(const Expr& expr) {
  switch (expr.op) {
    case Op::kCondition:
    case Op::kItem:
    case Op::kNot:
      for (const ExprPtr& source : Sources(expr)) {
        if (HasExpression(*source)) return true;
      }
      return false;
    case Op::kDirect:
    case Op::kDirectList:
    case Op::kValue:
      return false;
    case Op::kAggregate:
    case Op::kArithmetic:
    case Op::kCase:
    case Op::kColumn:
    case Op::kExists:
    case Op::kFunction:
    case Op::kLookup:
    case Op::kName:
    case Op::kNothing:
    case Op::kOrderBy:
    case Op::kOuterColumn:
    case Op::kOuterName:
    case Op::kReference:
    case Op::kStar:
    case Op::kSubquery:
    case Op::kWhen:
    case Op::kWhere:
    case Op::kWindow:
    case Op::kWrapper:
      return true;
  }
  return true;
}

// Its condition speaks of the relation: `book__title` becomes `name__title`.
class Renaming {
 public:
  explicit Renaming(const FilteredRelation& relation)
      : prefix_(relation.path + "__"), replacement_(relation.name + "__") {}

  ExprPtr operator()(const ExprPtr& expr, bool within_expression = false) const {
    if (expr->from_queryset) {
      Reject(Kind::BadValue, expr->span,
             std::string("Passing a QuerySet within a FilteredRelation is not supported."));
    }
    const bool named =
        (IsNameOf(*expr) || expr->op == Op::kItem) && expr->name.starts_with(prefix_);
    if (named && expr->op == Op::kItem && within_expression) {
      // Django loses the relation's condition over this, and fails with an AttributeError.
      Reject(Kind::NotSupported, expr->span,
             std::string("a condition on the relation within an expression of its own"),
             std::string("write it as the condition itself: `condition=Q(...)`"));
    }
    Expr renamed = *expr;
    if (named) renamed.name.replace(0, prefix_.size(), replacement_);
    // A bare F opposite of a lookup is left to join the relation once more, unfiltered.
    const bool bare = expr->op == Op::kItem && IsNameOf(*expr->args[0]);
    std::vector<ExprPtr> sources = Sources(*expr);
    for (ExprPtr& source : sources) {
      if (!bare) source = (*this)(source, within_expression || expr->op != Op::kCondition);
    }
    return WithSources(renamed, std::move(sources));
  }

 private:
  std::string prefix_;
  std::string replacement_;
};

}  // namespace

void Query::AddFilteredRelation(FilteredRelation relation, Span span) {
  // It becomes the name of a table, which Django does not quote.
  if (relation.name.find_first_of(".$") != std::string::npos) {
    Reject(Kind::BadAlias, span, relation.name);
  }
  CheckAlias(relation.name, span);
  if (relation.path.empty()) {
    Reject(Kind::BadValue, span, std::string("relation_name cannot be empty."));
  }
  const LookupType solved = SolveLookupType(relation.path, false, span);
  if (!solved.lookups.empty()) {
    Reject(Kind::BadValue, span, "FilteredRelation's relation_name cannot contain lookups");
  }
  std::vector<std::string> paths;
  CollectPaths(*relation.condition, paths);
  for (const std::string& path : paths) {
    const LookupType named = SolveLookupType(path, false, span);
    // The last of the names is the field, where no lookup follows it.
    const size_t shift = named.lookups.empty() ? 2 : 1;
    const size_t relations = named.parts.size() - std::min(shift, named.parts.size());
    const size_t compared = std::min(relations, solved.parts.size());
    if (!std::equal(named.parts.begin(),
                    named.parts.begin() + static_cast<std::ptrdiff_t>(compared),
                    solved.parts.begin())) {
      Reject(Kind::BadValue, span,
             "FilteredRelation's condition doesn't support relations outside the '" +
                 relation.path + "' (got '" + path + "').");
    }
    if (named.parts.size() > solved.parts.size() + 1) {
      Reject(Kind::BadValue, span,
             "FilteredRelation's condition doesn't support nested relations deeper than the "
             "relation_name (got '" +
                 path + "' for '" + relation.path + "').");
    }
  }
  if (HasExpression(*relation.condition)) {
    RequireDjango(*context, catalog::Change::kFilteredByExpression, span);
  }
  relation.condition = Renaming(relation)(relation.condition);
  filtered_relations.push_back(std::make_shared<const FilteredRelation>(std::move(relation)));
}

}  // namespace ormc::plan
