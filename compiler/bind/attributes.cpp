#include <algorithm>
#include <set>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/syntax/parse.h"
#include "compiler/values/dict.h"

namespace ormc::bind {
namespace {

using manifest::Field;
using manifest::Model;
using manifest::RelationKind;

constexpr size_t kInlineDepth = 8;  // a method that calls a method that ...

bool IsFrameExclusion(std::string_view name) {
  return name == "CURRENT_ROW" || name == "GROUP" || name == "TIES" || name == "NO_OTHERS";
}

bool IsToOne(RelationKind kind) {
  return kind == RelationKind::kForeignKey || kind == RelationKind::kOneToOne;
}

// The model that ties the rows of `Model.name`, a many-to-many from either end.
const Model* ThroughOf(const manifest::ScopedManifest& scope, const Model& model,
                       const std::string& name) {
  const Field* field = scope.FindField(model, name);
  if (field == nullptr) {
    const manifest::Reverse* reverse = scope.FindAccessor(model, name);
    field = reverse != nullptr ? reverse->field : nullptr;
  }
  const bool many =
      field != nullptr && field->relation && field->relation->kind == RelationKind::kManyToMany;
  const Model* through = many ? field->relation->through : nullptr;
  return through != nullptr && scope.Sees(*through) ? through : nullptr;
}

}  // namespace

BoundPtr Binder::EvalAttribute(const ast::Attribute& node, Span span) {
  BoundPtr value;
  const auto* owner = std::get_if<ast::Attribute>(&node.value->node);
  if (node.name == "through" && owner != nullptr) {
    value = Eval(*owner->value);
    if (const auto* model_class = value->As<ModelClass>()) {
      const Model* through = ThroughOf(scope_, *model_class->model, owner->name);
      if (through != nullptr) return MakeBound(span, ModelClass{through});
    }
    value = AttributeOf(value, owner->name, Span{owner->name_span.begin, node.value->span.end});
  } else {
    value = Eval(*node.value);
  }
  return AttributeOf(value, node.name, Span{node.name_span.begin, span.end});
}

BoundPtr Binder::AttributeOf(const BoundPtr& value, const std::string& name, Span span) {
  if (const auto* model_class = value->As<ModelClass>()) {
    const Model& model = *model_class->model;
    if (name == "objects" || name == "_default_manager" || name == "_base_manager") {
      const std::string wanted = name == "objects"            ? name
                                 : name == "_default_manager" ? model.default_manager
                                                              : model.base_manager;
      const manifest::Manager* manager = model.FindManager(wanted);
      if (manager == nullptr && name == "objects" && !model.managers.empty()) {
        Reject(Kind::UnknownAttribute, span, model.name, name);
      }
      return MakeBound(span, ManagerRef{&model, manager});
    }
    if (const manifest::Manager* manager = model.FindManager(name)) {
      return MakeBound(span, ManagerRef{&model, manager});
    }
    for (const manifest::ChoicesClass& choices : model.choices_classes) {
      if (choices.name == name) return MakeBound(span, ChoicesRef{&model, &choices});
    }
    for (const auto& [constant, constant_value] : model.constants) {
      if (constant == name) return ConstantOf(span, constant_value);
    }
    if (name == "DoesNotExist" || name == "MultipleObjectsReturned") {
      Reject(Kind::ExpressionRefused, span, "`" + name + "`",
             std::string("use `.first()`, which gives None where there is no row"));
    }
    Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownAttribute, span, model.name, name);
    diagnostic.suggestion = DidYouMean(name, {"objects"});
    throw Rejection(std::move(diagnostic));
  }
  if (const auto* choices = value->As<ChoicesRef>()) {
    std::vector<Value> values;
    std::vector<Value> labels;
    std::vector<Value> names;
    std::vector<Value> pairs;
    for (const manifest::ChoicesClass::Member& member : choices->choices->members) {
      if (member.name == name && !IsEmptyChoice(member))
        return MakeBound(span, ChoicesMember{choices->choices, &member});
      values.push_back(member.value);
      labels.push_back(Value::Str(member.label));
      names.push_back(Value::Str(member.name));
      pairs.push_back(Value::TupleOf({member.value, Value::Str(member.label)}));
    }
    if (name == "values") return ConstantOf(span, Value::ListOf(std::move(values)));
    if (name == "labels") return ConstantOf(span, Value::ListOf(std::move(labels)));
    if (name == "names") return ConstantOf(span, Value::ListOf(std::move(names)));
    if (name == "choices") return ConstantOf(span, Value::ListOf(std::move(pairs)));
    Reject(Kind::UnknownAttribute, span, choices->choices->name, name);
  }
  if (const auto* member = value->As<ChoicesMember>()) {
    if (name == "value") return ConstantOf(span, member->member->value);
    if (name == "label") return ConstantOf(span, Value::Str(member->member->label));
    if (name == "name") return ConstantOf(span, Value::Str(member->member->name));
    return AttributeOf(ConstantOf(span, member->member->value), name, span);
  }
  if (const auto* named = value->As<Named>()) {
    if (named->kind == Named::Kind::kModule) {
      if (named->name == "models" || named->name == "functions") {
        BoundPtr thing = NamedThing(name, span);
        const auto* inner = thing ? thing->As<Named>() : nullptr;
        if (inner != nullptr && inner->kind != Named::Kind::kModule &&
            inner->kind != Named::Kind::kRefused) {
          return thing;
        }
        if (inner != nullptr && name == "functions") return thing;
      } else if (named->name == "apps" && name == "get_model") {
        return MakeBound(span, Named{Named::Kind::kConstructor, "get_model"});
      } else if (named->name == "WindowFrameExclusion" && IsFrameExclusion(name)) {
        return MakeBound(span, Named{Named::Kind::kModule, "WindowFrameExclusion." + name});
      } else if (named->name == "user") {
        // Only the site's rules for rows have it.
        const auto known = scope_.user().find(name);
        if (known != scope_.user().end()) return ConstantOf(span, known->second);
      } else if (named->name == "timezone" && name == "utc") {
        // Django's module lost it in 5.0; the standard library's class has had it all along.
        Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownAttribute, span, named->name, name);
        diagnostic.suggestion = "datetime.timezone.utc";
        diagnostic.fixes.push_back(Fix{value->span, "datetime.timezone"});
        throw Rejection(std::move(diagnostic));
      } else if (named->name == "timezone" && (name == "datetime" || name == "timedelta")) {
        return MakeBound(span, Named{Named::Kind::kBuiltin, "datetime." + name});
      } else if (named->name == "datetime" && !eval::HasBuiltin("datetime." + name) &&
                 eval::HasBuiltin("datetime.datetime." + name)) {
        // `datetime` is the class here.
        return MakeBound(span, Named{Named::Kind::kBuiltin, "datetime.datetime." + name});
      }
    }
    const std::string dotted = named->name + "." + name;
    // Constants of modules and classes are builtins without arguments.
    static const std::set<std::string, std::less<>> constants = {
        "pi", "e", "inf", "nan", "tau", "utc", "UTC", "min", "max", "resolution"};
    if (eval::HasBuiltin(dotted) && constants.contains(name)) {
      return Computed(span, program::Make(span, program::CallBuiltin{dotted, {}, {}}), Type(),
                      true);
    }
    if (eval::HasBuiltin(dotted)) return MakeBound(span, Named{Named::Kind::kBuiltin, dotted});
    if (named->name == "str" && eval::HasMethod("str", name)) {
      return MakeBound(span, MethodValue{value, name});
    }
    Reject(Kind::UnknownAttribute, span, named->name, name);
  }
  if (const auto* python = value->As<PythonValue>()) {
    if (python->type.kind == TypeKind::kInstance) return InstanceAttribute(*python, name, span);
    if (python->type.kind == TypeKind::kRow) {
      return OfEachModel(
          *python, name, [&](const PythonValue& row) { return InstanceAttribute(row, name, span); },
          span);
    }
    if (python->type.choices != nullptr) {
      if (BoundPtr word = MemberAttribute(*python, name, span)) return word;
    }
    const std::string_view type = NameOf(python->type);
    if (python->type.file && name == "name") return value;
    for (const auto& [field, of_field] : python->type.fields) {
      if (python->type.kind == TypeKind::kTuple && field == name) {
        return MakeBound(
            span,
            PythonValue{program::Make(span, program::Attribute{python->expr, name}), of_field, {}});
      }
    }
    if (name.starts_with("_")) Reject(Kind::UnderscoreName, span, name);
    if (!eval::HasAttribute(type, name) &&
        !(type == "datetime" && eval::HasAttribute("date", name))) {
      if (eval::HasMethod(type, name)) return MakeBound(span, MethodValue{value, name});
      Reject(Kind::UnknownAttribute, span,
             type.empty() ? std::string("this value") : std::string(type), name);
    }
    Type result = MakeType(TypeKind::kInt);
    if (name == "tzinfo") result = MakeType(TypeKind::kZone, true);
    if (name == "hex" || name == "bounds") result = MakeType(TypeKind::kStr);
    if (name == "lower" || name == "upper") result = Type();  // a range's bounds: of any type
    program::ExprPtr expr = program::Make(span, program::Attribute{python->expr, name});
    return Computed(span, std::move(expr), std::move(result), python->constant.has_value());
  }
  if (value->As<Sequence>() != nullptr || value->As<Mapping>() != nullptr) {
    if (eval::HasMethod(NameOf(TypeOf(value)), name)) {
      return MakeBound(span, MethodValue{value, name});
    }
  }
  if (value->As<QuerySet>() != nullptr) {
    const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name);
    if (refused != nullptr && !refused->verb.empty()) {
      Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
    }
    Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownMethod, span, name);
    diagnostic.suggestion = DidYouMean(name, catalog::MethodNames());
    throw Rejection(std::move(diagnostic));
  }
  Reject(Kind::UnknownAttribute, span, std::string("this value"), name);
}

BoundPtr Binder::InstanceAttribute(const PythonValue& value, const std::string& name, Span span) {
  const Model& model = *value.type.model;
  const auto attribute = [&](const std::string& stored, Type type) {
    return MakeBound(span, PythonValue{program::Make(span, program::Attribute{value.expr, stored}),
                                       std::move(type),
                                       {}});
  };
  // Annotations of the queries that it may come from.
  for (const Origin& origin : value.type.origins) {
    const PendingQuery& pending = pending_[origin.query];
    if (!origin.path.empty() || !pending.query->IsSelected(name)) continue;
    const plan::ExprPtr& annotation = *pending.query->FindAnnotation(name);
    return attribute(name, annotation->output ? TypeOfField(*annotation->output, true) : Type());
  }
  if (BoundPtr prefetched = ToAttribute(value, name, span)) return prefetched;
  if (name == "pk") {
    const Field* key = model.PrimaryKey();
    if (key == nullptr) {
      Sequence parts{ast::DisplayKind::kTuple, {}};
      for (const std::string& part : model.primary_key) {
        const Field* field = scope_.FindField(model, part);
        if (field == nullptr) Reject(Kind::UnknownAttribute, span, model.name, name);
        parts.items.push_back(InstanceAttribute(value, field->attname, span));
      }
      return MakeBound(span, std::move(parts));
    }
    return attribute("pk", key != nullptr ? TypeOfField(plan::TypeOf(*key), false) : Type());
  }
  if (const Field* field = scope_.FindField(model, name)) {
    if (!field->opaque.empty()) Reject(Kind::OpaquePart, span, name, field->opaque);
    if (field->relation && name == field->name &&
        field->relation->kind != RelationKind::kGenericForeignKey) {
      if (field->relation->to == nullptr || !scope_.Sees(*field->relation->to)) {
        Reject(Kind::UnknownAttribute, span, model.name, name);
      }
      if (IsToOne(field->relation->kind)) {
        return Related(value, field->name, *field->relation->to, field->null, span);
      }
      return RelatedManager(value, name, *field, false, span);
    }
    if (field->concrete)
      return attribute(field->attname, TypeOfField(plan::TypeOf(*field), field->null));
    return GenericRow(value, *field, span);
  }
  if (const manifest::Reverse* reverse = scope_.FindAccessor(model, name)) {
    if (reverse->kind == RelationKind::kOneToOne) {
      return Related(value, name, *reverse->model, true, span);
    }
    return RelatedManager(value, name, *reverse->field, true, span);
  }
  for (const manifest::Method& property : model.properties) {
    if (property.name == name) return Inlined(property, MakeBound(span, value), Arguments{}, span);
  }
  for (const auto& [constant, constant_value] : model.constants) {
    if (constant == name) return ConstantOf(span, constant_value);
  }
  for (const manifest::ChoicesClass& choices : model.choices_classes) {
    if (choices.name == name) return MakeBound(span, ChoicesRef{&model, &choices});
  }
  if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name);
      refused != nullptr && !refused->verb.empty()) {
    Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
  }
  if (name.starts_with("_")) Reject(Kind::UnderscoreName, span, name);
  RejectAttribute(model, name, span);
}

void Binder::RejectAttribute(const Model& model, const std::string& name, Span span) const {
  Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownAttribute, span, model.name, name);
  // What conditions call `order`, rows may call `order_set`.
  const manifest::Reverse* reverse = scope_.FindReverse(model, name);
  diagnostic.suggestion = reverse != nullptr && !reverse->accessor.empty()
                              ? "did you mean `" + reverse->accessor + "`?"
                              : DidYouMean(name, scope_.AttributeNames(model));
  throw Rejection(std::move(diagnostic));
}

// `hasattr(user, "profile")`: what Django's own documentation tells to ask of a reverse one-to-one.
BoundPtr Binder::HasAttribute(const Arguments& arguments, Span span) {
  const bool two = arguments.positional.size() == 2 && arguments.keywords.empty();
  const auto* row = two ? arguments.positional[0]->As<PythonValue>() : nullptr;
  const Value* name = two ? ConstantIn(arguments.positional[1]) : nullptr;
  const bool asks = row != nullptr && row->type.kind == TypeKind::kInstance && name != nullptr &&
                    name->text() != nullptr;
  const manifest::Reverse* reverse =
      asks ? scope_.FindAccessor(*row->type.model, *name->text()) : nullptr;
  if (reverse == nullptr || reverse->kind != RelationKind::kOneToOne) {
    Reject(Kind::NotSupported, span,
           std::string("`hasattr` of other than a row's reverse one-to-one"),
           std::string("compare the value with None: `row.field is not None`"));
  }
  static_cast<void>(
      Related(*row, *name->text(), *reverse->model, true, span));  // is fetched with it
  program::CallBuiltin call{"hasattr", {row->expr, ToProgram(arguments.positional[1])}, {}};
  return Computed(span, program::Make(span, std::move(call)), MakeType(TypeKind::kBool), false);
}

BoundPtr Binder::Inlined(const manifest::Method& method, const BoundPtr& self, Arguments arguments,
                         Span span) {
  if (!method.opaque.empty() || method.source.empty()) {
    Reject(Kind::OpaquePart, span, method.name, method.opaque);
  }
  if (depth_ >= kInlineDepth) {
    Reject(Kind::LimitExceeded, span, std::to_string(kInlineDepth),
           std::string("methods within methods"));
  }
  const auto default_of = [&](const std::string& parameter) {
    return std::ranges::find(method.defaults, parameter,
                             [](const auto& entry) -> const std::string& { return entry.first; });
  };
  std::string parameters;
  for (size_t i = 1; i < method.parameters.size(); ++i) {
    const std::string& parameter = method.parameters[i];
    parameters += (i == 1 ? "" : ", ") + parameter;
    if (default_of(parameter) != method.defaults.end()) parameters += "=";
  }
  CheckArguments(method.name, parameters, arguments);
  syntax::ParseResult parsed = syntax::Parse("(" + method.source + ")", options_.eval.limits);
  const auto* statement = parsed.module && parsed.module->body.size() == 1
                              ? std::get_if<ast::ExprStmt>(&parsed.module->body[0]->node)
                              : nullptr;
  if (statement == nullptr) {
    Reject(Kind::OpaquePart, span, method.name, std::string("its body cannot be read"));
  }
  const Scope before = std::move(names_);
  names_.clear();
  ++depth_;
  for (size_t i = 0; i < method.parameters.size(); ++i) {
    const std::string& parameter = method.parameters[i];
    if (i == 0) {
      names_.insert_or_assign(parameter, self);
    } else if (BoundPtr keyword = arguments.Take(parameter)) {
      names_.insert_or_assign(parameter, std::move(keyword));
    } else if (i - 1 < arguments.positional.size()) {
      names_.insert_or_assign(parameter, arguments.positional[i - 1]);
    } else {
      names_.insert_or_assign(parameter, ConstantOf(span, default_of(parameter)->second));
    }
  }
  inlined_.push_back(std::move(parsed.module));
  try {
    BoundPtr value = Eval(*statement->value);
    names_ = before;
    --depth_;
    notes_.push_back("`" + method.name + "` is the site's own: " + method.source);
    auto placed = std::make_shared<Bound>(*value);
    placed->span = span;
    return placed;
  } catch (const Rejection& rejection) {
    names_ = before;
    --depth_;
    // A name may be one that is hidden: the site's code is not to tell it.
    const Diagnostic& why = rejection.diagnostic();
    const bool named = InfoOf(why.kind).code / 100 == 2;
    Reject(Kind::OpaquePart, span, method.name,
           named ? "it uses what is not shown here" : MessageOf(why));
  }
}

// str() of an instance: the site's `__str__`, or Django's "Order object (1)".
program::ExprPtr Binder::InstanceText(const PythonValue& value, Span span) {
  const Model& model = *value.type.model;
  if (model.text) {
    PythonValue present = value;
    present.type.nullable = false;
    const program::ExprPtr text =
        ToProgram(Inlined(*model.text, MakeBound(span, present), Arguments{}, span));
    if (!value.type.nullable) return text;
    const auto constant = [&](Value v) {
      return program::Make(span, program::Constant{std::move(v)});
    };
    program::Comparison absent{value.expr, {{program::CompareOp::kIs, constant(Value::None())}}};
    return program::Make(span, program::Conditional{program::Make(span, std::move(absent)),
                                                    constant(Value::Str("None")), text});
  }
  return program::Make(span, program::CallBuiltin{"str", {value.expr}, {}});
}

}  // namespace ormc::bind
