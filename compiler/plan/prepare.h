// The right side of a lookup, prepared as the left side's field does it (Field.get_prep_value).
#pragma once

#include <vector>

#include "compiler/plan/query.h"

namespace ormc::plan {

program::PrepareStep Step(program::Prepare what);

// A column that holds a relation: its values are keys of other rows.
bool IsRelationColumn(const ExprPtr& expr);

// What is done to a value that `left` is compared with; a related object stands for its key.
std::vector<program::PrepareStep> StepsForSide(const ExprPtr& left);

// What PostgreSQL is told that a parameter is.
program::ParameterType ParameterTypeFor(const FieldType& type);

// A constant is prepared now, where nothing else depends on its being None; what is known at run
// time only carries its steps along.
Operand Prepared(const PlanContext& context, const ExprPtr& left, Operand operand,
                 std::vector<program::PrepareStep> steps, Span span);
// As Field.get_prep_value prepares it for `type`.
Operand PreparedAs(const PlanContext& context, const ExprPtr& left, const FieldType& type,
                   Operand operand, Span span);

// The elements of `right`, each prepared once; `drop_none`: as `__in` has them, a set without None.
ExprPtr ListElements(const PlanContext& context, const ExprPtr& left, const ExprPtr& right,
                     bool drop_none, Span span);

ExprPtr WithOperand(const ExprPtr& direct, Operand operand);

}  // namespace ormc::plan
