#include "compiler/base/check.h"
#include "compiler/eval/format.h"
#include "compiler/eval/machine.h"
#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/decimal.h"
#include "compiler/values/equality.h"
#include "compiler/values/nesting.h"

namespace ormc::eval {

Value Evaluate(const program::Expr& expr, Environment& environment, const Context& context) {
  return Machine(environment, context, nullptr, nullptr).Eval(expr);
}

std::string Str(const Value& value, const Context& context) {
  Environment environment;
  return Machine(environment, context, nullptr, nullptr).Str(value);
}

Value Machine::Eval(const program::Expr& expr) {
  meter_.Step();
  return std::visit([this](const auto& node) { return Of(node); }, expr.node);
}

// ---- making values ----------------------------------------------------------------------------

Value Machine::NewStr(std::string text) {
  meter_.Bytes(text.size());
  return Value::Str(std::move(text));
}

Value Machine::NewList(std::vector<Value> items) {
  Reserve(items.size());
  for (const Value& item : items) HoldAt(0, item, meter_);
  return Value::ListOf(std::move(items));
}

Value Machine::NewTuple(std::vector<Value> items) {
  Reserve(items.size());
  for (const Value& item : items) HoldAt(0, item, meter_);
  return Value::TupleOf(std::move(items));
}

Value Machine::NewSet(Set set) {
  Reserve(set.size());
  for (const Value& item : set.items()) HoldAt(0, item, meter_);
  return SetValue(std::move(set));
}

Value Machine::NewDict(Dict dict) {
  Reserve(2 * dict.size());
  for (const auto& [key, value] : dict.entries()) {
    HoldAt(0, key, meter_);
    HoldAt(0, value, meter_);
  }
  return DictValue(std::move(dict));
}

void Machine::Append(List& list, Value item) {
  Reserve(1);
  HoldIn(list.level, item, meter_);
  list.items.push_back(std::move(item));
}

bool Machine::AddTo(Set& set, Value item) {
  Reserve(1);
  HoldIn(set.level, item, meter_);
  return set.Add(std::move(item), &meter_);
}

void Machine::SetIn(Dict& dict, Value key, Value value) {
  Reserve(2);
  HoldIn(dict.level, key, meter_);
  HoldIn(dict.level, value, meter_);
  dict.Set(std::move(key), std::move(value), &meter_);
}

// An instance's __str__ is an expression of its own; a related instance's may use the same slot.
std::string Machine::Of(const Instance& instance) {
  const uint32_t slot = instance.shape->self_slot;
  std::optional<Value> outer;
  if (const Value* set = environment_.Get(slot)) outer = *set;
  environment_.Set(slot, Value(Value::Storage(std::make_shared<const Instance>(instance))));
  const Value text = Eval(*instance.shape->text);
  if (outer) {
    environment_.Set(slot, *outer);
  } else {
    environment_.Clear(slot);
  }
  if (!text.text()) {
    RaiseType("__str__ returned non-string (type " + std::string(TypeName(text)) + ")");
  }
  return *text.text();
}

bool Machine::Truth(const Value& value) const {
  if (const auto* b = value.As<bool>()) return *b;
  if (const auto* i = value.As<int64_t>()) return *i != 0;
  if (const auto* f = value.As<double>()) return *f != 0;
  if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) return !(*d)->is_zero();
  if (const auto* s = value.text()) return !s->empty();
  if (const auto* b = value.As<std::shared_ptr<const Bytes>>()) return !(*b)->data.empty();
  if (const auto* l = value.list()) return !l->items.empty();
  if (const auto* t = value.tuple()) return !t->items.empty();
  if (const auto* s = value.As<std::shared_ptr<Set>>()) return (*s)->size() != 0;
  if (const auto* d = value.As<std::shared_ptr<Dict>>()) return (*d)->size() != 0;
  if (const auto* d = value.As<TimeDelta>()) return *d != TimeDelta{};
  if (const auto* r = value.As<std::shared_ptr<const RangeValue>>()) return !(*r)->empty;
  return !value.is_none();
}

// ---- nodes ------------------------------------------------------------------------------------

Value Machine::Of(const program::Constant& node) { return node.value; }

// While the compiler folds nothing is changed in place, and the parts stay the very ones that a
// name stands for: so it is known which names share one list.
Value Machine::Of(const program::Fresh& node) {
  return program_ == nullptr ? node.value : NewCopy(node.value);
}

Value Machine::Of(const program::Local& node) {
  const Value* value = environment_.Get(node.slot);
  if (!value) Raise("NameError", "a name is used before it has a value");
  return *value;
}

Value Machine::Of(const program::Unary& node) {
  return Operate(*this, node.op, Eval(*node.operand));
}

Value Machine::Of(const program::Binary& node) {
  const Value left = Eval(*node.left);
  const Value right = Eval(*node.right);
  return Operate(*this, node.op, left, right);
}

Value Machine::Of(const program::Comparison& node) {
  Value left = Eval(*node.first);
  for (const auto& [op, operand] : node.rest) {
    Value right = Eval(*operand);
    if (!CompareValues(*this, op, left, right)) return Value::Bool(false);
    left = std::move(right);
  }
  return Value::Bool(true);
}

Value Machine::Of(const program::BoolChain& node) {
  Value value;
  for (size_t i = 0; i < node.operands.size(); ++i) {
    value = Eval(*node.operands[i]);
    if (i + 1 < node.operands.size() && Truth(value) != node.is_and) return value;
  }
  return value;
}

Value Machine::Of(const program::Conditional& node) {
  return Eval(Truth(Eval(*node.test)) ? *node.then : *node.otherwise);
}

Value Machine::Of(const program::Format& node) {
  std::string text;
  for (const program::FormatPiece& piece : node.pieces) {
    std::string part = piece.text;
    if (piece.value) {
      Value value = Eval(*piece.value);
      if (piece.conversion == 's') value = Value::Str(Str(value));
      if (piece.conversion == 'r') value = Value::Str(Repr(value));
      if (piece.conversion == 'a') value = Value::Str(Repr(value));
      const std::string spec = piece.spec ? Str(Eval(*piece.spec)) : "";
      part += FormatValue(*this, value, spec);
    }
    meter_.Bytes(part.size());
    text += part;
  }
  return Value::Str(std::move(text));
}

Value Machine::Of(const program::Display& node) {
  if (node.kind == program::DisplayKind::kSet) {
    Set set;
    for (const auto& [starred, item] : node.items) {
      if (starred) {
        ForEach(*item, [&](const Value& v) { return AddTo(set, v), true; });
      } else {
        AddTo(set, Eval(*item));
      }
    }
    return NewSet(std::move(set));
  }
  std::vector<Value> items;
  for (const auto& [starred, item] : node.items) {
    if (starred) {
      ForEach(*item, [&](const Value& v) {
        Reserve(1);
        items.push_back(v);
        return true;
      });
    } else {
      items.push_back(Eval(*item));
    }
  }
  return node.kind == program::DisplayKind::kList ? NewList(std::move(items))
                                                  : NewTuple(std::move(items));
}

Value Machine::Of(const program::DictDisplay& node) {
  Dict dict;
  for (const auto& [key, value] : node.items) {
    if (key) {
      const Value k = Eval(*key);
      SetIn(dict, k, Eval(*value));
      continue;
    }
    const Value other = Eval(*value);
    const auto* mapping = other.As<std::shared_ptr<Dict>>();
    if (!mapping) RaiseType("'" + FullTypeName(other) + "' object is not a mapping");
    for (const auto& [k, v] : (*mapping)->entries()) SetIn(dict, k, v);
  }
  return NewDict(std::move(dict));
}

Value Machine::Of(const program::Subscript& node) {
  const Value value = Eval(*node.value);
  return Index(*this, value, Eval(*node.index));
}

Value Machine::Of(const program::SliceOf& node) {
  const auto part = [&](const program::ExprPtr& expr) { return expr ? Eval(*expr) : Value(); };
  const Value value = Eval(*node.value);
  const Value lower = part(node.lower);
  const Value upper = part(node.upper);
  return Slice(*this, value, lower, upper, part(node.step));
}

Value Machine::Of(const program::Attribute& node) {
  return GetAttribute(*this, Eval(*node.value), node.name);
}

Value Machine::Of(const program::CallBuiltin& node) {
  const Row* row = FindBuiltin(node.name);
  Check(row != nullptr, "a builtin that the table lacks");
  return RunRow(*this, *row, Value(), node.arguments, node.keywords);
}

Value Machine::Of(const program::CallMethod& node) {
  const Value receiver = Eval(*node.receiver);
  const Row* row = FindMethod(receiver, node.name);
  if (!row) {
    Raise("AttributeError",
          "'" + FullTypeName(receiver) + "' object has no attribute '" + node.name + "'");
  }
  return RunRow(*this, *row, receiver, node.arguments, node.keywords);
}

Value Machine::Of(const program::Lambda&) {
  throw InternalError("a lambda stands only as the key of a call");
}

Value Machine::Of(const program::RunQuery& node) { return RunQuery(node.query); }

Value Machine::Apply(const program::Lambda& lambda, const Value& argument) {
  environment_.Set(lambda.slot, argument);
  return Eval(*lambda.body);
}

}  // namespace ormc::eval
