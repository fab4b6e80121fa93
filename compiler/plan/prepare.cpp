#include "compiler/plan/prepare.h"

#include <unordered_set>

#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/eval/prepare.h"
#include "compiler/plan/postgres.h"
#include "compiler/values/dict.h"
#include "compiler/values/error.h"

namespace ormc::plan {

using K = FieldKind;
using program::Prepare;
using program::PrepareStep;

namespace {

// What the right side of a comparison with `type` is prepared as (Field.get_prep_value).
std::vector<PrepareStep> StepsFor(const FieldType& type) {
  const auto one = [](Prepare what) { return std::vector<PrepareStep>{Step(what)}; };
  if (IsA(type, K::kIntegerField)) return one(Prepare::kInteger);
  if (IsA(type, K::kDateTimeField)) return one(Prepare::kDateTime);
  if (IsA(type, K::kDateField)) return one(Prepare::kDate);
  if (IsA(type, K::kCharField) || IsA(type, K::kTextField) || IsA(type, K::kFileField) ||
      type.kind == K::kFilePathField) {
    return one(Prepare::kText);
  }
  if (IsA(type, K::kBooleanField)) return one(Prepare::kBoolean);
  if (type.kind == K::kFloatField) return one(Prepare::kFloat);
  if (type.kind == K::kDecimalField) {
    PrepareStep step = Step(Prepare::kDecimal);
    step.max_digits = type.max_digits.value_or(0);
    step.decimal_places = type.decimal_places.value_or(0);
    return {step};
  }
  if (type.kind == K::kTimeField) return one(Prepare::kTime);
  if (type.kind == K::kDurationField) return one(Prepare::kDuration);
  if (type.kind == K::kUUIDField) return one(Prepare::kUuid);
  if (type.kind == K::kGenericIPAddressField) return one(Prepare::kAddress);
  if (type.kind == K::kBinaryField) return one(Prepare::kBinary);
  if (type.kind == K::kJSONField) return one(Prepare::kJson);
  if (type.kind == K::kHStoreField) return one(Prepare::kHstore);
  if (RangeBound(type)) return one(Prepare::kRange);
  if (type.kind == K::kArrayField && type.base) {
    std::vector<PrepareStep> steps = one(Prepare::kItems);
    for (PrepareStep& step : StepsFor(*type.base)) steps.push_back(std::move(step));
    return steps;
  }
  return {};
}

Kind KindOfFailure(const std::string& django_name) {
  if (django_name == "ValidationError") return Kind::InvalidDate;
  if (django_name == "TypeError") return Kind::TypeMismatch;
  return Kind::BadValue;
}

std::string FieldNameOf(const ExprPtr& left) {
  if (left->op != Op::kColumn || left->field == nullptr) return "None";
  return left->field->name;
}

// The elements of a constant list, tuple or set; nothing where it is none of them.
std::optional<std::vector<Value>> Elements(const Value& value) {
  if (const List* list = value.list()) return list->items;
  if (const Tuple* tuple = value.tuple()) return tuple->items;
  if (const auto* set = value.As<std::shared_ptr<Set>>()) return (*set)->items();
  if (const auto* dict = value.As<std::shared_ptr<Dict>>()) {
    std::vector<Value> keys;
    for (const Dict::Entry& entry : (*dict)->entries()) keys.push_back(entry.key);
    return keys;
  }
  if (const std::string* text = value.text()) {
    std::vector<Value> characters;
    for (size_t i = 0; i < text->size();) {
      size_t next = i + 1;
      while (next < text->size() && (static_cast<unsigned char>((*text)[next]) & 0xC0U) == 0x80U) {
        ++next;
      }
      characters.push_back(Value::Str(text->substr(i, next - i)));
      i = next;
    }
    return characters;
  }
  return std::nullopt;
}

}  // namespace

PrepareStep Step(Prepare what) {
  PrepareStep step;
  step.what = what;
  return step;
}

bool IsRelationColumn(const ExprPtr& expr) {
  return expr->op == Op::kColumn && expr->output && IsA(*expr->output, K::kForeignObject);
}

std::vector<PrepareStep> StepsForSide(const ExprPtr& left) {
  if (!left->output) return {};
  if (!IsRelationColumn(left)) return StepsFor(*left->output);
  const FieldType target = left->output->base ? *left->output->base : TargetType(*left->output);
  std::vector<PrepareStep> steps = {Step(Prepare::kPrimaryKey)};
  steps[0].attribute = target.field != nullptr ? target.field->attname : "pk";
  for (PrepareStep& step : StepsFor(TargetType(target))) steps.push_back(std::move(step));
  return steps;
}

Operand Prepared(const PlanContext& context, const ExprPtr& left, Operand operand,
                 std::vector<PrepareStep> steps, Span span) {
  if (operand.runtime) {
    for (PrepareStep& step : steps) {
      step.field = FieldNameOf(left);
      operand.steps.push_back(std::move(step));
    }
    return operand;
  }
  for (PrepareStep& step : steps) step.field = FieldNameOf(left);
  operand.steps = std::move(steps);
  // Whether it is None matters after this, and JSON has a null of its own: its text is made last.
  const bool json = !operand.steps.empty() && operand.steps[0].what == Prepare::kJson;
  return json ? operand : Settled(context, std::move(operand), span);
}

program::ParameterType ParameterTypeFor(const FieldType& type) {
  return type.kind == K::kJSONField ? program::ParameterType::kJsonb
                                    : program::ParameterType::kByValue;
}

ExprPtr ListElements(const PlanContext& context, const ExprPtr& left, const ExprPtr& right,
                     bool drop_none, Span span) {
  std::vector<PrepareStep> steps = StepsForSide(left);
  if (right->operand.runtime) {
    Operand operand = right->operand;
    operand.steps.push_back(Step(Prepare::kListOf));
    for (PrepareStep& step : steps) operand.steps.push_back(std::move(step));
    return WithOperand(right, std::move(operand));
  }
  auto items = Elements(right->operand.constant);
  if (!items) {
    Reject(Kind::TypeMismatch, span,
           "`" + std::string(TypeName(right->operand.constant)) + "` is not iterable");
  }
  if (items->size() > context.limits.in_list && !Planted("in-list")) {
    Reject(Kind::LimitExceeded, span, std::to_string(context.limits.in_list),
           std::string("values in a list"));
  }
  std::vector<Value> prepared;
  std::unordered_set<std::string> known;
  for (const Value& item : *items) {
    if (item.is_none() && drop_none && !Planted("in-none-kept")) continue;
    Operand operand = Prepared(context, left, Constant(item), steps, span);
    operand = Settled(context, std::move(operand), span);
    const bool is_new = known.insert(IdentityOf(operand.constant)).second;
    if (is_new || !drop_none) prepared.push_back(std::move(operand.constant));
  }
  Operand list = Constant(Value::ListOf(std::move(prepared)));
  if (left->output) list.type = ParameterTypeFor(*left->output);
  return WithOperand(right, std::move(list));
}

ExprPtr WithOperand(const ExprPtr& direct, Operand operand) {
  Expr copy = *direct;
  copy.operand = std::move(operand);
  return Finish(std::move(copy));
}

Operand Settled(const PlanContext& context, Operand operand, Span span) {
  if (operand.runtime) return operand;
  try {
    operand.constant = eval::PrepareAll(operand.steps, operand.constant, *context.eval, "");
  } catch (const PythonError& error) {
    Reject(KindOfFailure(error.django_name), span, error.message);
  }
  operand.steps.clear();
  return operand;
}

Operand PreparedAs(const PlanContext& context, const ExprPtr& left, const FieldType& type,
                   Operand operand, Span span) {
  operand = Prepared(context, left, std::move(operand), StepsFor(type), span);
  operand.type = ParameterTypeFor(type);
  return operand;
}

Operand PreparedFor(const PlanContext& context, const FieldType& type, Operand operand, Span span) {
  if (!operand.runtime && operand.constant.is_none() && type.kind != K::kJSONField) return operand;
  const ExprPtr left = MakeValue(span, operand, type);
  operand = Prepared(context, left, std::move(operand), StepsFor(TargetType(type)), span);
  operand.type = ParameterTypeFor(type);
  return operand;
}

}  // namespace ormc::plan
