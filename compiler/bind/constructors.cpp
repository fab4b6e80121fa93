// What is written like a class of Django's: F, Q, Value, Case, Subquery, FilteredRelation, ...
#include <algorithm>
#include <array>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/plan/versions.h"

namespace ormc::bind {

using plan::Expr;
using plan::ExprPtr;
using plan::Op;

namespace {

constexpr std::array<std::string_view, 2> kValueParameters = {"value", "output_field"};
constexpr std::array<std::string_view, 2> kWrapperParameters = {"expression", "output_field"};

// What else Field.__init__ takes: it has no say in an expression.
constexpr std::array<std::string_view, 25> kFieldOptions = {
    "auto_now",  "auto_now_add", "blank",      "choices",        "db_collation",
    "db_column", "db_comment",   "db_default", "db_index",       "db_tablespace",
    "default",   "editable",     "encoder",    "error_messages", "help_text",
    "name",      "null",         "decoder",    "primary_key",    "serialize",
    "size",      "unique",       "validators", "verbose_name",   "unique_for_date"};

// The one argument of a constructor that takes one.
const BoundPtr& Only(const std::string& name, const Arguments& arguments, Span span) {
  if (arguments.positional.size() != 1) {
    Reject(Kind::MissingArgument, span, name, std::string("one argument"));
  }
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  return arguments.positional[0];
}

// The first argument, written with its name or without; null where it is absent.
BoundPtr First(const std::string& name, Arguments& arguments, const char* keyword, Span span) {
  if (arguments.positional.empty()) return arguments.Take(keyword);
  if (arguments.positional.size() == 1) return arguments.positional[0];
  Reject(Kind::MissingArgument, span, name, std::string("one argument"));
}

}  // namespace

BoundPtr Binder::Construct(const std::string& name, Arguments arguments, Span span) {
  struct Row {
    std::string_view name;
    BoundPtr (Binder::*make)(const std::string& name, Arguments& arguments, Span span);
  };
  static constexpr std::array kConstructors = {
      Row{"F", &Binder::MakeF},
      Row{"OuterRef", &Binder::MakeOuterRef},
      Row{"Q", &Binder::MakeQ},
      Row{"Value", &Binder::MakeValue},
      Row{"ExpressionWrapper", &Binder::MakeWrapper},
      Row{"Case", &Binder::MakeCase},
      Row{"When", &Binder::MakeWhen},
      Row{"KT", &Binder::KeyText},
      Row{"Subquery", &Binder::MakeSubquery},
      Row{"Exists", &Binder::MakeSubquery},
      Row{"ArraySubquery", &Binder::MakeSubquery},
      Row{"FilteredRelation", &Binder::MakeFilteredRelation},
      Row{"Prefetch", &Binder::MakePrefetch},
      Row{"prefetch_related_objects", &Binder::PrefetchObjects},
      Row{"Window", &Binder::WindowConstructor},
      Row{"RowRange", &Binder::FrameConstructor},
      Row{"ValueRange", &Binder::FrameConstructor},
      Row{"get_user_model", &Binder::UserModel},
      Row{"get_model", &Binder::NamedModel},
  };
  const auto row = std::find_if(kConstructors.begin(), kConstructors.end(),
                                [&](const Row& candidate) { return candidate.name == name; });
  if (row == kConstructors.end()) throw InternalError("an unknown constructor");
  return (this->*row->make)(name, arguments, span);
}

BoundPtr Binder::MakeF(const std::string& name, Arguments& arguments, Span span) {
  const std::string path = RequireText(Only(name, arguments, span), "F");
  return MakeBound(span, Expression{plan::MakeName(span, path), {}});
}

BoundPtr Binder::MakeOuterRef(const std::string& name, Arguments& arguments, Span span) {
  Expr outer = NewExpr(Op::kOuterName, span);
  const BoundPtr& inner = Only(name, arguments, span);
  const auto* expression = inner->As<Expression>();
  if (expression != nullptr && expression->expr->op == Op::kOuterName) {
    outer.args = {expression->expr};
  } else {
    outer.name = RequireText(inner, "OuterRef");
  }
  return MakeExpression(std::move(outer));
}

BoundPtr Binder::MakeQ(const std::string&, Arguments& arguments, Span span) {
  return MakeBound(span, Expression{Condition(arguments, span, false), {}});
}

BoundPtr Binder::MakeValue(const std::string& name, Arguments& arguments, Span span) {
  NameArguments(name, kValueParameters, arguments);
  const std::optional<plan::FieldType> output = OutputField(arguments);
  const BoundPtr value = arguments.Take("value");
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  if (!value) Reject(Kind::MissingArgument, span, name, std::string("a value"));
  if (value->As<Expression>() != nullptr) {
    Reject(Kind::BadArgument, span, std::string("Value takes a value, not an expression"));
  }
  ExprPtr made = ToExpression(value, false);
  if (output) {
    Expr typed = *made;
    SetOutput(typed, output);
    made = plan::Finish(std::move(typed));
  }
  return MakeBound(span, Expression{made, {}});
}

BoundPtr Binder::MakeWrapper(const std::string& name, Arguments& arguments, Span span) {
  Expr wrapper = NewExpr(Op::kWrapper, span);
  NameArguments(name, kWrapperParameters, arguments);
  const std::optional<plan::FieldType> output = OutputField(arguments);
  if (!output) Reject(Kind::MissingArgument, span, name, std::string("`output_field`"));
  SetOutput(wrapper, output);
  const BoundPtr inner = arguments.Take("expression");
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  if (!inner) Reject(Kind::MissingArgument, span, name, std::string("an expression"));
  if (inner->As<Expression>() == nullptr) {
    Reject(Kind::BadArgument, inner->span,
           "`" + name + "` takes an expression: write `F(...)` or `Value(...)`");
  }
  wrapper.args = {ToExpression(inner, true)};
  return MakeExpression(std::move(wrapper));
}

BoundPtr Binder::MakeCase(const std::string& name, Arguments& arguments, Span span) {
  Expr node = NewExpr(Op::kCase, span);
  const BoundPtr otherwise = arguments.Take("default");
  SetOutput(node, OutputField(arguments));
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  for (const BoundPtr& when : arguments.positional) {
    const auto* expression = when->As<Expression>();
    if (expression == nullptr || expression->expr->op != Op::kWhen) {
      Reject(Kind::BadArgument, when->span,
             std::string("positional arguments of Case must be When"));
    }
    node.args.push_back(expression->expr);
  }
  node.args.push_back(otherwise ? ToExpression(otherwise, true)
                                : plan::MakeValue(span, plan::Constant(Value::None())));
  return MakeExpression(std::move(node));
}

BoundPtr Binder::MakeWhen(const std::string& name, Arguments& arguments, Span span) {
  BoundPtr result = arguments.Take("then");
  if (!result) {
    if (arguments.positional.size() < 2) {
      Reject(Kind::MissingArgument, span, name, std::string("`then=`"));
    }
    result = arguments.positional.back();
    arguments.positional.pop_back();
  }
  if (BoundPtr condition = arguments.Take("condition")) {
    arguments.positional.insert(arguments.positional.begin(), std::move(condition));
  }
  ExprPtr condition;
  if (arguments.positional.size() == 1 && arguments.keywords.empty()) {
    const auto* expression = arguments.positional[0]->As<Expression>();
    if (expression == nullptr) Reject(Kind::NotConditional, span);
    condition = expression->expr;
    if (!plan::IsConditional(*condition)) {
      Reject(Kind::NotConditional, span);
    }
  } else {
    condition = Condition(arguments, span, false);
  }
  if (condition->op == Op::kCondition && condition->args.empty()) {
    Reject(Kind::BadValue, span, std::string("an empty Q() cannot be the condition of When"));
  }
  Expr when = NewExpr(Op::kWhen, span);
  when.args = {condition, ToExpression(result, true)};
  return MakeExpression(std::move(when));
}

BoundPtr Binder::MakeSubquery(const std::string& name, Arguments& arguments, Span span) {
  std::optional<plan::FieldType> output = OutputField(arguments);
  const BoundPtr given = First(name, arguments, "queryset", span);
  const auto* queryset = given ? given->As<QuerySet>() : nullptr;
  if (queryset == nullptr) {
    Reject(Kind::BadArgument, span, "`" + name + "` takes a queryset: write `.all()`");
  }
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  if (name == "Exists" && queryset->query->IsEmpty()) {
    plan::RequireDjango(plan_, catalog::Change::kExistsOfNothing, span);
  }
  Expr subquery = NewSubquery(name == "Exists" ? Op::kExists : Op::kSubquery, *queryset, span);
  SetOutput(subquery, std::move(output));
  if (name == "ArraySubquery") subquery.name = "ARRAY";
  return MakeExpression(std::move(subquery));
}

BoundPtr Binder::MakeFilteredRelation(const std::string& name, Arguments& arguments, Span span) {
  FilteredRelationValue relation;
  const BoundPtr path = First(name, arguments, "relation_name", span);
  if (!path) Reject(Kind::MissingArgument, span, name, std::string("a relation's name"));
  relation.relation.path = RequireText(path, "the relation's name");
  const BoundPtr condition = arguments.Take("condition");
  const auto* expression = condition ? condition->As<Expression>() : nullptr;
  if (condition && (expression == nullptr || expression->expr->op != Op::kCondition)) {
    Reject(Kind::BadValue, span, std::string("condition argument must be a Q() instance"));
  }
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  relation.relation.condition =
      expression != nullptr ? expression->expr : Condition(Arguments{}, span, false);
  return MakeBound(span, std::move(relation));
}

BoundPtr Binder::UserModel(const std::string&, Arguments&, Span span) {
  const manifest::Model* user = scope_.FindModel(scope_.manifest().auth_user_model);
  if (user == nullptr) Reject(Kind::UnknownModel, span, scope_.manifest().auth_user_model);
  return MakeBound(span, ModelClass{user});
}

BoundPtr Binder::NamedModel(const std::string&, Arguments& arguments, Span span) {
  std::string label;
  for (const BoundPtr& part : arguments.positional) {
    label += (label.empty() ? "" : ".") + RequireText(part, "get_model");
  }
  const manifest::Model* model = scope_.FindModel(label);
  if (model == nullptr) Reject(Kind::UnknownModel, span, label);
  return MakeBound(span, ModelClass{model});
}

BoundPtr Binder::FieldConstructor(const std::string& name, Arguments arguments, Span span) {
  plan::FieldType type = plan::Plain(*plan::FieldClass(name));
  // PostgreSQL's own limits of varchar and numeric.
  constexpr int64_t kLongest = 10'485'760;
  constexpr int64_t kMostDigits = 1000;
  const auto integer = [&](const char* keyword, int64_t most) -> std::optional<int32_t> {
    const BoundPtr value = arguments.Take(keyword);
    const Value* constant = value ? ConstantIn(value) : nullptr;
    if (!value || (constant != nullptr && constant->is_none())) return std::nullopt;
    const auto* number = constant != nullptr ? constant->As<int64_t>() : nullptr;
    if (number == nullptr || *number < 0 || *number > most) {
      Reject(Kind::BadArgument, value->span,
             "`" + std::string(keyword) + "` must be an integer up to " + std::to_string(most));
    }
    return static_cast<int32_t>(*number);
  };
  type.max_length = integer("max_length", kLongest);
  type.max_digits = integer("max_digits", kMostDigits);
  type.decimal_places = integer("decimal_places", kMostDigits);
  if (type.kind == manifest::FieldKind::kArrayField) {
    const BoundPtr base =
        arguments.positional.empty() ? arguments.Take("base_field") : arguments.positional[0];
    const auto* field = base ? base->As<FieldInstance>() : nullptr;
    if (field == nullptr) Reject(Kind::MissingArgument, span, name, std::string("a base field"));
    if (arguments.positional.size() > 1) (void)Only(name, arguments, span);
    type.base = std::make_shared<const plan::FieldType>(field->type);
  }
  for (const std::string_view option : kFieldOptions) (void)arguments.Take(option);
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  return MakeBound(span, FieldInstance{std::move(type)});
}

}  // namespace ormc::bind
