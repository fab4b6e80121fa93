#include <algorithm>
#include <array>
#include <set>

#include "compiler/bind/batches.h"
#include "compiler/bind/making.h"
#include "compiler/bind/queryset_checks.h"

namespace ormc::bind {
namespace {

using manifest::Field;
using manifest::Model;
using manifest::RelationKind;

bool BeginsWith(const std::vector<std::string>& path, const std::vector<std::string>& head) {
  return path.size() >= head.size() && std::equal(head.begin(), head.end(), path.begin());
}

// Prefetch.prefetch_to: where the rows are found.
std::vector<std::string> PlaceOf(const PrefetchPart& part) {
  std::vector<std::string> place = part.path;
  if (!part.to_attr.empty()) place.back() = part.to_attr;
  return place;
}

// The places that `part` and what its queryset fetches fill, from `above` on.
void CollectPlaces(const PrefetchPart& part, const std::vector<std::string>& above,
                   std::set<std::vector<std::string>>& places) {
  std::vector<std::string> place = above;
  for (const std::string& name : PlaceOf(part)) {
    place.push_back(name);
    places.insert(place);
  }
  if (!part.queryset) return;
  for (const PrefetchPart& inner : part.queryset->prefetches) CollectPlaces(inner, place, places);
}

// The part that fills a place by `to_attr`, the queryset of another part's among them.
const PrefetchPart* PartAt(const std::vector<PrefetchPart>& parts,
                           const std::vector<std::string>& place) {
  for (const PrefetchPart& part : parts) {
    const std::vector<std::string> filled = PlaceOf(part);
    if (!BeginsWith(place, filled)) continue;
    if (place == filled && !part.to_attr.empty()) return &part;
    if (!part.queryset || place.size() == filled.size()) continue;
    const std::vector<std::string> within(
        place.begin() + static_cast<std::ptrdiff_t>(filled.size()), place.end());
    if (const PrefetchPart* inner = PartAt(part.queryset->prefetches, within)) return inner;
  }
  return nullptr;
}

}  // namespace

std::optional<RelationStep> Binder::RelationNamed(const Model& model,
                                                  const std::string& name) const {
  if (const Field* field = scope_.FindField(model, name)) {
    if (!field->relation || field->name != name) return std::nullopt;
    const manifest::Relation& relation = *field->relation;
    if (relation.kind == RelationKind::kGenericForeignKey) {
      return RelationStep{field, false, nullptr, false};
    }
    if (relation.to == nullptr || !scope_.Sees(*relation.to)) return std::nullopt;
    const bool many = relation.kind == RelationKind::kManyToMany ||
                      relation.kind == RelationKind::kGenericRelation;
    return RelationStep{field, false, relation.to, many};
  }
  if (const manifest::Reverse* reverse = scope_.FindAccessor(model, name)) {
    return RelationStep{reverse->field, true, reverse->model,
                        reverse->kind != RelationKind::kOneToOne};
  }
  return std::nullopt;
}

// The last relation of the part's path, which may lead through the `to_attr` of those before it.
RelationStep Binder::PrefetchedRelation(const Model& model, const std::vector<PrefetchPart>& before,
                                        const PrefetchPart& part, Span span) const {
  const Model* at = &model;
  std::optional<RelationStep> step;
  std::vector<std::string> place;
  for (const std::string& name : part.path) {
    if (at == nullptr) {
      Reject(Kind::NotSupported, span,
             "a prefetch through the generic foreign key `" + place.back() + "`",
             std::string("leave it out: the rows are the same without it"));
    }
    place.push_back(name);
    const bool last = place.size() == part.path.size();
    const PrefetchPart* named = last ? nullptr : PartAt(before, place);
    step = RelationNamed(*at, named != nullptr ? named->path.back() : name);
    if (!step) RejectAttribute(*at, name, span);
    if (last && !part.to_attr.empty() &&
        (scope_.FindField(*at, part.to_attr) != nullptr || RelationNamed(*at, part.to_attr))) {
      Reject(Kind::BadValue, span,
             "to_attr=" + part.to_attr + " conflicts with a field on the " + at->name + " model.");
    }
    at = step->to;
  }
  return *step;
}

// What a Prefetch of the value's query says of the relation or `to_attr` that is called `name`.
const PrefetchPart* Binder::PrefetchOf(const PythonValue& value, const std::string& name,
                                       Span span) const {
  const PrefetchPart* found = nullptr;
  for (const Origin& origin : value.type.origins) {
    std::vector<std::string> place = origin.path;
    place.push_back(name);
    for (const PrefetchPart& part : pending_[origin.query].prefetches) {
      if (PlaceOf(part) != place || (!part.queryset && part.to_attr.empty())) continue;
      if (!SingleOrigin(value.type)) {
        Reject(Kind::NotSupported, span,
               "`" + name + "` of rows that come from several queries, one with a Prefetch",
               std::string("use the rows of one query"));
      }
      if (found == nullptr) found = &part;
    }
  }
  return found;
}

// May the rows of the relation be there, whichever manager asks for them?
bool Binder::IsPrefetched(const PythonValue& value, const std::string& name) const {
  return prefetches_objects_ ||
         std::any_of(
             value.type.origins.begin(), value.type.origins.end(), [&](const Origin& origin) {
               std::vector<std::string> place = origin.path;
               place.push_back(name);
               const auto& parts = pending_[origin.query].prefetches;
               return std::any_of(parts.begin(), parts.end(),
                                  [&](const auto& part) { return BeginsWith(part.path, place); });
             });
}

// Lookups that go on from the value's relation: "lines" and "product" of "lines__product".
std::vector<PrefetchPart> Binder::FurtherPrefetches(const PythonValue& value,
                                                    const std::string& name) const {
  std::vector<PrefetchPart> further;
  const std::optional<Origin> origin = SingleOrigin(value.type);
  if (!origin) return further;
  std::vector<std::string> here = origin->path;
  here.push_back(name);
  for (const PrefetchPart& part : pending_[origin->query].prefetches) {
    if (part.path.size() <= here.size() || !BeginsWith(part.path, here)) continue;
    further.push_back(part);
    further.back().path.erase(
        further.back().path.begin(),
        further.back().path.begin() + static_cast<std::ptrdiff_t>(here.size()));
  }
  return further;
}

// `author.recent` of Prefetch("books", queryset=..., to_attr="recent"): a list.
BoundPtr Binder::ToAttribute(const PythonValue& value, const std::string& name, Span span) {
  const PrefetchPart* part = PrefetchOf(value, name, span);
  if (part == nullptr || part->to_attr.empty()) return nullptr;
  const RelationStep step = *RelationNamed(*value.type.model, part->path.back());
  if (!step.many) {
    return IsRowItself(*part, step) ? InstanceAttribute(value, part->path.back(), span)
                                    : PrefetchedRow(value, *part, span);
  }
  QuerySet base =
      part->queryset ? *part->queryset : FromRelation(*step.to, step.to->default_manager, span);
  for (PrefetchPart& further : FurtherPrefetches(value, name)) {
    base.prefetches.push_back(std::move(further));
  }
  const QuerySet rows =
      RelatedQuery(base, part->queryset != nullptr, value, *step.field, step.reverse, span);
  return Fetch(rows, program::FetchKind::kRows, span);
}

// Prefetch(lookup, queryset=None, to_attr=None)
BoundPtr Binder::MakePrefetch(const std::string& name, Arguments& arguments, Span span) {
  static constexpr std::array<std::string_view, 3> kParameters = {"lookup", "queryset", "to_attr"};
  std::vector<BoundPtr> values = InOrder(name, kParameters, arguments);
  for (BoundPtr& value : values) {
    const Value* constant = value ? ConstantIn(value) : nullptr;
    if (constant != nullptr && constant->is_none()) value = nullptr;
  }
  if (!values[0]) Reject(Kind::MissingArgument, span, name, std::string("a lookup"));
  PrefetchValue prefetch;
  prefetch.path = RequireText(values[0], "lookup");
  if (const BoundPtr& given = values[1]) {
    const auto queryset = AsQuerySet(given);
    if (!queryset) {
      Reject(Kind::BadArgument, given->span, std::string("queryset= takes a queryset"));
    }
    if (queryset->rows != Rows::kInstances) {
      Reject(Kind::BadValue, given->span,
             std::string("Prefetch querysets cannot use raw(), values(), and values_list()."));
    }
    if (queryset->query->combinator != plan::Combinator::kNone ||
        !queryset->query->distinct_fields.empty()) {
      Reject(Kind::NotSupported, given->span,
             std::string("a Prefetch of a combined queryset, or of one that is distinct on fields"),
             std::string("filter, order and slice it only"));
    }
    prefetch.queryset = std::make_shared<const QuerySet>(*queryset);
  }
  if (values[2]) prefetch.to_attr = RequireText(values[2], "to_attr");
  return MakeBound(span, std::move(prefetch));
}

PrefetchPart Binder::PrefetchPartOf(const BoundPtr& argument) {
  if (const auto* given = argument->As<PrefetchValue>()) {
    return {plan::SplitPath(given->path), given->queryset, given->to_attr};
  }
  return {plan::SplitPath(RequireText(argument, "prefetch_related")), nullptr, {}};
}

// Its names must be relations; what they bring is fetched where it is used.
BoundPtr Binder::PrefetchRelated(QuerySet queryset, const Arguments& arguments, Span span) {
  RejectCombined(queryset, "prefetch_related", span);
  std::set<std::vector<std::string>> places;
  for (const PrefetchPart& part : queryset.prefetches) CollectPlaces(part, {}, places);
  for (const BoundPtr& argument : arguments.positional) {
    const Value* none = ConstantIn(argument);
    if (none != nullptr && none->is_none()) {
      if (arguments.positional.size() > 1) RejectNoneAmongNames("prefetch_related", argument->span);
      queryset.prefetches.clear();
      places.clear();
      continue;
    }
    const PrefetchPart part = PrefetchPartOf(argument);
    const RelationStep step =
        PrefetchedRelation(*queryset.query->model, queryset.prefetches, part, argument->span);
    if (part.queryset && places.contains(PlaceOf(part))) {
      Reject(Kind::BadValue, argument->span,
             "'" + plan::JoinPath(PlaceOf(part)) +
                 "' lookup was already seen with a different queryset. You may need to adjust "
                 "the ordering of your lookups.");
    }
    if (step.to == nullptr && (part.queryset || !part.to_attr.empty())) {
      Reject(Kind::NotSupported, argument->span,
             std::string("a Prefetch of a generic foreign key with a queryset or to_attr"),
             std::string("write its name alone"));
    }
    if (!step.many && !IsRowItself(part, step)) {
      if (part.queryset) RejectAfterSlice(*part.queryset, "filter", argument->span);
    }
    // Django's own manager filters the queryset once more, for each owner; a generic one always.
    const bool generic = step.to != nullptr && !step.reverse &&
                         step.field->relation->kind == RelationKind::kGenericRelation;
    if (step.many && part.queryset && (part.to_attr.empty() || generic)) {
      RejectAfterSlice(*part.queryset, "filter", argument->span);
    }
    if (part.queryset &&
        &plan::Concrete(*part.queryset->query->model) != &plan::Concrete(*step.to)) {
      Reject(Kind::WrongModel, argument->span, part.queryset->query->model->name, step.to->name);
    }
    CollectPlaces(part, {}, places);
    queryset.prefetches.push_back(part);
  }
  return MakeBound(span, std::move(queryset));
}

// prefetch_related_objects(instances, *lookups): the rows are the same after it.
BoundPtr Binder::PrefetchObjects(const std::string& name, Arguments& arguments, Span span) {
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  if (arguments.positional.empty()) {
    Reject(Kind::MissingArgument, span, name, std::string("a list of rows"));
  }
  prefetches_objects_ = true;
  const Type rows = TypeOf(arguments.positional[0]);
  const Type row = ElementOf(rows);
  for (size_t i = 1; i < arguments.positional.size(); ++i) {
    const BoundPtr& argument = arguments.positional[i];
    const PrefetchPart part = PrefetchPartOf(argument);
    if (part.queryset || !part.to_attr.empty() || row.kind != TypeKind::kInstance) {
      Reject(Kind::NotSupported, argument->span, "`" + name + "` with a queryset or to_attr",
             std::string("write `.prefetch_related(Prefetch(...))` where the rows are asked for"));
    }
    (void)PrefetchedRelation(*row.model, {}, part, argument->span);
  }
  return ConstantOf(span, Value::None());
}

}  // namespace ormc::bind
