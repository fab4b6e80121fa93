#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/query.h"

namespace ormc::plan {
namespace {

// What `.values()` without arguments names.
std::vector<std::string> ConcreteNames(const Query& query) {
  std::vector<std::string> names;
  for (const manifest::Field& field : query.model->fields) {
    if (field.concrete && !field.column.empty() && field.opaque.empty() &&
        query.context->scope->Sees(field)) {
      names.push_back(field.attname);
    }
  }
  return names;
}

std::vector<ExprPtr> GroupByColumnsOf(const std::vector<ExprPtr>& sources) {
  std::vector<ExprPtr> columns;
  for (const ExprPtr& source : sources) {
    for (ExprPtr& column : GroupByColumns(source)) columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace

// Query.check_alias(), and what PostgreSQL or psycopg would trip over.
void CheckAlias(const std::string& alias, Span span) {
  // Whitespace and control characters beyond ASCII, in UTF-8.
  static constexpr std::array<std::string_view, 7> kSpaces = {
      "\u1680", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u00a0"};
  const auto has = [&](std::string_view part) { return alias.find(part) != std::string::npos; };
  bool bad = alias.empty() || has("--") || has("/*") || has("*/") ||
             std::any_of(kSpaces.begin(), kSpaces.end(), has) ||
             alias.find_first_of("\"'`;#[]\\%\x7f") != std::string::npos;
  for (size_t i = 0; i < alias.size() && !bad; ++i) {
    const auto at = [&](size_t k) {
      return k < alias.size() ? static_cast<unsigned char>(alias[k]) : 0U;
    };
    bad = at(i) <= ' ' || (at(i) == 0xC2 && at(i + 1) < 0xA0) ||
          (at(i) == 0xE2 && at(i + 1) == 0x80 && at(i + 2) <= 0x8A);
  }
  if (bad && !Planted("alias-characters")) Reject(Kind::BadAlias, span, alias);
}

std::vector<ExprPtr> GroupByColumns(const ExprPtr& expr) {
  switch (expr->op) {
    case Op::kAggregate:
    case Op::kValue:
    case Op::kDirect:
    case Op::kStar:
    case Op::kNothing:
    case Op::kOuterColumn:
    case Op::kOuterName:
      return {};
    case Op::kColumn:
    case Op::kReference:
      return {expr};
    case Op::kSubquery:
    case Op::kExists:
      return expr->query->GroupByColumnsAsSubquery(expr);
    case Op::kNot:
    case Op::kWrapper:
      if (expr->args[0]->op != Op::kWhere) return GroupByColumns(expr->args[0]);
      return {expr};
    case Op::kCase:
    case Op::kFunction:
    case Op::kArithmetic:
      if (!expr->contains_aggregate && !(expr->op == Op::kCase && expr->args.size() == 1)) {
        return {expr};
      }
      return GroupByColumnsOf(Sources(*expr));
    case Op::kWindow:
      return GroupByColumnsOf({expr->args.begin() + 1, expr->args.end()});
    case Op::kOrderBy:
    case Op::kWhen:
    case Op::kLookup:
    case Op::kWhere:
    case Op::kDirectList:
      return GroupByColumnsOf(Sources(*expr));
    case Op::kName:
    case Op::kCondition:
    case Op::kItem:
      throw InternalError("an unresolved expression in GROUP BY");
  }
  return {};
}

std::vector<ExprPtr> Query::GroupByColumnsAsSubquery(const ExprPtr& wrapper) const {
  std::vector<ExprPtr> external = ExternalColumns();
  for (const ExprPtr& column : external) {
    if (column->multi_valued) return {wrapper};
  }
  return external;
}

void Query::AddAnnotation(const std::string& name, const ExprPtr& expr, bool select_it) {
  CheckAlias(name, expr->span);
  PutAnnotation(name, Resolve(expr, true, nullptr, false), select_it);
}

void Query::PutAnnotation(const std::string& name, const ExprPtr& resolved, bool select_it) {
  if (select_it) {
    AppendAnnotationMask({name});
  } else {
    std::set<std::string> mask;
    for (const auto& [known, annotation] : SelectedAnnotations()) {
      if (known != name) mask.insert(known);
    }
    SetAnnotationMask(std::move(mask));
  }
  bool replaced = false;
  for (auto& [known, annotation] : annotations) {
    if (known != name) continue;
    annotation = resolved;
    replaced = true;
  }
  if (!replaced) annotations.emplace_back(name, resolved);
  if (select_it && selected && !selected->empty()) {
    std::erase_if(*selected, [&](const Selected& entry) { return entry.first == name; });
    selected->emplace_back(name, name);
  }
}

void Query::SetAnnotationMask(std::optional<std::set<std::string>> names) {
  annotation_mask = std::move(names);
  if (!annotation_mask || !selected || selected->empty()) return;
  std::erase_if(*selected, [this](const Selected& entry) {
    const auto* annotation = std::get_if<std::string>(&entry.second);
    return annotation != nullptr && !annotation_mask->contains(*annotation);
  });
  for (const std::string& name : *annotation_mask) {
    const bool known = std::any_of(selected->begin(), selected->end(),
                                   [&](const Selected& entry) { return entry.first == name; });
    if (!known) selected->emplace_back(name, name);
  }
}

void Query::AppendAnnotationMask(const std::vector<std::string>& names) {
  if (!annotation_mask) return;
  std::set<std::string> mask = *annotation_mask;
  mask.insert(names.begin(), names.end());
  SetAnnotationMask(std::move(mask));
}

void Query::SetGroupBy(bool allow_aliases) {
  if (allow_aliases && !values_select.empty()) {
    // Selected expressions become annotations, so that they can be grouped by their names.
    std::vector<std::pair<std::string, ExprPtr>> moved;
    std::vector<ExprPtr> kept;
    std::vector<std::string> kept_names;
    for (size_t i = 0; i < values_select.size() && i < select.size(); ++i) {
      if (select[i]->op == Op::kColumn) {
        kept.push_back(select[i]);
        kept_names.push_back(values_select[i]);
      } else {
        moved.emplace_back(values_select[i], select[i]);
      }
    }
    std::vector<std::string> moved_names;
    for (const auto& [name, expr] : moved) moved_names.push_back(name);
    moved.insert(moved.end(), annotations.begin(), annotations.end());
    annotations = std::move(moved);
    select = std::move(kept);
    values_select = kept_names;
    if (selected) {
      for (const std::string& name : moved_names) {
        for (Selected& entry : *selected) {
          if (entry.first == name) entry.second = name;
        }
      }
    }
    AppendAnnotationMask(moved_names);
    if (selected) {
      for (size_t i = 0; i < values_select.size(); ++i) {
        for (Selected& entry : *selected) {
          if (entry.first == values_select[i]) entry.second = i;
        }
      }
    }
  }
  group_by = select;
  for (const auto& [name, annotation] : SelectedAnnotations()) {
    std::vector<ExprPtr> columns = GroupByColumns(annotation);
    if (columns.empty()) continue;
    if (allow_aliases && !annotation->contains_aggregate) {
      group_by.push_back(MakeReference(name, annotation));
    } else {
      group_by.insert(group_by.end(), columns.begin(), columns.end());
    }
  }
  if (Planted("groupby-pk-only-values") && model->PrimaryKey() != nullptr) {
    const manifest::Field& key = *model->PrimaryKey();
    group_by.push_back(MakeColumn(InitialAlias(), key, TypeOf(key)));
  }
  grouping = Grouping::kList;
}

void Query::SetSelect(std::vector<ExprPtr> columns) {
  default_cols = false;
  select = std::move(columns);
}

void Query::ClearSelectClause() {
  select.clear();
  default_cols = false;
  selected.reset();
  SetAnnotationMask(std::set<std::string>());
}

void Query::AddFields(const std::vector<std::string>& names, bool allow_many, Span span) {
  const AliasId initial = InitialAlias();
  std::vector<ExprPtr> columns;
  for (const std::string& name : names) {
    JoinInfo info;
    try {
      info = SetupJoins(SplitPath(name), initial, nullptr, allow_many, span);
    } catch (const MultiValuedJoin&) {
      Reject(Kind::UnknownField, span, name, model->name);
    }
    const Trimmed trimmed = TrimJoins(info);
    if (trimmed.targets.size() != 1) {
      columns.push_back(TupleOf(trimmed, span));
      continue;
    }
    ExprPtr column;
    if (info.end.final_field == nullptr) {
      column = *FindAnnotation(SplitPath(name)[0]);
    } else {
      column =
          MakeColumn(trimmed.alias, *trimmed.targets[0], TargetType(TypeOf(*trimmed.targets[0])));
    }
    for (const std::string& transform : info.transforms)
      column = Transform(column, transform, span);
    columns.push_back(std::move(column));
  }
  if (!columns.empty()) SetSelect(std::move(columns));
}

void Query::SetValues(const std::vector<std::string>& fields, Span span) {
  select.clear();
  values_select.clear();
  selected.reset();
  std::vector<std::string> field_names;
  std::vector<Selected> chosen;
  if (!fields.empty()) {
    for (const std::string& field : fields) CheckAlias(field, span);
    std::set<std::string> annotation_names;
    if (!annotations.empty()) default_cols = false;
    for (const std::string& field : fields) {
      if (IsSelected(field)) {
        annotation_names.insert(field);
        chosen.emplace_back(field, field);
      } else if (FindAnnotation(field) != nullptr) {
        Reject(Kind::AliasNotSelected, span, field);
      } else {
        chosen.emplace_back(field, field_names.size());
        field_names.push_back(field);
      }
    }
    SetAnnotationMask(annotation_names);
  } else {
    field_names = ConcreteNames(*this);
  }
  // A name given twice is one column.
  std::vector<Selected> unique;
  for (Selected& entry : chosen) {
    const bool known = std::any_of(unique.begin(), unique.end(), [&](const Selected& other) {
      return other.first == entry.first;
    });
    if (!known) unique.push_back(std::move(entry));
  }
  if (grouping == Grouping::kAll) {
    // The rows were instances: they are grouped by all their columns.
    AddFields(Planted("values-after-annotate") ? field_names : ConcreteNames(*this), false, span);
    SetGroupBy(false);
    select.clear();
    values_select.clear();
  } else if (grouping == Grouping::kList) {
    // A grouped annotation that is no longer selected is grouped as an expression.
    for (ExprPtr& expr : group_by) {
      const bool kept = std::any_of(unique.begin(), unique.end(), [&](const Selected& entry) {
        return expr->op == Op::kReference && entry.first == expr->name;
      });
      if (expr->op == Op::kReference && !kept) expr = *FindAnnotation(expr->name);
    }
  }
  values_select = field_names;
  AddFields(field_names, true, span);
  if (!fields.empty()) selected = std::move(unique);
}

void Query::AddOrdering(const std::vector<ExprPtr>& items) {
  for (const ExprPtr& item : items) {
    if (item->op == Op::kName) {
      if (item->name == "?") {
        Reject(Kind::NotSupported, item->span, std::string("random order"),
               std::string("order by a field"));
      }
      if (FindAnnotation(item->name) == nullptr) {
        (void)NamesToPath(SplitPath(item->name), model, true, false, item->span);
      }
    }
    if (item->contains_aggregate) Reject(Kind::AggregateInOrder, item->span);
  }
  if (items.empty()) {
    default_ordering = false;
  } else {
    order_by.insert(order_by.end(), items.begin(), items.end());
  }
}

void Query::ClearOrdering(bool force, bool clear_default) {
  if (!force && (IsSliced() || !distinct_fields.empty())) return;
  order_by.clear();
  if (clear_default) default_ordering = false;
}

void Query::SetLimits(std::optional<uint64_t> from, std::optional<uint64_t> to) {
  if (computed_limits) {
    Reject(Kind::NotSupported, Span{}, std::string("a slice of a slice with a computed bound"),
           std::string("slice once"));
  }
  if (Planted("slice-of-slice")) low = 0;
  if (to) high = high ? std::min(*high, low + *to) : low + *to;
  if (from) low = high ? std::min(*high, low + *from) : low + *from;
  if (high && low == *high) SetEmpty();
}

void Query::SetComputedLimits(ComputedLimits limits, Span span) {
  if (IsSliced()) {
    Reject(Kind::NotSupported, span, std::string("a slice of a slice with a computed bound"),
           std::string("slice once"));
  }
  computed_limits = std::move(limits);
}

void Query::ClearLimits() {
  low = 0;
  high.reset();
  computed_limits.reset();
}

namespace {

Query::Split SplitNode(const ExprPtr& node, bool negated, bool must_group_by) {
  if (!node->contains_aggregate && !node->contains_window) return {node, nullptr, nullptr};
  if (Planted("having-as-where")) return {node, nullptr, nullptr};
  const bool in_negated = negated != node->negated;
  const bool connected = (in_negated && node->connector == Connector::kAnd) ||
                         (!in_negated && node->connector == Connector::kOr) ||
                         node->connector == Connector::kXor;
  if (connected && node->contains_aggregate && !node->contains_window) {
    return {nullptr, node, nullptr};
  }
  std::vector<ExprPtr> where;
  std::vector<ExprPtr> having;
  std::vector<ExprPtr> qualify;
  for (const ExprPtr& child : node->args) {
    if (child->op == Op::kWhere) {
      const Query::Split part = SplitNode(child, in_negated, must_group_by);
      if (part.where) where.push_back(part.where);
      if (part.having) having.push_back(part.having);
      if (part.qualify) qualify.push_back(part.qualify);
    } else if (child->contains_window) {
      qualify.push_back(child);
    } else if (child->contains_aggregate) {
      having.push_back(child);
    } else {
      where.push_back(child);
    }
  }
  if (connected && !qualify.empty()) {
    if (where.empty() || !must_group_by) return {nullptr, nullptr, node};
    Reject(Kind::DjangoNotImplemented, node->span,
           std::string("heterogeneous disjunctive predicates against window functions are not "
                       "implemented when performing conditional aggregation"));
  }
  const auto make = [&](std::vector<ExprPtr>& parts) -> ExprPtr {
    if (parts.empty()) return nullptr;
    return MakeWhere(node->connector, node->negated, std::move(parts));
  };
  return {make(where), make(having), make(qualify)};
}

}  // namespace

Query::Split Query::SplitHaving(bool must_group_by) const {
  return SplitNode(where_root, false, must_group_by);
}

}  // namespace ormc::plan
