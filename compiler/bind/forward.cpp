#include "compiler/bind/binder.h"

// The one row of a relation: fetched in the same rows, by a join.
namespace ormc::bind {
namespace {

using manifest::Model;

// Asks that a relation be fetched with the rows of a query.
void Request(sql::RelatedPaths& paths, const std::vector<std::string>& names) {
  sql::RelatedPaths* at = &paths;
  for (const std::string& name : names) at = &at->paths[name];
}

}  // namespace

BoundPtr Binder::Related(const PythonValue& value, const std::string& attribute, const Model& model,
                         bool nullable, Span span) {
  const manifest::Manager* base = model.FindManager(model.base_manager);
  if (base != nullptr && base->kind != manifest::Manager::Kind::kPlain) {
    // Fetched through a manager that leaves rows out, where a join would find them.
    Reject(Kind::NotSupported, span, "`" + attribute + "`, which is read through a base manager",
           "ask for it: `" + model.name + "." + model.base_manager + ".get(...)`");
  }
  Type type = MakeType(TypeKind::kInstance, nullable || value.type.nullable);
  type.model = &model;
  for (const Origin& origin : value.type.origins) {
    Origin further = origin;
    further.path.push_back(attribute);
    Request(pending_[further.query].related, further.path);
    type.origins.push_back(std::move(further));
  }
  return MakeBound(span, PythonValue{program::Make(span, program::Attribute{value.expr, attribute}),
                                     std::move(type),
                                     {}});
}

}  // namespace ormc::bind
