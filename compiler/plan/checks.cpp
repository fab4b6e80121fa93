#include "compiler/plan/checks.h"

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

using K = FieldKind;

void CheckTrunc(const Expr& call) {
  const FieldType& type = OutputOf(call.args[0]);
  if (!IsA(type, K::kDateField) && !IsA(type, K::kTimeField)) {
    Reject(Kind::TypeMismatch, call.span,
           std::string("Trunc needs a DateField, TimeField or DateTimeField"));
  }
  const FieldType& output = *call.output;
  if (!IsA(output, K::kDateField) && !IsA(output, K::kTimeField)) {
    Reject(Kind::WrongFieldType, call.span,
           std::string("output_field must be a DateField, TimeField or DateTimeField"));
  }
  const std::string& unit = call.name;
  const bool time_unit = unit == "hour" || unit == "minute" || unit == "second" || unit == "time";
  if (type.kind == K::kDateField && (output.kind == K::kDateTimeField || time_unit)) {
    Reject(Kind::WrongFieldType, call.span, "cannot truncate a DateField to " + unit);
  }
  if (type.kind == K::kTimeField && (output.kind == K::kDateTimeField || !time_unit)) {
    Reject(Kind::WrongFieldType, call.span, "cannot truncate a TimeField to " + unit);
  }
}

}  // namespace

void CheckExtract(const Expr& call) {
  const ExprPtr& source = call.args[0];
  if (!source->output) return;
  const FieldType& type = *source->output;
  if (!IsA(type, K::kDateField) && !IsA(type, K::kTimeField) && !IsA(type, K::kDurationField)) {
    Reject(Kind::WrongFieldType, call.span,
           std::string("Extract needs a DateField, DateTimeField, TimeField or DurationField"));
  }
  const bool time_unit = call.name == "hour" || call.name == "minute" || call.name == "second";
  if (type.kind == K::kDateField && time_unit) {
    Reject(Kind::WrongFieldType, call.span, "cannot extract `" + call.name + "` from a DateField");
  }
  if (IsA(type, K::kDurationField) && !time_unit && call.name != "day") {
    Reject(Kind::WrongFieldType, call.span,
           "cannot extract `" + call.name + "` from a DurationField");
  }
}

void CheckCall(const Expr& call) {
  using catalog::FunctionShape;
  switch (call.function->shape) {
    case FunctionShape::kExtract:
      CheckExtract(call);
      return;
    case FunctionShape::kTrunc:
    case FunctionShape::kTruncDate:
    case FunctionShape::kTruncTime:
      CheckTrunc(call);
      return;
    case FunctionShape::kCall:
    case FunctionShape::kTemplate:
    case FunctionShape::kCast:
    case FunctionShape::kCollate:
    case FunctionShape::kConcat:
    case FunctionShape::kDecimalInput:
    case FunctionShape::kWindow:
    case FunctionShape::kJsonKey:
    case FunctionShape::kHstoreKey:
    case FunctionShape::kArrayIndex:
    case FunctionShape::kArraySlice:
    case FunctionShape::kArray:
    case FunctionShape::kJsonObject:
    case FunctionShape::kJsonArray:
    case FunctionShape::kTextLast:
    case FunctionShape::kTextFirst:
    case FunctionShape::kSearchConfig:
    case FunctionShape::kSearchVector:
    case FunctionShape::kCombinedVector:
    case FunctionShape::kSearchQuery:
    case FunctionShape::kCombinedQuery:
    case FunctionShape::kSearchCall:
      return;
  }
}

void CheckAggregate(const Query& query, const Expr& aggregate, bool summarize) {
  const std::string name(aggregate.aggregate->name);
  if (summarize) {
    for (const std::string& reference : References(Finish(Expr(aggregate)))) {
      const ExprPtr* annotation = query.FindAnnotation(reference);
      if (annotation != nullptr && (*annotation)->summary) {
        Reject(Kind::AggregateOfAggregate, aggregate.span, name);
      }
    }
    return;
  }
  for (const ExprPtr& argument : aggregate.args) {
    if (argument->contains_aggregate && !aggregate.summary) {
      Reject(Kind::AggregateOfAggregate, aggregate.span, name);
    }
  }
}

}  // namespace ormc::plan
