// The one row of a relation: fetched in the same rows, by a join; or, where a Prefetch says which,
// by a query of its own.
#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/bind/batches.h"
#include "compiler/bind/binder.h"

namespace ormc::bind {
namespace {

using manifest::Model;

// Asks that a relation be fetched with the rows of a query.
void Request(sql::RelatedPaths& paths, const std::vector<std::string>& names) {
  sql::RelatedPaths* at = &paths;
  for (const std::string& name : names) at = &at->paths[name];
}

}  // namespace

bool IsRowItself(const PrefetchPart& part, const RelationStep& step) {
  if (step.reverse && !part.to_attr.empty()) return false;  // Django sets None where there is none
  if (!part.queryset) return true;
  const plan::Query& query = *part.queryset->query;
  const std::vector<PrefetchPart>& inner = part.queryset->prefetches;
  return query.where_root->args.empty() && query.annotations.empty() && !query.IsSliced() &&
         std::all_of(inner.begin(), inner.end(), [](const PrefetchPart& further) {
           return !further.queryset && further.to_attr.empty();
         });
}

BoundPtr Binder::Related(const PythonValue& value, const std::string& attribute, const Model& model,
                         bool nullable, Span span) {
  if (const PrefetchPart* part = PrefetchOf(value, attribute, span)) {
    const std::optional<RelationStep> step = RelationNamed(*value.type.model, attribute);
    if (step && !IsRowItself(*part, *step)) return PrefetchedRow(value, *part, span);
  }
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

// ForwardManyToOneDescriptor, ReverseOneToOneDescriptor: get_prefetch_querysets()
BoundPtr Binder::PrefetchedRow(const PythonValue& value, const PrefetchPart& part, Span span) {
  const std::string& relation_name = part.path.back();
  const RelationStep step = *RelationNamed(*value.type.model, relation_name);
  const manifest::Relation& relation = *step.field->relation;
  if (relation.to_fields.size() != 1) {
    Reject(Kind::NotSupported, span,
           std::string("a Prefetch of the one row of a relation by several columns"),
           std::string("prefetch it without a queryset"));
  }
  const manifest::Field* pointed = relation.to->FindField(relation.to_fields[0]);
  Check(pointed != nullptr, "a relation names no field");
  QuerySet rows = part.queryset
                      ? *part.queryset
                      : FromModel(*step.to, step.to->FindManager(step.to->base_manager), span);
  const std::string& name = part.to_attr.empty() ? relation_name : part.to_attr;
  for (PrefetchPart& further : FurtherPrefetches(value, name)) {
    rows.prefetches.push_back(std::move(further));
  }
  const std::optional<Origin> origin = SingleOrigin(value.type);
  Check(origin.has_value(), "a Prefetch of rows of several queries");
  const plan::InternalPaths internal(plan_);
  const std::string& of_rows = step.reverse ? step.field->name : pointed->name;
  program::RelatedOf of;
  of.keys_slot = NewSlot();
  of.query = GroupedByKey(Keyed(std::move(rows), of_rows, of.keys_slot, span), of_rows, span);
  of.origin = origin->query;
  of.path = origin->path;
  of.owner = value.expr;
  of.key = step.reverse ? pointed->attname : step.field->attname;
  of.name = name;
  const bool raises = part.to_attr.empty() && (step.reverse || !step.field->null);
  of.take = raises ? program::RelatedOf::Take::kRow : program::RelatedOf::Take::kRowOrNone;
  Type type = MakeType(TypeKind::kInstance, !raises);
  type.model = pending_[of.query].query->model;
  type.origins = {Origin{of.query, {}}};
  return MakeBound(span, PythonValue{program::Make(span, std::move(of)), std::move(type), {}});
}

}  // namespace ormc::bind
