#include <algorithm>
#include <iterator>

#include "compiler/bind/batches.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/bind/queryset_checks.h"

namespace ormc::bind {
namespace {

bool BeginsWith(const NamePath& path, const NamePath& head) {
  return path.size() >= head.size() && std::equal(head.begin(), head.end(), path.begin());
}

// Does Django fetch the relation at the end of `path` with the rows that hold it?  Where nothing is
// said of those rows, it does.
bool IsLoaded(const Deferral& deferral, const NamePath& path) {
  if (!deferral.only) return !deferral.names.contains(path);
  const NamePath holder(path.begin(), path.end() - 1);
  bool restricted = false;
  for (const NamePath& name : deferral.names) {
    if (BeginsWith(name, path)) return true;
    restricted = restricted || (name.size() > holder.size() && BeginsWith(name, holder));
  }
  return !restricted;
}

}  // namespace

BoundPtr Binder::SelectRelated(QuerySet queryset, const Arguments& arguments, Span span) {
  RejectCombined(queryset, "select_related", span);
  if (queryset.rows != Rows::kInstances) {
    Reject(Kind::TypeMismatch, span,
           std::string("cannot call select_related() after .values() or .values_list()"));
  }
  if (arguments.positional.empty()) queryset.followed.insert(NamePath{});
  for (const BoundPtr& argument : arguments.positional) {
    const Value* none = ConstantIn(argument);
    if (none != nullptr && none->is_none()) {
      if (arguments.positional.size() > 1) RejectNoneAmongNames("select_related", argument->span);
      queryset.related = {};
      queryset.followed.clear();
      continue;
    }
    NamePath path = plan::SplitPath(RequireText(argument, "select_related"));
    const manifest::Model* at = queryset.query->model;
    const auto& filtered = queryset.query->filtered_relations;
    if (std::any_of(filtered.begin(), filtered.end(),
                    [&](const auto& relation) { return relation->name == path[0]; })) {
      // It is joined by this alone: where it has many rows, there are more of these, too.
      at = queryset.query->NamesToPath({path[0]}, at, true, true, argument->span).model;
      sql::RelatedPaths* level = &queryset.related;
      for (const std::string& name : path) level = &level->paths[name];
      path.erase(path.begin());
    }
    NamePath
        forward;  // what only() and defer() may leave out: the far side of a one-to-one is none
    bool backward = false;
    for (const std::string& name : path) {
      const manifest::Field* field = scope_.FindField(*at, name);
      const manifest::Reverse* reverse = field == nullptr ? scope_.FindReverse(*at, name) : nullptr;
      const bool to_one = field != nullptr && field->relation && field->relation->to != nullptr &&
                          scope_.Sees(*field->relation->to) &&
                          (field->relation->kind == manifest::RelationKind::kForeignKey ||
                           field->relation->kind == manifest::RelationKind::kOneToOne) &&
                          field->name == name;
      if (to_one) {
        at = field->relation->to;
      } else if (reverse != nullptr && reverse->kind == manifest::RelationKind::kOneToOne) {
        at = reverse->model;
        backward = true;
      } else {
        Reject(Kind::InvalidRelation, argument->span, name);
      }
      if (!backward) forward.push_back(name);
    }
    // The rows are the same with it and without: what is used is fetched.
    queryset.followed.insert(std::move(forward));
  }
  return MakeBound(span, std::move(queryset));
}

// QuerySet.only() and defer(): they change when a column is fetched, not what it holds.
BoundPtr Binder::Defer(QuerySet queryset, const Arguments& arguments, bool only, Span span) {
  const char* method = only ? "only" : "defer";
  RejectCombined(queryset, method, span);
  if (queryset.rows != Rows::kInstances) {
    Reject(Kind::TypeMismatch, span,
           "cannot call " + std::string(method) + "() after .values() or .values_list()");
  }
  if (!arguments.keywords.empty()) {
    Reject(Kind::UnexpectedArgument, span, std::string(method), arguments.keywords[0].first);
  }
  const Value* none =
      arguments.positional.size() == 1 ? ConstantIn(arguments.positional[0]) : nullptr;
  if (!only && none != nullptr && none->is_none()) {
    queryset.deferral = {};
    return MakeBound(span, std::move(queryset));
  }
  std::set<NamePath> names;
  for (const BoundPtr& argument : arguments.positional) {
    NamePath path = plan::SplitPath(RequireText(argument, "a field's name"));
    const plan::PathEnd end =
        queryset.query->NamesToPath(path, queryset.query->model, true, true, argument->span);
    if (end.annotation) {
      Reject(Kind::UnknownField, argument->span, plan::JoinPath(path), queryset.query->model->name);
    }
    if (only && !end.hops.empty() && end.hops.back().filtered) {
      Reject(Kind::BadValue, argument->span,
             std::string("only() is not supported with FilteredRelation."));
    }
    if (end.final_field != nullptr && !end.reverse) path.back() = end.final_field->name;
    names.insert(std::move(path));
  }
  // Query.add_immediate_loading() and add_deferred_loading()
  const Deferral before = std::move(queryset.deferral);
  const auto without = [](const std::set<NamePath>& from, const std::set<NamePath>& other) {
    std::set<NamePath> left;
    std::set_difference(from.begin(), from.end(), other.begin(), other.end(),
                        std::inserter(left, left.end()));
    return left;
  };
  if (only) {
    queryset.deferral = {before.only ? names : without(names, before.names), true};
  } else if (!before.only) {
    names.insert(before.names.begin(), before.names.end());
    queryset.deferral = {std::move(names), false};
  } else if (std::set<NamePath> left = without(before.names, names); !left.empty()) {
    queryset.deferral = {std::move(left), true};
  } else {
    queryset.deferral = {without(names, before.names), false};
  }
  return MakeBound(span, std::move(queryset));
}

// FieldError: a relation that select_related() follows must be fetched.
// What must hold when the rows are fetched.
void Binder::CheckFetched(const QuerySet& queryset, Span span) const {
  for (const PrefetchPart& part : queryset.prefetches) {
    if (queryset.followed.empty()) break;
    const RelationStep step =
        PrefetchedRelation(*queryset.query->model, queryset.prefetches, part, span);
    const bool there = std::any_of(
        queryset.followed.begin(), queryset.followed.end(),
        [&](const NamePath& path) { return path.empty() || BeginsWith(path, part.path); });
    if (there && !step.many && !IsRowItself(part, step)) {
      Reject(
          Kind::NotSupported, span,
          "a Prefetch of `" + plan::JoinPath(part.path) + "`, which select_related() has fetched",
          std::string("leave select_related() out"));
    }
  }
  if (queryset.rows != Rows::kInstances || queryset.deferral.names.empty()) return;
  for (const NamePath& path : queryset.followed) {
    NamePath at;
    for (const std::string& name : path) {
      at.push_back(name);
      if (!IsLoaded(queryset.deferral, at)) {
        Reject(Kind::InvalidRelation, span, plan::JoinPath(at) + " left out by only() or defer()");
      }
    }
  }
}

}  // namespace ormc::bind
