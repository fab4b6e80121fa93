#include "compiler/plan/slices.h"

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

using K = FieldKind;

// Never printed: it becomes Substr or a part of an array once its column is known.
constexpr catalog::Function kSliced{"Sliced", catalog::FunctionShape::kTemplate, 2, 3,
                                    "",       catalog::Output::kFirst,           ""};

const Value& ConstantOf(const ExprPtr& value) { return value->operand.constant; }

}  // namespace

ExprPtr MakeSlice(Span span, const ExprPtr& source, int64_t start, std::optional<int64_t> length) {
  const auto number = [&](int64_t n) { return MakeValue(span, Constant(Value::Int(n))); };
  std::vector<ExprPtr> args = {source, number(start)};
  if (length) args.push_back(number(*length));
  return MakeCall(span, kSliced, std::move(args));
}

bool IsSlice(const Expr& expr) { return expr.op == Op::kFunction && expr.function == &kSliced; }

ExprPtr SlicedPart(const Expr& slice) {
  const ExprPtr& source = slice.args[0];
  const FieldType& type = OutputOf(source);
  // A foreign key is no text even where its target is one.
  const bool relation = source->op == Op::kColumn && source->field->relation.has_value();
  if (!relation && (IsA(type, K::kCharField) || IsA(type, K::kTextField))) {
    return MakeCall(slice.span, *catalog::FindFunction("Substr"), slice.args);
  }
  if (!relation && type.kind == K::kArrayField) {
    const int64_t start = *ConstantOf(slice.args[1]).As<int64_t>();
    std::optional<int64_t> end;
    if (slice.args.size() > 2) end = start + *ConstantOf(slice.args[2]).As<int64_t>() - 1;
    return MakeArraySlice(slice.span, source, start, end);
  }
  Reject(Kind::DjangoNotSupported, slice.span, std::string("This field does not support slicing."));
}

}  // namespace ormc::plan
