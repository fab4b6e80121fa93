#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/containers.h"
#include "compiler/bind/making.h"
#include "compiler/bind/results.h"
#include "compiler/values/dict.h"

namespace ormc::bind {

// Django counts the rows that it has, and those may be more than the database counts.
void Binder::RejectCountOfRead(const BoundPtr& receiver, catalog::MethodId method,
                               Span span) const {
  const auto* related = receiver->As<RelatedRows>();
  const auto* queryset = related != nullptr ? &related->queryset : receiver->As<QuerySet>();
  if (queryset == nullptr || !read_.contains(receiver)) return;
  const plan::Query& query = *queryset->query;
  const bool counts = method == catalog::MethodId::kCount ||
                      (method == catalog::MethodId::kExists && query.IsSliced());
  if (!counts || !query.OrderMultiplies()) return;
  Reject(Kind::NotSupported, span,
         std::string("a count of a queryset that was read before, in an order that adds rows"),
         std::string("use `len(...)`, or count it before"));
}

BoundPtr Binder::CallMethod(const BoundPtr& receiver, const std::string& name, Arguments arguments,
                            Span span) {
  if (const auto* one = receiver->As<OneOf>()) return CallEach(*one, name, arguments, span);
  const auto as_queryset = AsQuerySet(receiver);
  if (as_queryset) {
    if (const catalog::Method* method = catalog::FindMethod(name)) {
      const bool of_manager = method->id == catalog::MethodId::kGetQueryset;
      if (of_manager && receiver->As<QuerySet>() != nullptr) {
        Reject(Kind::UnknownMethod, span, name);
      }
      CheckArguments(name, method->parameters, arguments);
      RejectCountOfRead(receiver, method->id, span);
      if (method->group != "queryset") {
        return End(*as_queryset, *method, std::move(arguments), span);
      }
      BoundPtr made = QuerySetMethod(*as_queryset, *method, std::move(arguments), span);
      // all() of a manager gives the rows that were prefetched.
      const bool same = method->id == catalog::MethodId::kAll && read_.contains(receiver);
      if (same && receiver->As<RelatedRows>() != nullptr) read_.insert(made);
      return made;
    }
    if (BoundPtr word = DjangoWord(*as_queryset, name, arguments, span)) return word;
    if (as_queryset->manager != nullptr) {
      const bool on_manager = receiver->As<QuerySet>() == nullptr;
      for (const manifest::Method& method : as_queryset->manager->methods) {
        if (method.name != name || (method.manager_only && !on_manager)) continue;
        const BoundPtr self = method.manager_only ? receiver : MakeBound(span, *as_queryset);
        return Inlined(method, self, std::move(arguments), span);
      }
    }
    if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name)) {
      if (!refused->verb.empty()) {
        Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
      }
      Reject(Kind::MethodRefused, span, name, std::string(refused->reason));
    }
    if (name.starts_with("_")) Reject(Kind::UnderscoreName, span, name);
    Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownMethod, span, name);
    diagnostic.suggestion = DidYouMean(name, catalog::MethodNames());
    throw Rejection(std::move(diagnostic));
  }
  if (const auto* expression = receiver->As<Expression>()) {
    const bool ascending = name == "asc";
    if (ascending || name == "desc") {
      const plan::Op op = expression->expr->op;
      if (op == plan::Op::kCondition || op == plan::Op::kOrderBy) {
        // A Q has no such method, and that of an order gives None.
        Reject(Kind::UnknownAttribute, span,
               std::string(op == plan::Op::kOrderBy ? "OrderBy" : "Q"), name);
      }
      plan::Expr order;
      order.op = plan::Op::kOrderBy;
      order.span = span;
      order.descending = !ascending;
      order.args = {expression->expr};
      CheckArguments(name, "*, nulls_first=, nulls_last=", arguments);
      for (const auto& [keyword, value] : arguments.keywords) {
        const Value* known = ConstantIn(value);
        if (known != nullptr && known->As<bool>() != nullptr && !*known->As<bool>()) {
          Reject(Kind::BadValue, value->span,
                 std::string("nulls_first and nulls_last values must be True or None."));
        }
        (keyword == "nulls_first" ? order.nulls_first : order.nulls_last) = Flag(value);
      }
      if (order.nulls_first && order.nulls_last) {
        Reject(Kind::BadValue, span,
               std::string("nulls_first and nulls_last are mutually exclusive"));
      }
      return MakeBound(span, Expression{plan::Finish(std::move(order)), {}});
    }
    static const std::map<std::string, std::string, std::less<>> bit_operators = {
        {"bitand", "&"},
        {"bitor", "|"},
        {"bitxor", "#"},
        {"bitleftshift", "<<"},
        {"bitrightshift", ">>"}};
    if (const auto bits = bit_operators.find(name);
        bits != bit_operators.end() && arguments.positional.size() == 1) {
      plan::Expr arithmetic;
      arithmetic.op = plan::Op::kArithmetic;
      arithmetic.span = span;
      arithmetic.name = bits->second;
      arithmetic.args = {expression->expr, ToExpression(arguments.positional[0], false)};
      return MakeBound(span, Expression{plan::Finish(std::move(arithmetic)), {}});
    }
    Reject(Kind::UnknownAttribute, span, std::string("this expression"), name);
  }
  if (const auto* mapping = receiver->As<Mapping>()) {
    // A dict of known keys whose items are no plain values.
    if (name == "items" || name == "keys" || name == "values") {
      Sequence sequence{ast::DisplayKind::kList, {}};
      for (const auto& [key, item] : mapping->items) {
        if (name == "keys") sequence.items.push_back(key);
        if (name == "values") sequence.items.push_back(item);
        if (name == "items") {
          sequence.items.push_back(
              MakeBound(span, Sequence{ast::DisplayKind::kTuple, {key, item}}));
        }
      }
      return MakeBound(span, std::move(sequence));
    }
    if (name == "get") {
      if (BoundPtr item = KnownGet(receiver, arguments, span)) return item;
    }
  }
  return CallValueMethod(ToPython(receiver), name, std::move(arguments), span);
}

BoundPtr Binder::CallValueMethod(const PythonValue& value, const std::string& name,
                                 Arguments arguments, Span span) {
  if (value.type.kind == TypeKind::kInstance) {
    const manifest::Model& model = *value.type.model;
    if (name.starts_with("get_") && name.ends_with("_display") && name.size() > 12) {
      const std::string field_name = name.substr(4, name.size() - 12);
      const manifest::Field* field = scope_.FindField(model, field_name);
      if (field != nullptr && !field->choices.empty()) {
        CheckArguments(name, "", arguments);
        const PythonValue stored = ToPython(InstanceAttribute(value, field->attname, span));
        Dict labels;
        for (const auto& [choice, label] : field->choices) labels.Set(choice, Value::Str(label));
        program::CallMethod get{
            program::Make(span, program::Constant{DictValue(std::move(labels))}),
            "get",
            {stored.expr, stored.expr},
            {}};
        return MakeBound(span, PythonValue{program::Make(span, std::move(get)),
                                           MakeType(TypeKind::kStr, field->null),
                                           {}});
      }
    }
    if (BoundPtr word = DjangoWord(value, name, arguments, span)) return word;
    for (const manifest::Method& method : model.methods) {
      if (method.name == name) {
        return Inlined(method, MakeBound(span, value), std::move(arguments), span);
      }
    }
    if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name);
        refused != nullptr && !refused->verb.empty()) {
      Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
    }
    return CallRelated(value, name, std::move(arguments), span);
  }
  if (value.type.kind == TypeKind::kRow) {
    const OfInstance call = [&](const PythonValue& row) {
      return CallValueMethod(row, name, arguments, span);
    };
    return OfEachModel(value, name, call, span);
  }
  RejectLate(value.type, span);
  const std::string_view type = NameOf(value.type);
  if (name.starts_with("_")) Reject(Kind::UnderscoreName, span, name);
  if (!eval::HasMethod(type, name)) {
    if (const catalog::RefusedMethod* refused = catalog::FindRefusedMethod(name);
        refused != nullptr && !refused->verb.empty()) {
      Reject(Kind::WriteRefused, span, std::string(refused->verb), name);
    }
    Diagnostic diagnostic =
        MakeDiagnostic(Kind::UnknownAttribute, span,
                       type.empty() ? std::string("this value") : std::string(type), name);
    std::vector<std::string> known;
    for (const eval::CallableInfo& row : eval::Methods()) {
      if (type.empty() || row.type == type) known.emplace_back(row.name);
    }
    diagnostic.suggestion = DidYouMean(name, known);
    throw Rejection(std::move(diagnostic));
  }
  for (const eval::CallableInfo& row : eval::Methods()) {
    if (row.name == name && row.mutates && (type.empty() || row.type == type)) {
      const bool also_pure = std::any_of(
          eval::Methods().begin(), eval::Methods().end(), [&](const eval::CallableInfo& other) {
            return other.name == name && !other.mutates && (type.empty() || other.type == type);
          });
      // `d = out.setdefault(k, {})`, `out.setdefault(k, []).append(e)`
      const bool folded = name == "setdefault" && in_fold_ && !value.constant;
      if (!also_pure && !folded) {
        Reject(Kind::MutationOutsideFold, span, name,
               std::string("write the whole value, or a comprehension"));
      }
    }
  }
  program::CallMethod call{value.expr, name, {}, {}};
  bool constant = value.constant.has_value();
  const bool formats = name == "format" || name == "format_map";
  std::vector<Type> types;
  for (const BoundPtr& argument : arguments.positional) {
    constant = constant && ConstantIn(argument) != nullptr;
    const PythonValue python = ToPython(argument);
    if (formats && !python.constant) NeedTexts(python.type, span);
    types.push_back(python.type);
    call.arguments.push_back(python.expr);
  }
  for (const auto& [keyword, argument] : arguments.keywords) {
    constant = constant && ConstantIn(argument) != nullptr;
    const PythonValue python = ToPython(argument);
    if (formats && !python.constant) NeedTexts(python.type, span);
    call.keywords.push_back({keyword, python.expr});
  }
  return Computed(span, program::Make(span, std::move(call)), MethodType(value.type, name, types),
                  constant);
}

}  // namespace ormc::bind