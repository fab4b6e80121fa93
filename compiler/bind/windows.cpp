#include <algorithm>
#include <array>

#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/plan/versions.h"
#include "compiler/values/text.h"

namespace ormc::bind {
namespace {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;

// What a window function's arguments are called, and the number that it takes.
struct Parameters {
  std::string_view function;
  std::array<std::string_view, 3> names;
  size_t number;  // which argument is a number that must be positive; names.size(): none
  std::string_view complaint;
};
constexpr std::array kParameters = {
    Parameters{"FirstValue", {"expression"}, 3, ""},
    Parameters{"LastValue", {"expression"}, 3, ""},
    Parameters{"Lag",
               {"expression", "offset", "default"},
               1,
               "Lag requires a positive integer for the offset."},
    Parameters{"Lead",
               {"expression", "offset", "default"},
               1,
               "Lead requires a positive integer for the offset."},
    Parameters{
        "NthValue", {"expression", "nth"}, 1, "NthValue requires a positive integer as for nth."},
    Parameters{"Ntile", {"num_buckets"}, 0, "num_buckets must be greater than 0."},
};

constexpr std::array<std::string_view, 4> kWindowParameters = {"expression", "partition_by",
                                                               "order_by", "frame"};
constexpr std::array<std::string_view, 3> kFrameParameters = {"start", "end", "exclusion"};

bool IsNone(const Value* constant) { return constant != nullptr && constant->is_none(); }

}  // namespace

BoundPtr Binder::WindowFunction(const catalog::Function& row, Arguments arguments, Span span) {
  const std::string name(row.name);
  Expr call;
  call.op = Op::kFunction;
  call.span = span;
  call.function = &row;
  call.name = std::string(row.sql);
  if (std::optional<plan::FieldType> output = OutputField(arguments)) {
    call.output = std::move(output);
    call.explicit_output = true;
  }
  Parameters parameters{row.name, {}, 3, ""};
  for (const Parameters& known : kParameters) {
    if (known.function == row.name) parameters = known;
  }
  std::vector<BoundPtr> values = InOrder(name, parameters.names, arguments);
  for (size_t i = 0; i < values.size(); ++i) {
    const Value* constant = values[i] ? ConstantIn(values[i]) : nullptr;
    if (i == parameters.number) {
      if (!values[i]) values[i] = ConstantOf(span, Value::Int(1));
      constant = ConstantIn(values[i]);
      const auto* number = constant != nullptr ? constant->As<int64_t>() : nullptr;
      if (IsNone(constant) || (number != nullptr && *number <= 0)) {
        Reject(Kind::BadValue, span, std::string(parameters.complaint));
      }
      if (number == nullptr) {
        Reject(Kind::NotSupported, span, "`" + name + "` with a number that is not known here",
               std::string("write the number"));
      }
    } else if (parameters.names[i] == "default") {
      if (IsNone(constant)) values[i] = nullptr;
      if (!values[i]) continue;
    } else if (!values[i]) {
      Reject(Kind::MissingArgument, span, name, std::string(parameters.names[i]));
    } else if (IsNone(constant)) {
      Reject(Kind::BadValue, span, name + " requires a non-null source expression.");
    }
    call.args.push_back(ToExpression(values[i], true));
  }
  return MakeBound(span, Expression{plan::Finish(std::move(call)), {}});
}

// Window(expression, partition_by=, order_by=, frame=, output_field=)
BoundPtr Binder::WindowConstructor(const std::string& name, Arguments& arguments, Span span) {
  Expr window = NewExpr(Op::kWindow, span);
  SetOutput(window, OutputField(arguments));
  const std::vector<BoundPtr> values = InOrder(name, kWindowParameters, arguments);
  if (!values[0]) Reject(Kind::MissingArgument, span, name, std::string("an expression"));
  const auto* function = values[0]->As<Expression>();
  if (function == nullptr || !plan::IsWindowFunction(*function->expr)) {
    Reject(Kind::BadValue, values[0]->span,
           std::string("this expression isn't compatible with OVER clauses"));
  }
  window.args.push_back(function->expr);
  const auto given = [&](const BoundPtr& value) { return value && !IsNone(ConstantIn(value)); };
  // A list or a tuple stands for its items, anything else for itself.
  const auto items = [&](const BoundPtr& value) -> std::vector<BoundPtr> {
    const Value* constant = ConstantIn(value);
    const bool listed =
        value->As<Sequence>() != nullptr ||
        (constant != nullptr && (constant->list() != nullptr || constant->tuple() != nullptr));
    return listed ? KnownElements(value).value_or(std::vector<BoundPtr>{value})
                  : std::vector<BoundPtr>{value};
  };
  if (given(values[1])) {
    for (const BoundPtr& item : items(values[1])) window.args.push_back(ToExpression(item, true));
    window.partitions = window.args.size() - 1;
  }
  if (given(values[2])) {
    const auto* single = values[2]->As<Expression>();
    const Value* constant = ConstantIn(values[2]);
    const bool known =
        constant != nullptr && (constant->text() != nullptr || constant->list() != nullptr ||
                                constant->tuple() != nullptr);
    const bool bad = single == nullptr && !known && values[2]->As<Sequence>() == nullptr;
    // Django asks for a BaseExpression, and a bare F is none; neither is a Q.
    const bool bare_f = single != nullptr && single->expr->op == Op::kName;
    const bool bare_q = single != nullptr && single->expr->op == Op::kCondition;
    if (bad || bare_q || (bare_f && plan::IsBefore(plan_, catalog::Change::kWindowOrderByF))) {
      Reject(Kind::BadValue, values[2]->span,
             std::string("Window.order_by must be either a string reference to a field, an "
                         "expression, or a list or tuple of them."));
    }
    const std::vector<BoundPtr> order_by = items(values[2]);
    if (order_by.empty()) {
      plan::RequireDjango(plan_, catalog::Change::kEmptyWindowOrder, values[2]->span);
    }
    for (const BoundPtr& item : order_by) {
      Expr order;
      order.op = Op::kOrderBy;
      order.span = item->span;
      const std::optional<std::string> text = ConstantText(item);
      order.descending = text && text->starts_with("-");
      order.args = {order.descending ? plan::MakeName(item->span, text->substr(1))
                                     : ToExpression(item, true)};
      window.args.push_back(order.args[0]->op == Op::kOrderBy ? order.args[0]
                                                              : plan::Finish(std::move(order)));
    }
  }
  if (given(values[3])) {
    const auto* frame = values[3]->As<FrameValue>();
    if (frame == nullptr) {
      Reject(Kind::BadArgument, values[3]->span,
             std::string("frame takes `RowRange(...)` or `ValueRange(...)`"));
    }
    window.frame = frame->frame;
  }
  return MakeBound(span, Expression{plan::Finish(std::move(window)), {}});
}

// RowRange(start=None, end=None, exclusion=None), ValueRange(...)
BoundPtr Binder::FrameConstructor(const std::string& name, Arguments& arguments, Span span) {
  plan::WindowFrame frame;
  frame.rows = name == "RowRange";
  frame.span = span;
  const std::vector<BoundPtr> values = InOrder(name, kFrameParameters, arguments);
  const auto bound = [&](const BoundPtr& value) -> std::optional<int64_t> {
    if (!value) return std::nullopt;
    const Value* constant = ConstantIn(value);
    if (constant == nullptr) {
      Reject(Kind::NotSupported, value->span,
             std::string("a frame whose bounds are not known here"),
             std::string("write the numbers"));
    }
    if (constant->is_none()) return std::nullopt;
    const auto* number = constant->As<int64_t>();
    if (number == nullptr) {
      Reject(Kind::BadValue, value->span,
             "the argument must be an integer, zero, or None, but got '" + Str(*constant) + "'.");
    }
    return *number;
  };
  frame.start = bound(values[0]);
  frame.end = bound(values[1]);
  if (frame.start.value_or(0) > 0 || frame.end.value_or(0) < 0) {
    plan::RequireDjango(plan_, catalog::Change::kFrameBounds, span);
  }
  if (values[2] && !IsNone(ConstantIn(values[2]))) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kExclusions = {{
        {"WindowFrameExclusion.CURRENT_ROW", "CURRENT ROW"},
        {"WindowFrameExclusion.GROUP", "GROUP"},
        {"WindowFrameExclusion.TIES", "TIES"},
        {"WindowFrameExclusion.NO_OTHERS", "NO OTHERS"},
    }};
    const auto* named = values[2]->As<Named>();
    for (const auto& [member, sql] : kExclusions) {
      if (named != nullptr && named->name == member) frame.exclusion = sql;
    }
    if (frame.exclusion.empty()) {
      Reject(Kind::TypeMismatch, values[2]->span,
             name + ".exclusion must be a WindowFrameExclusion instance.");
    }
  }
  return MakeBound(span, FrameValue{frame});
}

}  // namespace ormc::bind
