// Members of a `Choices` class that only the runtime knows: `Status(row["status"]).label`.
#include "compiler/bind/binder.h"

namespace ormc::bind {

using manifest::ChoicesClass;

namespace {

// What `part` says of the member whose value this is; a ValueError where there is none, as Python's
// `list.index` raises it too.
template <class Part>
program::ExprPtr Looked(const ChoicesClass& choices, const program::ExprPtr& value, Span span,
                        const Part& part) {
  std::vector<Value> values;
  std::vector<Value> parts;
  for (const ChoicesClass::Member& member : choices.members) {
    if (IsEmptyChoice(member)) continue;
    values.push_back(member.value);
    parts.push_back(part(member));
  }
  const auto list = [&](std::vector<Value> items) {
    return program::Make(span, program::Constant{Value::ListOf(std::move(items))});
  };
  program::CallMethod index{list(std::move(values)), "index", {value}, {}};
  return program::Make(
      span, program::Subscript{list(std::move(parts)), program::Make(span, std::move(index))});
}

}  // namespace

BoundPtr Binder::MemberOf(const ChoicesClass& choices, const BoundPtr& value, Span span) {
  const auto own = [](const ChoicesClass::Member& member) { return member.value; };
  Type type;
  for (const ChoicesClass::Member& member : choices.members) {
    if (!IsEmptyChoice(member)) type = TypeOfValue(member.value);
  }
  type.choices = &choices;
  return MakeBound(span,
                   PythonValue{Looked(choices, ToProgram(value), span, own), std::move(type), {}});
}

// null where the attribute is the value's own.
BoundPtr Binder::MemberAttribute(const PythonValue& member, const std::string& name, Span span) {
  const auto text = [&](const auto& part) {
    return MakeBound(span, PythonValue{Looked(*member.type.choices, member.expr, span, part),
                                       MakeType(TypeKind::kStr),
                                       {}});
  };
  if (name == "value") {
    Type type = member.type;
    type.choices = nullptr;
    return MakeBound(span, PythonValue{member.expr, std::move(type), {}});
  }
  if (name == "label") {
    return text([](const ChoicesClass::Member& one) { return Value::Str(one.label); });
  }
  if (name == "name") {
    return text([](const ChoicesClass::Member& one) { return Value::Str(one.name); });
  }
  return nullptr;
}

}  // namespace ormc::bind
