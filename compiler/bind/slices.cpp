#include <cmath>

#include "compiler/bind/binder.h"
#include "compiler/bind/queryset_checks.h"

namespace ormc::bind {
namespace {

// int(value) of a slice's bound, as Django takes it.
std::optional<int64_t> WholeNumber(const Value& value) {
  if (const auto* number = value.As<int64_t>()) return *number;
  if (const bool* flag = value.As<bool>()) return *flag ? 1 : 0;
  if (const double* number = value.As<double>(); number != nullptr && std::abs(*number) < 1e15) {
    return static_cast<int64_t>(*number);
  }
  return std::nullopt;
}

plan::Operand Prepared(plan::Operand operand, program::Prepare what) {
  if (operand.runtime) {
    program::PrepareStep step;
    step.what = what;
    operand.steps.push_back(std::move(step));
  }
  operand.type = program::ParameterType::kInt8;
  return operand;
}

std::optional<uint64_t> Number(const std::optional<plan::Operand>& bound) {
  if (!bound) return std::nullopt;
  return static_cast<uint64_t>(*bound->constant.As<int64_t>());
}

}  // namespace

BoundPtr Binder::SliceQuerySet(const QuerySet& queryset, const ast::Slice& slice, Span span) {
  bool computed = false;
  const auto bound = [&](const ast::Expr* expr) -> std::optional<plan::Operand> {
    if (expr == nullptr) return std::nullopt;
    plan::Operand operand = ToOperand(Eval(*expr));
    computed = computed || operand.runtime;
    if (!operand.runtime) {
      if (operand.constant.is_none()) return std::nullopt;
      const std::optional<int64_t> number = WholeNumber(operand.constant);
      if (!number) {
        Reject(Kind::TypeMismatch, expr->span, std::string("a slice's bound must be an int"));
      }
      if (*number < 0) Reject(Kind::NegativeIndex, expr->span);
      operand.constant = Value::Int(*number);
    }
    return Prepared(std::move(operand), program::Prepare::kSliceBound);
  };
  const std::optional<plan::Operand> from = bound(slice.lower);
  const std::optional<plan::Operand> to = bound(slice.upper);
  QuerySet sliced = queryset;
  sliced.batch = nullptr;
  if (queryset.batch && !computed && queryset.batch->low == 0 && !queryset.batch->high) {
    auto batch = std::make_shared<Batch>(*queryset.batch);
    batch->low = Number(from).value_or(0);
    batch->high = Number(to);
    batch->fixed = true;
    sliced.batch = std::move(batch);
  }
  auto query = queryset.query->Clone();
  if (computed) {
    query->SetComputedLimits({from, to, false}, span);
  } else {
    query->SetLimits(Number(from), Number(to));
  }
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
  plan::Operand operand = ToOperand(index);
  QuerySet one = queryset;
  one.batch = nullptr;
  auto query = queryset.query->Clone();
  if (operand.runtime) {
    query->SetComputedLimits(
        {Prepared(std::move(operand), program::Prepare::kSliceIndex), std::nullopt, true}, span);
  } else {
    const auto* number = operand.constant.As<int64_t>();
    if (number == nullptr) {
      Reject(Kind::TypeMismatch, span, std::string("QuerySet indices must be integers or slices"));
    }
    if (*number < 0) Reject(Kind::NegativeIndex, span);
    if (queryset.batch) {
      const PythonValue rows = ToPython(FetchRelated(queryset, span));
      return MakeBound(
          span, PythonValue{program::Make(span, program::Subscript{rows.expr, ToProgram(index)}),
                            ElementOf(rows.type),
                            {}});
    }
    query->SetLimits(static_cast<uint64_t>(*number), static_cast<uint64_t>(*number) + 1);
  }
  one.query = query;
  return Fetch(one, program::FetchKind::kEarliest, span, "IndexError");
}

}  // namespace ormc::bind
