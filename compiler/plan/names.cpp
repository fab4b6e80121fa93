#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

using manifest::Field;
using manifest::Model;
using manifest::RelationKind;
using manifest::Reverse;

using ColumnPairs = std::vector<std::pair<const Field*, const Field*>>;

const Field& FieldNamed(const Model& model, const std::string& name) {
  const Field* field = model.FindField(name);
  if (field == nullptr && name == "pk") field = model.PrimaryKey();
  Check(field != nullptr, "a relation of the manifest names no field");
  return *field;
}

// The two ends of a foreign key, from the model that holds it.
ColumnPairs ForwardColumns(const Field& field) {
  ColumnPairs pairs;
  const manifest::Relation& relation = *field.relation;
  for (size_t i = 0; i < relation.from_fields.size(); ++i) {
    const Model& holder = field.model != nullptr ? *field.model : *field.owner;
    const Field& from =
        relation.from_fields[i] == "self" ? field : FieldNamed(holder, relation.from_fields[i]);
    pairs.emplace_back(&from, &FieldNamed(*relation.to, relation.to_fields[i]));
  }
  return pairs;
}

// A model inherits its parents' fields; a join is known by the one that the parent declares.
const Field* Declared(const Field& field) {
  return field.model != nullptr ? &FieldNamed(*field.model, field.name) : &field;
}

Hop ForwardHop(const Field& field) {
  Hop hop;
  hop.from = field.model != nullptr ? field.model : field.owner;
  hop.to = &Concrete(*field.relation->to);
  hop.join_field = Declared(field);
  hop.direct = true;
  hop.nullable = field.null;
  hop.columns = ForwardColumns(field);
  for (const auto& [from, to] : hop.columns) hop.targets.push_back(to);
  return hop;
}

Hop ReverseHop(const Field& field) {
  Hop hop;
  hop.from = &Concrete(*field.relation->to);
  hop.to = &Concrete(field.model != nullptr ? *field.model : *field.owner);
  hop.join_field = Declared(field);
  hop.reverse = true;
  hop.nullable = true;
  hop.multi_valued = !field.unique;
  for (const auto& [from, to] : ForwardColumns(field)) hop.columns.emplace_back(to, from);
  for (const std::string& name : hop.to->primary_key) {
    hop.targets.push_back(&FieldNamed(*hop.to, name));
  }
  return hop;
}

// The rows that point to `field`'s model through a generic foreign key.
Hop GenericHop(const Field& field) {
  const manifest::Relation& relation = *field.relation;
  const Model& holder = Concrete(*field.owner);
  const Field& object_id = FieldNamed(*relation.to, relation.object_id_field);
  Check(holder.PrimaryKey() != nullptr, "a generic relation to a composite key");
  Hop hop;
  hop.from = &holder;
  hop.to = &Concrete(object_id.model != nullptr ? *object_id.model : *relation.to);
  hop.join_field = Declared(field);
  hop.reverse = true;
  hop.nullable = true;
  hop.multi_valued = true;
  hop.columns.emplace_back(holder.PrimaryKey(), &object_id);
  hop.targets.push_back(hop.to->PrimaryKey());
  hop.content_type_of = &holder;
  return hop;
}

// The same from the rows that point: to the one that they point to.
Hop GenericReverseHop(const Field& field) {
  Hop hop = GenericHop(field);
  std::swap(hop.from, hop.to);
  for (auto& [from, to] : hop.columns) std::swap(from, to);
  hop.reverse = false;
  hop.multi_valued = false;
  hop.targets = {hop.to->PrimaryKey()};
  hop.content_type_on_parent = true;
  return hop;
}

// From a parent's row down to the child's.
std::vector<Hop> PathFromParent(const Model& child, const Model& parent) {
  std::vector<Hop> hops;
  const std::vector<Hop> up = PathToParent(child, parent);
  for (auto hop = up.rbegin(); hop != up.rend(); ++hop) {
    hops.push_back(ReverseHop(*hop->join_field));
  }
  return hops;
}

void AddManyToMany(const Field& field, bool reverse, std::vector<Hop>& hops) {
  const manifest::Relation& relation = *field.relation;
  const Field& here = FieldNamed(*relation.through, relation.through_from);
  const Field& there = FieldNamed(*relation.through, relation.through_to);
  const Hop first = ReverseHop(reverse ? there : here);
  const Hop second = ForwardHop(reverse ? here : there);
  hops.push_back(first);
  // They differ only where the through model inherits from another.
  for (std::vector<Hop> between :
       {PathToParent(*first.to, *second.from), PathFromParent(*second.from, *first.to)}) {
    hops.insert(hops.end(), between.begin(), between.end());
  }
  hops.push_back(second);
}

const Field* NamelessRelation(const manifest::ScopedManifest& scope, const std::string& label) {
  const size_t dot = label.rfind('.');
  const Model* model = scope.manifest().Find(label.substr(0, dot));
  Check(model != nullptr, "no model of a relation without a name");
  return &FieldNamed(*model, label.substr(dot + 1));
}

std::vector<std::string> Choices(const Query& query, const Model& model) {
  std::vector<std::string> names = query.context->scope->FieldNames(model);
  for (const auto& [name, expr] : query.SelectedAnnotations()) names.push_back(name);
  for (const auto& relation : query.filtered_relations) names.push_back(relation->name);
  return names;
}

[[noreturn]] void RejectField(const Query& query, const std::string& name, const Model& model,
                              Span span) {
  // A child's own row goes on in its parent's table, which may be hidden.
  const std::string& said = query.context->scope->Sees(model) ? model.name : query.model->name;
  Diagnostic diagnostic = MakeDiagnostic(Kind::UnknownField, span, name, said);
  diagnostic.suggestion = DidYouMean(name, Choices(query, model));
  throw Rejection(std::move(diagnostic));
}

// The hops of a relation, from one side or from the other.
void AddHops(const Field& field, bool reverse, std::vector<Hop>& hops) {
  switch (field.relation->kind) {
    case RelationKind::kForeignKey:
    case RelationKind::kOneToOne:
      hops.push_back(reverse ? ReverseHop(field) : ForwardHop(field));
      return;
    case RelationKind::kManyToMany:
      AddManyToMany(field, reverse, hops);
      return;
    case RelationKind::kGenericRelation: {
      hops.push_back(reverse ? GenericReverseHop(field) : GenericHop(field));
      if (reverse) return;
      // Where a parent's table points: from there down to the rows that are meant.
      for (Hop& hop : PathFromParent(*field.relation->to, *hops.back().to)) {
        hops.push_back(std::move(hop));
      }
      return;
    }
    case RelationKind::kGenericForeignKey:
      return;
  }
}

}  // namespace

std::vector<std::string> SplitPath(std::string_view path) {
  std::vector<std::string> names;
  size_t begin = 0;
  while (true) {
    const size_t at = path.find("__", begin);
    if (at == std::string_view::npos) break;
    names.emplace_back(path.substr(begin, at - begin));
    begin = at + 2;
  }
  names.emplace_back(path.substr(begin));
  return names;
}

std::string JoinPath(const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& name : names) {
    if (!path.empty()) path += "__";
    path += name;
  }
  return path;
}

const Model& Concrete(const Model& model) {
  return model.concrete != nullptr ? *model.concrete : model;
}

std::vector<const Model*> BaseChain(const Model& from, const Model& parent) {
  for (const Model::Parent& link : Concrete(from).parents) {
    const Model& base = Concrete(*link.model);
    if (&base == &Concrete(parent)) return {&base};
    std::vector<const Model*> chain = BaseChain(base, parent);
    if (!chain.empty()) {
      chain.insert(chain.begin(), &base);
      return chain;
    }
  }
  return {};
}

std::vector<Hop> PathToParent(const Model& from, const Model& parent) {
  std::vector<Hop> hops;
  const Model* at = &Concrete(from);
  for (const Model* base : BaseChain(from, parent)) {
    for (const Model::Parent& link : at->parents) {
      if (&Concrete(*link.model) != base) continue;
      hops.push_back(ForwardHop(FieldNamed(*at, link.link)));
      break;
    }
    at = base;
  }
  return hops;
}

const ExprPtr* Query::FindAnnotation(std::string_view name) const {
  for (const auto& [known, expr] : annotations) {
    if (known == name) return &expr;
  }
  return nullptr;
}

bool Query::IsSelected(std::string_view annotation) const {
  return FindAnnotation(annotation) != nullptr &&
         (!annotation_mask || annotation_mask->contains(std::string(annotation)));
}

std::vector<std::pair<std::string, ExprPtr>> Query::SelectedAnnotations() const {
  std::vector<std::pair<std::string, ExprPtr>> result;
  for (const auto& entry : annotations) {
    if (!annotation_mask || annotation_mask->contains(entry.first)) result.push_back(entry);
  }
  return result;
}

PathEnd Query::NamesToPath(const std::vector<std::string>& names, const Model* from,
                           bool allow_many, bool fail_on_missing, Span span) const {
  const manifest::ScopedManifest& scope = *context->scope;
  PathEnd end;
  end.model = from;
  size_t position = 0;
  for (; position < names.size(); ++position) {
    std::string name = names[position];
    std::pair<std::string, std::vector<Hop>> named{name, {}};
    if (end.model == nullptr) break;
    if (name == "pk") {
      const Field* key = end.model->PrimaryKey();
      if (key == nullptr) {
        end.final_field = end.model->FindField(name);
        end.composite = true;
        end.relation = end.reverse = false;
        end.targets.clear();
        for (const std::string& part : end.model->primary_key) {
          if (scope.FindField(*end.model, part) == nullptr) {
            RejectField(*this, name, *end.model, span);
          }
          end.targets.push_back(&FieldNamed(*end.model, part));
        }
        ++position;
        break;
      }
      name = key->name;
    }
    const Field* field = scope.FindField(*end.model, name);
    const Reverse* reverse = field == nullptr ? scope.FindReverse(*end.model, name) : nullptr;
    Reverse nameless;
    if (context->internal_paths && name.starts_with("+")) {
      nameless.field = NamelessRelation(scope, name.substr(1));
      nameless.model = nameless.field->owner;
      reverse = &nameless;
    }
    std::shared_ptr<const FilteredRelation> filtered;
    if (field == nullptr && reverse == nullptr) {
      if (IsSelected(name)) {
        // An annotation's name within a path of names: its type decides what may follow.
        end.annotation = (*FindAnnotation(name))->output;
        end.final_field = nullptr;
        end.targets.clear();
        ++position;
        break;
      }
      for (const auto& relation : filtered_relations) {
        if (position == 0 && relation->name == name) filtered = relation;
      }
      if (filtered) {
        PathEnd inner =
            NamesToPath(SplitPath(filtered->path), end.model, allow_many, fail_on_missing, span);
        if (!inner.hops.empty()) inner.hops.back().filtered = filtered;
        named.second = inner.hops;
        end.hops.insert(end.hops.end(), inner.hops.begin(), inner.hops.end());
        end.final_field = inner.final_field;
        end.targets = inner.targets;
        end.relation = inner.relation;
        end.reverse = inner.reverse;
        end.model = inner.model;
        end.names.push_back(std::move(named));
        if (!allow_many) {
          for (const Hop& hop : inner.hops) {
            if (hop.multi_valued) throw MultiValuedJoin{end.names};
          }
        }
        continue;
      }
      if (position == 0 || fail_on_missing) RejectField(*this, names[position], *end.model, span);
      break;
    }
    const Field& relation_field = field != nullptr ? *field : *reverse->field;
    if (!relation_field.opaque.empty()) {
      Reject(Kind::OpaquePart, span, name, relation_field.opaque);
    }
    if (field != nullptr && field->relation &&
        field->relation->kind == RelationKind::kGenericForeignKey) {
      Reject(Kind::NoReverseRelation, span, name);
    }
    // Where the target is hidden or elsewhere the column itself can still be used.  A parent's row is
    // the same row: what the child shows of it is the child's.
    const bool follows =
        relation_field.relation && relation_field.relation->to != nullptr &&
        (field == nullptr || context->internal_paths || Planted("hidden-hop") ||
         relation_field.relation->parent_link || scope.Sees(*relation_field.relation->to));
    if (relation_field.relation && !follows && !relation_field.concrete) {
      RejectField(*this, name, *end.model, span);
    }
    // A field of a parent's table: first go there.
    const Model* holder = field != nullptr ? field->model : reverse->via;
    if (field != nullptr && holder == nullptr) holder = field->owner;
    if (holder != nullptr && &Concrete(*holder) != &Concrete(*end.model)) {
      for (Hop& hop : PathToParent(*end.model, *holder)) {
        end.model = hop.to;
        named.second.push_back(hop);
        end.hops.push_back(std::move(hop));
      }
    }
    if (follows) {
      std::vector<Hop> hops;
      AddHops(relation_field, field == nullptr, hops);
      if (!allow_many) {
        for (size_t i = 0; i < hops.size(); ++i) {
          if (!hops[i].multi_valued) continue;
          named.second.insert(named.second.end(), hops.begin(),
                              hops.begin() + static_cast<std::ptrdiff_t>(i) + 1);
          end.names.push_back(std::move(named));
          throw MultiValuedJoin{end.names};
        }
      }
      end.final_field = hops.back().join_field;
      end.reverse = hops.back().reverse;
      end.relation = true;
      end.model = hops.back().to;
      end.targets = hops.back().targets;
      named.second.insert(named.second.end(), hops.begin(), hops.end());
      end.hops.insert(end.hops.end(), hops.begin(), hops.end());
      end.names.push_back(std::move(named));
    } else {
      end.final_field = field;
      end.targets = {field};
      end.relation = false;
      end.reverse = false;
      if (fail_on_missing && position + 1 != names.size()) {
        Reject(Kind::JoinAfterField, span, names[position + 1], name);
      }
      ++position;
      break;
    }
  }
  for (size_t i = position; i < names.size(); ++i) end.rest.push_back(names[i]);
  return end;
}

}  // namespace ormc::plan
