#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/containers.h"
#include "compiler/values/dict.h"
#include "compiler/values/text.h"

namespace ormc::bind {
namespace {

program::BinaryOp ProgramOp(ast::BinaryOp op, Span span) {
  switch (op) {
    case ast::BinaryOp::kAdd:
      return program::BinaryOp::kAdd;
    case ast::BinaryOp::kSubtract:
      return program::BinaryOp::kSubtract;
    case ast::BinaryOp::kMultiply:
      return program::BinaryOp::kMultiply;
    case ast::BinaryOp::kDivide:
      return program::BinaryOp::kDivide;
    case ast::BinaryOp::kFloorDivide:
      return program::BinaryOp::kFloorDivide;
    case ast::BinaryOp::kModulo:
      return program::BinaryOp::kModulo;
    case ast::BinaryOp::kPower:
      return program::BinaryOp::kPower;
    case ast::BinaryOp::kBitOr:
      return program::BinaryOp::kBitOr;
    case ast::BinaryOp::kBitXor:
      return program::BinaryOp::kBitXor;
    case ast::BinaryOp::kBitAnd:
      return program::BinaryOp::kBitAnd;
    case ast::BinaryOp::kShiftLeft:
      return program::BinaryOp::kShiftLeft;
    case ast::BinaryOp::kShiftRight:
      return program::BinaryOp::kShiftRight;
    case ast::BinaryOp::kMatMultiply:
      Reject(Kind::ExpressionRefused, span, std::string("matrix multiplication"), std::string());
  }
  throw InternalError("an unknown operator");
}

// Django's connector for arithmetic of expressions, or "" where there is none.
std::string Connector(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::kAdd:
      return "+";
    case ast::BinaryOp::kSubtract:
      return "-";
    case ast::BinaryOp::kMultiply:
      return "*";
    case ast::BinaryOp::kDivide:
      return "/";
    case ast::BinaryOp::kModulo:
      return "%";
    case ast::BinaryOp::kPower:
      return "^";
    case ast::BinaryOp::kFloorDivide:
    case ast::BinaryOp::kMatMultiply:
    case ast::BinaryOp::kBitOr:
    case ast::BinaryOp::kBitXor:
    case ast::BinaryOp::kBitAnd:
    case ast::BinaryOp::kShiftLeft:
    case ast::BinaryOp::kShiftRight:
      return "";
  }
  return "";
}

bool IsLogical(ast::BinaryOp op) {
  return op == ast::BinaryOp::kBitAnd || op == ast::BinaryOp::kBitOr ||
         op == ast::BinaryOp::kBitXor;
}

plan::Connector LogicalConnector(ast::BinaryOp op) {
  if (op == ast::BinaryOp::kBitAnd) return plan::Connector::kAnd;
  if (op == ast::BinaryOp::kBitOr) return plan::Connector::kOr;
  return plan::Connector::kXor;
}

// The type of `left op right`, where Python's rules give one.
Type ArithmeticType(ast::BinaryOp op, const Type& left, const Type& right) {
  using K = TypeKind;
  const auto number = [](const Type& t) {
    return t.kind == K::kInt || t.kind == K::kBool || t.kind == K::kFloat || t.kind == K::kDecimal;
  };
  if (number(left) && number(right)) {
    if (left.kind == K::kDecimal || right.kind == K::kDecimal) return MakeType(K::kDecimal);
    if (left.kind == K::kFloat || right.kind == K::kFloat || op == ast::BinaryOp::kDivide) {
      return MakeType(K::kFloat);
    }
    return op == ast::BinaryOp::kPower ? Type() : MakeType(K::kInt);
  }
  if (op == ast::BinaryOp::kModulo && left.kind == K::kStr) return MakeType(K::kStr);
  if (op == ast::BinaryOp::kAdd && left.kind == right.kind &&
      (left.kind == K::kStr || left.kind == K::kList || left.kind == K::kTimeDelta)) {
    return Union(left, right);
  }
  const bool left_date = left.kind == K::kDate || left.kind == K::kDateTime;
  const bool right_date = right.kind == K::kDate || right.kind == K::kDateTime;
  if (left_date && right.kind == K::kTimeDelta) return MakeType(left.kind);
  if (right_date && left.kind == K::kTimeDelta) return MakeType(right.kind);
  if (left_date && right_date && op == ast::BinaryOp::kSubtract) return MakeType(K::kTimeDelta);
  if (left.kind == K::kTimeDelta && right.kind == K::kTimeDelta) {
    return op == ast::BinaryOp::kDivide ? MakeType(K::kFloat) : MakeType(K::kTimeDelta);
  }
  if (left.kind == K::kTimeDelta || right.kind == K::kTimeDelta) return MakeType(K::kTimeDelta);
  return Type();
}

program::CompareOp ProgramCompare(ast::CompareOp op) {
  return static_cast<program::CompareOp>(static_cast<uint8_t>(op));
}

}  // namespace

BoundPtr Binder::Eval(const ast::Expr& expr) {
  const Span span = expr.span;
  const auto refuse = [&](const char* what, const char* hint) -> BoundPtr {
    Reject(Kind::ExpressionRefused, span, std::string(what), std::string(hint));
  };
  return std::visit(
      Overloaded{
          [&](const ast::NoneLiteral&) { return ConstantOf(span, Value::None()); },
          [&](const ast::BoolLiteral& node) { return ConstantOf(span, Value::Bool(node.value)); },
          [&](const ast::IntLiteral& node) {
            return ConstantOf(span, Value::IntFromDigits(node.digits));
          },
          [&](const ast::FloatLiteral& node) { return ConstantOf(span, Value::Float(node.value)); },
          [&](const ast::StrLiteral& node) { return ConstantOf(span, Value::Str(node.value)); },
          [&](const ast::BytesLiteral& node) {
            return ConstantOf(
                span, Value(Value::Storage(std::make_shared<const Bytes>(Bytes{node.value}))));
          },
          [&](const ast::EllipsisLiteral&) { return refuse("`...`", "write a value"); },
          [&](const ast::FString& node) { return EvalFString(node, span); },
          [&](const ast::Name& node) { return EvalName(node.id, span); },
          [&](const ast::Attribute& node) { return EvalAttribute(node, span); },
          [&](const ast::Subscript& node) { return EvalSubscript(node, span); },
          [&](const ast::Slice&) { return refuse("a slice here", "slice a list or a queryset"); },
          [&](const ast::Call& node) { return EvalCall(node, span); },
          [&](const ast::Unary& node) { return EvalUnary(node, span); },
          [&](const ast::Binary& node) { return EvalBinary(node, span); },
          [&](const ast::BoolChain& node) { return EvalBoolChain(node, span); },
          [&](const ast::Comparison& node) { return EvalComparison(node, span); },
          [&](const ast::Conditional& node) { return EvalConditional(node, span); },
          [&](const ast::Display& node) { return EvalDisplay(node, span); },
          [&](const ast::Dict& node) { return EvalDict(node, span); },
          [&](const ast::Starred&) { return refuse("`*` here", "write the values"); },
          [&](const ast::Comprehension& node) { return EvalComprehension(node, span); },
          [&](const ast::Lambda& node) { return MakeBound(span, LambdaValue{&node}); },
          [&](const ast::Walrus&) { return refuse("`:=`", "assign it on a line of its own"); },
          [&](const ast::Await&) { return refuse("`await`", "write the call without `await`"); },
          [&](const ast::Yield&) { return refuse("`yield`", "write a comprehension"); },
      },
      expr.node);
}

BoundPtr Binder::EvalUnary(const ast::Unary& node, Span span) {
  const BoundPtr operand = Eval(*node.operand);
  if (const auto* expression = operand->As<Expression>()) {
    if (node.op == ast::UnaryOp::kInvert) {
      if (BoundPtr inverted = InvertSearch(operand, span)) return inverted;
      if (expression->expr->op == plan::Op::kCondition) {
        plan::Expr negated = *expression->expr;
        negated.span = span;
        negated.negated = !negated.negated;
        return MakeBound(span, Expression{plan::Finish(std::move(negated)), {}});
      }
      if (expression->expr->op == plan::Op::kNot) {
        return MakeBound(span, Expression{expression->expr->args[0], {}});
      }
      plan::Expr negated;
      negated.op = plan::Op::kNot;
      negated.span = span;
      negated.args = {expression->expr};
      return MakeBound(span, Expression{plan::Finish(std::move(negated)), {}});
    }
    if (node.op == ast::UnaryOp::kNegate) {
      // -F("x") is F("x") * -1
      return Combine(ast::BinaryOp::kMultiply, operand, ConstantOf(span, Value::Int(-1)), span);
    }
    Reject(Kind::TypeMismatch, span, std::string("this operator does not work on an expression"));
  }
  if (node.op == ast::UnaryOp::kNot) {
    program::ExprPtr expr =
        program::Make(span, program::Unary{program::UnaryOp::kNot, ToCondition(operand)});
    return Computed(span, std::move(expr), MakeType(TypeKind::kBool),
                    ConstantIn(operand) != nullptr);
  }
  const PythonValue value = ToPython(operand);
  Type type = value.type;
  if (type.kind == TypeKind::kBool) type = MakeType(TypeKind::kInt);
  type.nullable = false;
  program::UnaryOp op = program::UnaryOp::kInvert;
  if (node.op == ast::UnaryOp::kNegate) op = program::UnaryOp::kNegate;
  if (node.op == ast::UnaryOp::kPlus) op = program::UnaryOp::kPlus;
  return Computed(span, program::Make(span, program::Unary{op, value.expr}), std::move(type),
                  ConstantIn(operand) != nullptr);
}

BoundPtr Binder::EvalBinary(const ast::Binary& node, Span span) {
  // A long chain leans to the left: walk it without recursion.
  std::vector<std::pair<const ast::Binary*, Span>> chain = {{&node, span}};
  while (const auto* left = std::get_if<ast::Binary>(&chain.back().first->left->node)) {
    chain.emplace_back(left, chain.back().first->left->span);
  }
  BoundPtr value = Eval(*chain.back().first->left);
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    value = Combine(link->first->op, value, Eval(*link->first->right), link->second);
  }
  return value;
}

BoundPtr Binder::Combine(ast::BinaryOp op, const BoundPtr& left, const BoundPtr& right, Span span) {
  const auto* left_set = left->As<QuerySet>();
  const auto* right_set = right->As<QuerySet>();
  if (left_set != nullptr && right_set != nullptr) {
    if (!IsLogical(op)) {
      Reject(Kind::TypeMismatch, span, std::string("this operator does not work on querysets"));
    }
    return CombineQuerySets(op, *left_set, *right_set, span);
  }
  const auto* left_expr = left->As<Expression>();
  const auto* right_expr = right->As<Expression>();
  if (left_expr != nullptr || right_expr != nullptr) {
    if (BoundPtr search = CombineSearch(op, left, right, span)) return search;
    if (IsLogical(op)) {
      const auto conditional = [](const Expression* e) {
        return e != nullptr && (plan::IsConditional(*e->expr) || e->expr->op == plan::Op::kName);
      };
      if (!conditional(left_expr) || !conditional(right_expr)) {
        Reject(Kind::TypeMismatch, span,
               std::string("`&`, `|` and `^` join conditions (Q, Exists); for bits use "
                           "`.bitand()` and kin"));
      }
      // Q._combine: an empty side gives way to the other.
      const auto empty = [](const Expression* e) {
        return e->expr->op == plan::Op::kCondition && e->expr->args.empty();
      };
      if (empty(left_expr)) return right;
      if (empty(right_expr)) return left;
      plan::Expr both;
      both.op = plan::Op::kCondition;
      both.span = span;
      both.connector = LogicalConnector(op);
      for (const Expression* side : {left_expr, right_expr}) {
        // tree.Node.add(): a child with the same connector is taken apart.
        const plan::Expr& expr = *side->expr;
        if (expr.op == plan::Op::kCondition && !expr.negated &&
            (expr.connector == both.connector || expr.args.size() == 1)) {
          both.args.insert(both.args.end(), expr.args.begin(), expr.args.end());
        } else {
          both.args.push_back(side->expr);
        }
      }
      return MakeBound(span, Expression{plan::Finish(std::move(both)), {}});
    }
    const std::string connector = Connector(op);
    if (connector.empty()) {
      Reject(Kind::TypeMismatch, span, std::string("this operator does not work on an expression"));
    }
    for (const Expression* side : {left_expr, right_expr}) {
      if (side != nullptr && side->expr->op == plan::Op::kCondition) {
        Reject(Kind::TypeMismatch, span, std::string("this operator does not work on Q"));
      }
    }
    plan::Expr arithmetic;
    arithmetic.op = plan::Op::kArithmetic;
    arithmetic.span = span;
    arithmetic.name = connector;
    arithmetic.args = {ToExpression(left, false), ToExpression(right, false)};
    return MakeBound(span, Expression{plan::Finish(std::move(arithmetic)), {}});
  }
  if (op == ast::BinaryOp::kAdd) {
    if (BoundPtr joined = Joined(left, right, span)) return joined;
  }
  const PythonValue a = ToPython(left);
  const PythonValue b = ToPython(right);
  if (op != ast::BinaryOp::kModulo || a.type.queryset) {
    RejectLate(a.type, span);
    RejectLate(b.type, span);
  }
  if (op == ast::BinaryOp::kModulo && !b.constant &&
      (a.type.kind == TypeKind::kStr || a.type.kind == TypeKind::kUnknown)) {
    NeedTexts(b.type, span);
  }
  Type type = ArithmeticType(op, a.type, b.type);
  program::ExprPtr expr = program::Make(span, program::Binary{ProgramOp(op, span), a.expr, b.expr});
  return Computed(span, std::move(expr), std::move(type),
                  ConstantIn(left) != nullptr && ConstantIn(right) != nullptr);
}

BoundPtr Binder::EvalComparison(const ast::Comparison& node, Span span) {
  std::vector<BoundPtr> operands = {Eval(*node.first)};
  for (const auto& [op, operand] : node.rest) operands.push_back(Eval(*operand));
  bool constant = true;
  for (const BoundPtr& operand : operands) {
    if (operand->As<Expression>() != nullptr) {
      Reject(Kind::TypeMismatch, span,
             std::string("an expression of the ORM cannot be compared here: write the condition "
                         "as a lookup, `filter(field__gt=value)`"));
    }
    constant = constant && ConstantIn(operand) != nullptr;
  }
  program::Comparison comparison;
  comparison.first = ToProgram(operands[0]);
  for (size_t i = 0; i < node.rest.size(); ++i) {
    RejectLateCompared(node.rest[i].first, operands[i], operands[i + 1], span);
    comparison.rest.emplace_back(ProgramCompare(node.rest[i].first), ToProgram(operands[i + 1]));
  }
  return Computed(span, program::Make(span, std::move(comparison)), MakeType(TypeKind::kBool),
                  constant);
}

BoundPtr Binder::EvalBoolChain(const ast::BoolChain& node, Span span) {
  std::vector<BoundPtr> operands;
  bool constant = true;
  for (const ast::Expr* operand : node.operands) {
    operands.push_back(Eval(*operand));
    if (operands.back()->As<Expression>() != nullptr) {
      Reject(Kind::TypeMismatch, operand->span,
             std::string("`and` and `or` do not join conditions: write `Q(...) & Q(...)`"));
    }
    constant = constant && ConstantIn(operands.back()) != nullptr;
  }
  program::BoolChain chain{node.op == ast::BoolOp::kAnd, {}};
  std::optional<Type> type;
  bool nullable = true;
  for (const BoundPtr& operand : operands) {
    const PythonValue value = ToPython(operand);
    chain.operands.push_back(value.expr);
    type = type ? Union(*type, value.type) : value.type;
    nullable = value.type.nullable;
  }
  if (node.op == ast::BoolOp::kOr) type->nullable = nullable;
  return Computed(span, program::Make(span, std::move(chain)), *std::move(type), constant);
}

BoundPtr Binder::EvalConditional(const ast::Conditional& node, Span span) {
  const BoundPtr test = Eval(*node.test);
  // The other branch is never asked for.
  if (const std::optional<bool> known = KnownTruth(test)) {
    return Eval(*known ? *node.body : *node.otherwise);
  }
  const PythonValue then = ToPython(Eval(*node.body));
  const PythonValue otherwise = ToPython(Eval(*node.otherwise));
  program::ExprPtr expr =
      program::Make(span, program::Conditional{ToCondition(test), then.expr, otherwise.expr});
  return MakeBound(span, PythonValue{std::move(expr), Union(then.type, otherwise.type), {}});
}

}  // namespace ormc::bind
