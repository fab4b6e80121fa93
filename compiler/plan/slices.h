// F("name")[:3]: a part of a text or of an array, whose meaning is known with the column's type.
#pragma once

#include "compiler/plan/expr.h"

namespace ormc::plan {

// `start` counts from one.
ExprPtr MakeSlice(Span span, const ExprPtr& source, int64_t start, std::optional<int64_t> length);
bool IsSlice(const Expr& expr);
// Of a resolved slice what it stands for (Field.slice_expression).
ExprPtr SlicedPart(const Expr& slice);

// The elements from the one to the other, or to the last (postgres_transforms.cpp).
ExprPtr MakeArraySlice(Span span, const ExprPtr& array, int64_t start, std::optional<int64_t> end);

}  // namespace ormc::plan
