#include "compiler/plan/infer.h"

#include "compiler/base/check.h"
#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

using K = FieldKind;

std::optional<FieldType> TypeOfValue(const Value& value) {
  return std::visit(
      Overloaded{
          [](const NoneValue&) { return std::optional<FieldType>(); },
          [](bool) { return std::optional(Plain(K::kBooleanField)); },
          [](int64_t) { return std::optional(Plain(K::kIntegerField)); },
          [](const std::shared_ptr<const BigInt>&) {
            return std::optional(Plain(K::kIntegerField));
          },
          [](double) { return std::optional(Plain(K::kFloatField)); },
          [](const std::shared_ptr<const Decimal>&) {
            return std::optional(Plain(K::kDecimalField));
          },
          [](const std::shared_ptr<const std::string>&) {
            return std::optional(Plain(K::kCharField));
          },
          [](const std::shared_ptr<const Bytes>&) { return std::optional(Plain(K::kBinaryField)); },
          [](const Date&) { return std::optional(Plain(K::kDateField)); },
          [](const Time&) { return std::optional(Plain(K::kTimeField)); },
          [](const DateTime&) { return std::optional(Plain(K::kDateTimeField)); },
          [](const TimeDelta&) { return std::optional(Plain(K::kDurationField)); },
          [](const Uuid&) { return std::optional(Plain(K::kUUIDField)); },
          [](const TimeZonePtr&) { return std::optional<FieldType>(); },
          [](const std::shared_ptr<List>&) { return std::optional<FieldType>(); },
          [](const std::shared_ptr<Tuple>&) { return std::optional<FieldType>(); },
          [](const std::shared_ptr<Set>&) { return std::optional<FieldType>(); },
          [](const std::shared_ptr<Dict>&) { return std::optional<FieldType>(); },
          [](const std::shared_ptr<const RangeValue>&) { return std::optional<FieldType>(); },
          [](const std::shared_ptr<const Instance>&) { return std::optional<FieldType>(); },
      },
      value.storage());
}

// The first source's type, if those of the others are its class or a base of it.
void InferFromSources(Expr& expr, const std::vector<ExprPtr>& sources) {
  const FieldType* first = nullptr;
  for (const ExprPtr& source : sources) {
    if (source->mixed_types) {
      expr.mixed_types = true;
      return;
    }
    if (!source->output) continue;
    if (first == nullptr) {
      first = &*source->output;
    } else if (!IsA(*first, source->output->kind)) {
      expr.mixed_types = true;
      return;
    }
  }
  if (first != nullptr) expr.output = *first;
}

void InferNumeric(Expr& expr) {
  bool integer = false;
  for (const ExprPtr& source : expr.args) {
    if (!source->output) continue;
    if (IsA(*source->output, K::kDecimalField)) {
      expr.output = Plain(K::kDecimalField);
      return;
    }
    integer = integer || IsA(*source->output, K::kIntegerField);
  }
  if (integer || expr.args.empty()) {
    expr.output = Plain(K::kFloatField);
  } else {
    InferFromSources(expr, expr.args);
  }
}

void InferByRule(Expr& expr, catalog::Output rule) {
  using catalog::Output;
  switch (rule) {
    case Output::kSources:
    case Output::kGivenOrSources:
      InferFromSources(expr, expr.args);
      return;
    case Output::kFirst:
      InferFromSources(expr, {expr.args[0]});
      return;
    case Output::kGiven:
      return;
    case Output::kNumeric:
      InferNumeric(expr);
      return;
    case Output::kFloat:
      expr.output = Plain(K::kFloatField);
      return;
    case Output::kInteger:
      expr.output = Plain(K::kIntegerField);
      return;
    case Output::kChar:
      expr.output = Plain(K::kCharField);
      return;
    case Output::kBoolean:
      expr.output = Plain(K::kBooleanField);
      return;
    case Output::kDate:
      expr.output = Plain(K::kDateField);
      return;
    case Output::kTime:
      expr.output = Plain(K::kTimeField);
      return;
    case Output::kDateTime:
      expr.output = Plain(K::kDateTimeField);
      return;
    case Output::kText:
      expr.output = Plain(K::kTextField);
      return;
    case Output::kJson:
      expr.output = Plain(K::kJSONField);
      return;
    case Output::kUuid:
      expr.output = Plain(K::kUUIDField);
      return;
    case Output::kArrayOf:
      if (expr.args[0]->output) expr.output = ArrayOf(*expr.args[0]->output);
      return;
    case Output::kElement:
      if (expr.args[0]->output && expr.args[0]->output->base) {
        expr.output = *expr.args[0]->output->base;
      }
      return;
    case Output::kRangeBound:
      if (expr.args[0]->output) expr.output = RangeBound(*expr.args[0]->output);
      return;
    case Output::kTextArray:
      expr.output = ArrayOf(Plain(K::kTextField));
      return;
    case Output::kSearchVector:
      expr.output = Plain(K::kSearchVectorField);
      return;
    case Output::kSearchQuery:
      expr.output = Plain(K::kSearchQueryField);
      return;
  }
}

void InferArithmetic(Expr& expr) {
  const FieldType* left = expr.args[0]->output ? &*expr.args[0]->output : nullptr;
  const FieldType* right = expr.args[1]->output ? &*expr.args[1]->output : nullptr;
  if (expr.args[0]->mixed_types || expr.args[1]->mixed_types) {
    expr.mixed_types = true;
    return;
  }
  const auto kind = CombinedKind(expr.name[0], left, right);
  if (kind) {
    expr.output = Plain(*kind);
  } else {
    expr.mixed_types = true;
  }
}

}  // namespace

void InferOutput(Expr& expr) {
  expr.mixed_types = false;
  if (expr.explicit_output) return;
  switch (expr.op) {
    case Op::kColumn:
    case Op::kName:
    case Op::kOuterName:
    case Op::kOuterColumn:
    case Op::kItem:
    case Op::kDirect:
    case Op::kDirectList:
    case Op::kStar:
    case Op::kNothing:
      return;
    case Op::kValue:
      if (!expr.output && !expr.operand.runtime) expr.output = TypeOfValue(expr.operand.constant);
      return;
    case Op::kReference:
    case Op::kOrderBy:
    case Op::kWrapper:
    case Op::kWindow:
      expr.output = expr.args[0]->output;
      expr.mixed_types = expr.args[0]->mixed_types;
      return;
    case Op::kWhen:
      expr.output = expr.args[1]->output;
      expr.mixed_types = expr.args[1]->mixed_types;
      return;
    case Op::kCase:
      expr.output.reset();
      InferFromSources(expr, expr.args);
      return;
    case Op::kFunction:
      expr.output.reset();
      InferByRule(expr, expr.function->output);
      return;
    case Op::kAggregate:
      expr.output.reset();
      InferByRule(expr, expr.aggregate->output);
      return;
    case Op::kArithmetic:
      expr.output.reset();
      InferArithmetic(expr);
      return;
    case Op::kSubquery: {
      expr.output.reset();
      const Query& query = *expr.query;
      const auto annotations = query.SelectedAnnotations();
      if (query.select.size() == 1) {
        const Expr& only = *query.select[0];
        expr.output = only.field != nullptr ? std::optional(TypeOf(*only.field)) : only.output;
      } else if (query.select.empty() && annotations.size() == 1) {
        expr.output = annotations[0].second->output;
      }
      if (expr.name == "ARRAY" && expr.output) expr.output = ArrayOf(*expr.output);
      return;
    }
    case Op::kExists:
    case Op::kNot:
    case Op::kLookup:
    case Op::kCondition:
    case Op::kWhere:
      expr.output = Plain(K::kBooleanField);
      return;
  }
}

}  // namespace ormc::plan
