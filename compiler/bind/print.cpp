#include "compiler/bind/print.h"

#include "compiler/base/check.h"
#include "compiler/plan/print.h"
#include "compiler/program/print.h"
#include "compiler/values/text.h"

namespace ormc::bind {
namespace {

std::string Element(const std::shared_ptr<const Type>& element) {
  return element ? Print(*element) : "?";
}

std::string Plain(const Type& type) {
  switch (type.kind) {
    case TypeKind::kUnknown:
      return "?";
    case TypeKind::kNone:
      return "None";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kZone:
      return "tzinfo";
    case TypeKind::kInstance:
      return type.model->label;
    case TypeKind::kRow:
      return "a row";
    case TypeKind::kList:
    case TypeKind::kSet:
      return std::string(NameOf(type)) + "[" + Element(type.element) + "]";
    case TypeKind::kTuple: {
      std::string items;
      for (size_t i = 0; i < type.items.size(); ++i) {
        items += i == 0 ? "" : ", ";
        if (i < type.fields.size()) items += type.fields[i].first + ": ";
        items += Print(type.items[i]);
      }
      return "(" + items + ")";
    }
    case TypeKind::kDict: {
      if (type.fields.empty())
        return "dict[" + Element(type.key) + ", " + Element(type.element) + "]";
      std::string items;
      for (const NamedType& field : type.fields) {
        items += (items.empty() ? "" : ", ") + StrRepr(field.first) + ": " + Print(field.second);
      }
      return "{" + items + "}";
    }
    case TypeKind::kInt:
    case TypeKind::kFloat:
    case TypeKind::kDecimal:
    case TypeKind::kStr:
    case TypeKind::kBytes:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDateTime:
    case TypeKind::kTimeDelta:
    case TypeKind::kUuid:
      return std::string(NameOf(type));
  }
  return {};
}

std::string_view NameOf(Rows rows) {
  switch (rows) {
    case Rows::kInstances:
      return "instances";
    case Rows::kDicts:
      return "dicts";
    case Rows::kTuples:
      return "tuples";
    case Rows::kFlat:
      return "values";
    case Rows::kNamed:
      return "named tuples";
  }
  return {};
}

std::string_view NameOf(Named::Kind kind) {
  switch (kind) {
    case Named::Kind::kModule:
      return "module";
    case Named::Kind::kConstructor:
      return "constructor";
    case Named::Kind::kFunction:
      return "database function";
    case Named::Kind::kAggregate:
      return "aggregate";
    case Named::Kind::kLookup:
      return "lookup";
    case Named::Kind::kField:
      return "field class";
    case Named::Kind::kBuiltin:
      return "builtin";
    case Named::Kind::kRefused:
      return "refused name";
  }
  return {};
}

void AddRelated(const sql::RelatedPaths& related, const std::string& before, std::string& out) {
  for (const auto& [name, below] : related.paths) {
    out += (out.empty() ? "" : ", ") + before + name;
    AddRelated(below, before + name + "__", out);
  }
}

std::string Of(const QuerySet& queryset, const std::string& indent) {
  std::string out = "queryset of " + queryset.query->model->label + " as ";
  out += NameOf(queryset.rows);
  std::string related;
  AddRelated(queryset.related, "", related);
  if (!related.empty()) out += ", with " + related;
  plan::PrintOptions options;
  options.indent = indent + "  ";
  return out + "\n" + plan::Print(*queryset.query, options);
}

}  // namespace

std::string Print(const Type& type) {
  const bool maybe =
      type.nullable && type.kind != TypeKind::kNone && type.kind != TypeKind::kUnknown;
  return Plain(type) + (maybe ? "?" : "");
}

std::string Print(const Bound& bound, const std::string& indent) {
  const std::string below = indent + "  ";
  return std::visit(
      Overloaded{
          [](const PythonValue& node) {
            return Print(node.type) + " = " + program::Print(node.expr) + "\n";
          },
          [](const ModelClass& node) { return "model " + node.model->label + "\n"; },
          [](const ManagerRef& node) {
            return "manager " + node.manager->name + " of " + node.model->label + "\n";
          },
          [&](const QuerySet& node) { return Of(node, indent); },
          [&](const RelatedRows& node) { return "manager of a " + Of(node.queryset, indent); },
          [&](const OneOf& node) {
            return "`" + node.name + "` of " + std::to_string(node.arms.size()) + " models\n";
          },
          [](const Expression& node) { return "expression " + plan::Print(node.expr) + "\n"; },
          [](const FieldInstance& node) {
            return "field " + std::string(manifest::NameOf(node.type.kind)) + "\n";
          },
          [](const FilteredRelationValue& node) {
            return "relation " + node.relation.path + " where " +
                   plan::Print(node.relation.condition) + "\n";
          },
          [](const FrameValue& node) {
            return std::string(node.frame.rows ? "rows" : "range") + " frame\n";
          },
          [](const PrefetchValue& node) {
            return "prefetch of " + node.path +
                   (node.to_attr.empty() ? "" : " as " + node.to_attr) + "\n";
          },
          [](const Named& node) { return std::string(NameOf(node.kind)) + " " + node.name + "\n"; },
          [](const ChoicesRef& node) {
            return "choices " + node.model->label + "." + node.choices->name + "\n";
          },
          [](const ChoicesMember& node) {
            return "choice " + node.choices->name + "." + node.member->name + " = " +
                   Repr(node.member->value) + "\n";
          },
          [&](const Sequence& node) {
            std::string out = "display of " + std::to_string(node.items.size()) + "\n";
            for (const BoundPtr& item : node.items) out += below + "- " + Print(*item, below);
            return out;
          },
          [&](const Mapping& node) {
            std::string out = "dict of " + std::to_string(node.items.size()) + "\n";
            for (const auto& [key, item] : node.items) {
              out += below + "- key " + Print(*key, below) + below + "  " + Print(*item, below);
            }
            return out;
          },
          [](const LambdaValue&) { return std::string("lambda\n"); },
          [](const MethodValue& method) { return "method " + method.name + "\n"; },
      },
      bound.node);
}

}  // namespace ormc::bind
