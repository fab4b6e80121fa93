#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/identity.h"
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

BoundPtr Binder::ConstantOf(Span span, Value value) const {
  Type type = TypeOfValue(value);
  program::ExprPtr expr = HoldsContainers(value) ? program::Make(span, program::Fresh{value})
                                                 : program::Make(span, program::Constant{value});
  return MakeBound(span, PythonValue{std::move(expr), std::move(type), std::move(value)});
}

BoundPtr Binder::Computed(Span span, program::ExprPtr expr, Type type, bool constant_parts) {
  if (constant_parts) {
    try {
      eval::Environment environment;
      return ConstantOf(span, eval::Evaluate(*expr, environment, options_.eval));
    } catch (const PythonError&) {
      // The same error is raised when the program runs, where Python would raise it.
    } catch (const LimitError&) {
    }
  }
  return MakeBound(span, PythonValue{std::move(expr), std::move(type), std::nullopt});
}

const Value* Binder::ConstantIn(const BoundPtr& value) const {
  if (const auto* python = value->As<PythonValue>()) {
    return python->constant ? &*python->constant : nullptr;
  }
  if (const auto* member = value->As<ChoicesMember>()) return &member->member->value;
  return nullptr;
}

std::optional<std::string> Binder::ConstantText(const BoundPtr& value) const {
  const Value* constant = ConstantIn(value);
  const std::string* text = constant != nullptr ? constant->text() : nullptr;
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::string Binder::RequireText(const BoundPtr& value, const char* what) {
  if (auto text = ConstantText(value)) return *text;
  Reject(Kind::BadArgument, value->span, std::string(what) + " must be a text that is known here");
}

PythonValue Binder::ToPython(const BoundPtr& value) {
  if (const auto* python = value->As<PythonValue>()) return *python;
  if (const auto* queryset = value->As<QuerySet>()) {
    return *Fetch(*queryset, program::FetchKind::kRows, value->span)->As<PythonValue>();
  }
  return PythonValue{ToProgram(value), TypeOf(value), std::nullopt};
}

Type Binder::TypeOf(const BoundPtr& value) {
  if (const auto* python = value->As<PythonValue>()) return python->type;
  if (const auto* member = value->As<ChoicesMember>()) return TypeOfValue(member->member->value);
  if (const auto* sequence = value->As<Sequence>()) {
    if (sequence->kind == ast::DisplayKind::kTuple) {
      Type type = MakeType(TypeKind::kTuple);
      for (const BoundPtr& item : sequence->items) type.items.push_back(TypeOf(item));
      return type;
    }
    Type type =
        MakeType(sequence->kind == ast::DisplayKind::kSet ? TypeKind::kSet : TypeKind::kList);
    std::optional<Type> element;
    for (const BoundPtr& item : sequence->items) {
      element = element ? Union(*element, TypeOf(item)) : TypeOf(item);
    }
    if (element) type.element = std::make_shared<const Type>(*element);
    return type;
  }
  if (const auto* mapping = value->As<Mapping>()) {
    Type type = MakeType(TypeKind::kDict);
    std::optional<Type> element;
    std::optional<Type> key;
    for (const auto& [name, item] : mapping->items) {
      const Type of_item = TypeOf(item);
      element = element ? Union(*element, of_item) : of_item;
      key = key ? Union(*key, TypeOf(name)) : TypeOf(name);
      if (const auto text = ConstantText(name)) type.fields.push_back({*text, of_item});
    }
    if (element) type.element = std::make_shared<const Type>(*element);
    if (key) type.key = std::make_shared<const Type>(*key);
    if (type.fields.size() != mapping->items.size()) type.fields.clear();
    return type;
  }
  return Type();
}

program::ExprPtr Binder::ToProgram(const BoundPtr& value) {
  const Span span = value->span;
  const auto refuse = [&](const char* what) -> program::ExprPtr {
    Reject(Kind::BadArgument, span, std::string(what) + " is no value by itself");
  };
  return std::visit(
      Overloaded{
          [&](const PythonValue& python) { return python.expr; },
          [&](const ChoicesMember& member) {
            return program::Make(span, program::Constant{member.member->value});
          },
          [&](const QuerySet& queryset) {
            return ToPython(Fetch(queryset, program::FetchKind::kRows, span)).expr;
          },
          [&](const ManagerRef& manager) {
            return refuse(("the manager of `" + manager.model->name + "`").c_str());
          },
          [&](const RelatedRows& related) {
            return refuse(("the manager of `" + related.queryset.query->model->name + "`").c_str());
          },
          [&](const Sequence& sequence) {
            program::Display display{static_cast<program::DisplayKind>(sequence.kind), {}};
            for (const BoundPtr& item : sequence.items) {
              display.items.emplace_back(false, ToProgram(item));
            }
            return program::Make(span, std::move(display));
          },
          [&](const Mapping& mapping) {
            program::DictDisplay display;
            for (const auto& [key, item] : mapping.items) {
              display.items.emplace_back(ToProgram(key), ToProgram(item));
            }
            return program::Make(span, std::move(display));
          },
          [&](const ModelClass& model) {
            return refuse(("the model `" + model.model->name + "`").c_str());
          },
          [&](const Expression&) { return refuse("an expression of the ORM"); },
          [&](const FieldInstance&) { return refuse("a field"); },
          [&](const FilteredRelationValue&) { return refuse("a FilteredRelation"); },
          [&](const PrefetchValue&) { return refuse("a Prefetch"); },
          [&](const Named& named) { return refuse(("`" + named.name + "`").c_str()); },
          [&](const ChoicesRef& choices) { return refuse(choices.choices->name.c_str()); },
          [&](const LambdaValue&) { return refuse("a lambda"); },
      },
      value->node);
}

program::ExprPtr Binder::ToCondition(const BoundPtr& value) {
  if (const auto* queryset = value->As<QuerySet>()) {
    return ToPython(Fetch(*queryset, program::FetchKind::kExists, value->span)).expr;
  }
  return ToProgram(value);
}

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
          [&](const ast::Await&) { return refuse("`await`", "leave it out"); },
          [&](const ast::Yield&) { return refuse("`yield`", "write a comprehension"); },
      },
      expr.node);
}

BoundPtr Binder::EvalUnary(const ast::Unary& node, Span span) {
  const BoundPtr operand = Eval(*node.operand);
  if (const auto* expression = operand->As<Expression>()) {
    if (node.op == ast::UnaryOp::kInvert) {
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
  const PythonValue a = ToPython(left);
  const PythonValue b = ToPython(right);
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
  Type type = TypeOf(operands[0]);
  for (const BoundPtr& operand : operands) {
    chain.operands.push_back(ToProgram(operand));
    type = Union(type, TypeOf(operand));
  }
  if (node.op == ast::BoolOp::kOr) type.nullable = TypeOf(operands.back()).nullable;
  return Computed(span, program::Make(span, std::move(chain)), std::move(type), constant);
}

std::optional<bool> Binder::KnownTruth(const BoundPtr& value) const {
  const Value* known = ConstantIn(value);
  if (known == nullptr) return std::nullopt;
  eval::Environment environment;
  const Span span = value->span;
  const program::ExprPtr negated = program::Make(
      span, program::Unary{program::UnaryOp::kNot, program::Make(span, program::Constant{*known})});
  return !*eval::Evaluate(*negated, environment, options_.eval).As<bool>();
}

BoundPtr Binder::EvalConditional(const ast::Conditional& node, Span span) {
  const BoundPtr test = Eval(*node.test);
  // The other branch is never asked for.
  if (const std::optional<bool> known = KnownTruth(test)) {
    return Eval(*known ? *node.body : *node.otherwise);
  }
  const BoundPtr then = Eval(*node.body);
  const BoundPtr otherwise = Eval(*node.otherwise);
  program::ExprPtr expr = program::Make(
      span, program::Conditional{ToCondition(test), ToProgram(then), ToProgram(otherwise)});
  return MakeBound(span, PythonValue{std::move(expr), Union(TypeOf(then), TypeOf(otherwise)), {}});
}

std::optional<std::vector<BoundPtr>> Binder::KnownElements(const BoundPtr& value) const {
  if (const auto* sequence = value->As<Sequence>()) return sequence->items;
  if (const auto* choices = value->As<ChoicesRef>()) {
    std::vector<BoundPtr> members;
    for (const manifest::ChoicesClass::Member& member : choices->choices->members) {
      members.push_back(MakeBound(value->span, ChoicesMember{choices->choices, &member}));
    }
    return members;
  }
  if (const auto* mapping = value->As<Mapping>()) {
    std::vector<BoundPtr> keys;
    for (const auto& [key, item] : mapping->items) keys.push_back(key);
    return keys;
  }
  const Value* constant = ConstantIn(value);
  if (constant == nullptr) return std::nullopt;
  const auto bound = [&](const Value& item) { return ConstantOf(value->span, item); };
  std::vector<BoundPtr> items;
  if (const List* list = constant->list()) {
    for (const Value& item : list->items) items.push_back(bound(item));
    return items;
  }
  if (const Tuple* tuple = constant->tuple()) {
    for (const Value& item : tuple->items) items.push_back(bound(item));
    return items;
  }
  if (const auto* set = constant->As<std::shared_ptr<Set>>()) {
    for (const Value& item : (*set)->items()) items.push_back(bound(item));
    return items;
  }
  if (const auto* dict = constant->As<std::shared_ptr<Dict>>()) {
    for (const Dict::Entry& entry : (*dict)->entries()) items.push_back(bound(entry.key));
    return items;
  }
  return std::nullopt;
}

BoundPtr Binder::EvalDisplay(const ast::Display& node, Span span) {
  Sequence sequence{node.kind, {}};
  bool constant = true;
  bool spread = false;
  program::Display display{static_cast<program::DisplayKind>(node.kind), {}};
  for (const ast::Expr* item : node.items) {
    if (const auto* starred = std::get_if<ast::Starred>(&item->node)) {
      const BoundPtr value = Eval(*starred->value);
      if (auto known = KnownElements(value)) {
        for (BoundPtr& element : *known) {
          constant = constant && ConstantIn(element) != nullptr;
          if (spread) display.items.emplace_back(false, ToProgram(element));
          sequence.items.push_back(std::move(element));
        }
        continue;
      }
      if (!spread) {
        for (const BoundPtr& before : sequence.items) {
          display.items.emplace_back(false, ToProgram(before));
        }
        spread = true;
      }
      display.items.emplace_back(true, ToProgram(value));
      constant = false;
      continue;
    }
    BoundPtr value = Eval(*item);
    constant = constant && ConstantIn(value) != nullptr;
    if (spread) display.items.emplace_back(false, ToProgram(value));
    sequence.items.push_back(std::move(value));
  }
  if (spread) {
    const TypeKind kinds[] = {TypeKind::kList, TypeKind::kTuple, TypeKind::kSet};
    return MakeBound(span, PythonValue{program::Make(span, std::move(display)),
                                       MakeType(kinds[static_cast<size_t>(node.kind)]),
                                       {}});
  }
  const BoundPtr whole = MakeBound(span, std::move(sequence));
  if (!constant) return whole;
  return Computed(span, ToProgram(whole), TypeOf(whole), true);
}

BoundPtr Binder::EvalDict(const ast::Dict& node, Span span) {
  Mapping mapping;
  bool constant = true;
  bool spread = false;
  program::DictDisplay display;
  const auto add = [&](BoundPtr key, BoundPtr item) {
    constant = constant && ConstantIn(key) != nullptr && ConstantIn(item) != nullptr;
    if (spread) display.items.emplace_back(ToProgram(key), ToProgram(item));
    mapping.items.emplace_back(std::move(key), std::move(item));
  };
  for (const auto& [key, item] : node.items) {
    if (key != nullptr) {
      BoundPtr bound_key = Eval(*key);
      add(std::move(bound_key), Eval(*item));
      continue;
    }
    const BoundPtr value = Eval(*item);
    if (const auto* inner = value->As<Mapping>()) {
      for (const auto& [inner_key, inner_item] : inner->items) add(inner_key, inner_item);
      continue;
    }
    const Value* known = ConstantIn(value);
    const auto* dict = known != nullptr ? known->As<std::shared_ptr<Dict>>() : nullptr;
    if (dict != nullptr) {
      for (const Dict::Entry& entry : (*dict)->entries()) {
        add(ConstantOf(span, entry.key), ConstantOf(span, entry.value));
      }
      continue;
    }
    if (!spread) {
      for (const auto& [before_key, before] : mapping.items) {
        display.items.emplace_back(ToProgram(before_key), ToProgram(before));
      }
      spread = true;
    }
    constant = false;
    display.items.emplace_back(nullptr, ToProgram(value));
  }
  if (spread) {
    return MakeBound(
        span, PythonValue{program::Make(span, std::move(display)), MakeType(TypeKind::kDict), {}});
  }
  const BoundPtr whole = MakeBound(span, std::move(mapping));
  if (!constant) return whole;
  return Computed(span, ToProgram(whole), TypeOf(whole), true);
}

BoundPtr Binder::EvalFString(const ast::FString& node, Span span) {
  program::Format format;
  bool constant = true;
  for (const ast::FormatPart& part : node.parts) {
    program::FormatPiece piece;
    piece.text = part.literal_before;
    piece.conversion = part.conversion;
    if (part.value != nullptr) {
      const BoundPtr value = Eval(*part.value);
      constant = constant && ConstantIn(value) != nullptr;
      const PythonValue python = ToPython(value);
      piece.value =
          python.type.kind == TypeKind::kInstance ? InstanceText(python, span) : python.expr;
    }
    if (part.spec != nullptr) {
      const BoundPtr spec = Eval(*part.spec);
      constant = constant && ConstantIn(spec) != nullptr;
      piece.spec = ToProgram(spec);
    }
    format.pieces.push_back(std::move(piece));
  }
  return Computed(span, program::Make(span, std::move(format)), MakeType(TypeKind::kStr), constant);
}

BoundPtr Binder::EvalSubscript(const ast::Subscript& node, Span span) {
  const BoundPtr value = Eval(*node.value);
  const auto* slice = std::get_if<ast::Slice>(&node.index->node);
  if (const auto* queryset = value->As<QuerySet>()) {
    if (slice != nullptr) return SliceQuerySet(*queryset, *slice, span);
    return IndexQuerySet(*queryset, Eval(*node.index), span);
  }
  if (value->As<Expression>() != nullptr) {
    Reject(Kind::NotSupported, span, std::string("a slice of an expression"),
           std::string("use `Substr`"));
  }
  const PythonValue base = ToPython(value);
  if (slice != nullptr) {
    program::SliceOf part{base.expr, nullptr, nullptr, nullptr};
    bool constant = ConstantIn(value) != nullptr;
    const auto bound = [&](const ast::Expr* expr) -> program::ExprPtr {
      if (expr == nullptr) return nullptr;
      const BoundPtr limit = Eval(*expr);
      constant = constant && ConstantIn(limit) != nullptr;
      return ToProgram(limit);
    };
    part.lower = bound(slice->lower);
    part.upper = bound(slice->upper);
    part.step = bound(slice->step);
    Type type = base.type;
    if (type.kind == TypeKind::kTuple) type.items.clear();
    return Computed(span, program::Make(span, std::move(part)), std::move(type), constant);
  }
  const BoundPtr index = Eval(*node.index);
  Type type;
  if (base.type.kind == TypeKind::kDict) {
    if (base.type.element) type = *base.type.element;
    if (const auto key = ConstantText(index)) {
      for (const auto& [name, item] : base.type.fields) {
        if (name == *key) type = item;
      }
    }
  } else if (base.type.kind == TypeKind::kTuple) {
    const Value* known = ConstantIn(index);
    const auto* at = known != nullptr ? known->As<int64_t>() : nullptr;
    const auto size = static_cast<int64_t>(base.type.items.size());
    if (at != nullptr && *at < size && *at >= -size) {
      type = base.type.items[static_cast<size_t>(*at < 0 ? *at + size : *at)];
    }
  } else {
    type = ElementOf(base.type);
  }
  // A known element of a display may be an expression or a queryset.
  if (const auto* sequence = value->As<Sequence>()) {
    const Value* known = ConstantIn(index);
    const auto* at = known != nullptr ? known->As<int64_t>() : nullptr;
    const auto size = static_cast<int64_t>(sequence->items.size());
    if (at != nullptr && *at < size && *at >= -size) {
      return sequence->items[static_cast<size_t>(*at < 0 ? *at + size : *at)];
    }
  }
  if (const auto* mapping = value->As<Mapping>()) {
    if (const auto key = ConstantText(index)) {
      for (auto item = mapping->items.rbegin(); item != mapping->items.rend(); ++item) {
        if (ConstantText(item->first) == key) return item->second;
      }
    }
  }
  program::ExprPtr expr = program::Make(span, program::Subscript{base.expr, ToProgram(index)});
  return Computed(span, std::move(expr), std::move(type),
                  ConstantIn(value) != nullptr && ConstantIn(index) != nullptr);
}

}  // namespace ormc::bind
