// The row that a generic foreign key names: of any model that the user sees.  Which one, the
// content type says when the program runs; until then each of them is bound on its own.
#include <algorithm>
#include <tuple>

#include "compiler/base/check.h"
#include "compiler/bind/batches.h"
#include "compiler/bind/making.h"
#include "compiler/plan/prepare.h"

namespace ormc::bind {
namespace {

using manifest::Field;
using manifest::Model;

// Has the model's row nothing of this name, where it would be an AttributeError?
bool IsAbsence(const Rejection& rejection) {
  return rejection.diagnostic().kind == Kind::UnknownAttribute;
}

// What is refused of any row, whatever its model.
bool IsRefusedOfAll(const Rejection& rejection) {
  const Kind kind = rejection.diagnostic().kind;
  return kind == Kind::WriteRefused || kind == Kind::UnderscoreName;
}

Type RowOf(std::vector<Type> models) {
  Type row = MakeType(TypeKind::kRow, true);
  row.models = std::move(models);
  return row;
}

// The type of a value that has one of these types.
Type Either(const std::vector<Type>& types) {
  std::map<const Model*, Type> rows;
  std::optional<Type> joined;
  for (const Type& type : types) {
    joined = joined ? Union(*joined, type) : type;
    std::vector<Type> of_type = type.kind == TypeKind::kRow ? type.models : std::vector{type};
    for (Type& row : of_type) {
      if (row.kind != TypeKind::kInstance) return *joined;
      const auto [known, first] = rows.try_emplace(row.model, row);
      if (!first) known->second = Union(known->second, row);
    }
  }
  if (rows.size() == 1) return rows.begin()->second;
  std::vector<Type> models;
  for (const auto& [model, row] : rows) models.push_back(row);
  return RowOf(std::move(models));
}

}  // namespace

// ContentType.model_class()._base_manager.get(pk=...); nothing where the rows of the model cannot
// be read one by one.
std::optional<program::GenericArm> Binder::GenericArmOf(const Model& model, const Field& field,
                                                        Type& row, Span span) {
  const Field* key = model.PrimaryKey();
  const bool has_type = model.swapped.empty() && model.auto_created.empty();
  if (!scope_.Sees(model) || !has_type || key == nullptr || !scope_.Sees(*key) ||
      scope_.MaskOf(*key) != Mask::kNone || scope_.SmallestGroup(model) != 0) {
    return std::nullopt;
  }
  program::GenericArm arm{model.app, manifest::ModelName(model), 0, NewSlot(), {}};
  try {
    const QuerySet rows = Keyed(FromModel(model, model.FindManager(model.base_manager), span), "pk",
                                arm.keys_slot, span);
    arm.query = GroupedByKey(rows, "pk", span);
    pending_[arm.query].generic = field.name;
  } catch (const Rejection&) {
    return std::nullopt;  // its base manager is code
  }
  const plan::Query& query = *pending_[arm.query].query;
  arm.steps = plan::StepsForSide(*query.FindAnnotation(kOwnerColumn));
  for (program::PrepareStep& step : arm.steps) step.field = key->name;
  row = MakeType(TypeKind::kInstance, true);
  row.model = &model;
  row.origins = {Origin{arm.query, {}}};
  return arm;
}

program::RelatedOf Binder::ContentTypeOf(const PythonValue& value, const Field& field, Span span) {
  const Model* types = scope_.manifest().Find("contenttypes.ContentType");
  const Field* column = value.type.model->FindField(field.relation->content_type_field);
  Check(types != nullptr && column != nullptr, "a generic foreign key without its content type");
  program::RelatedOf of;
  of.owner = value.expr;
  of.key = column->attname;
  of.keys_slot = NewSlot();
  QuerySet rows = Keyed(FromModel(*types, nullptr, span), "id", of.keys_slot, span);
  auto query = rows.query->Clone();
  rows.names = {"app_label", "model"};
  rows.rows = Rows::kTuples;
  query->SetValues(rows.names, span);
  rows.query = std::move(query);
  of.query = GroupedByKey(rows, "id", span);
  pending_[of.query].generic = field.name;
  // Where the owner is of several queries, each row is asked for alone.
  if (const std::optional<Origin> origin = SingleOrigin(value.type)) {
    of.origin = origin->query;
    of.path = origin->path;
  } else {
    of.origin = of.query;
  }
  return of;
}

BoundPtr Binder::GenericRow(const PythonValue& value, const Field& field, Span span) {
  const std::vector<std::unique_ptr<Model>>& models = scope_.manifest().models;
  if (models.size() > options_.eval.limits.generic_models) {
    Reject(Kind::LimitExceeded, span, std::to_string(options_.eval.limits.generic_models),
           std::string("models that a generic foreign key may lead to"));
  }
  const Field* key = scope_.FindField(*value.type.model, field.relation->object_id_field);
  const Field* type = scope_.FindField(*value.type.model, field.relation->content_type_field);
  if (key == nullptr || type == nullptr) RejectAttribute(*value.type.model, field.name, span);
  const plan::InternalPaths internal(plan_);
  const size_t conditions = plan_.conditions;  // of the snippet's own
  program::GenericOf of{ContentTypeOf(value, field, span), field.name, key->attname, nullptr};
  std::vector<program::GenericArm> arms;
  std::vector<Type> rows;
  for (const std::unique_ptr<Model>& model : models) {
    Type row;
    if (std::optional<program::GenericArm> arm = GenericArmOf(*model, field, row, span)) {
      arms.push_back(*std::move(arm));
      rows.push_back(std::move(row));
    }
  }
  plan_.conditions = conditions;
  std::ranges::sort(arms, {},
                    [](const program::GenericArm& arm) { return std::tie(arm.app, arm.model); });
  of.arms = std::make_shared<const std::vector<program::GenericArm>>(std::move(arms));
  return MakeBound(span,
                   PythonValue{program::Make(span, std::move(of)), RowOf(std::move(rows)), {}});
}

// What the attempt for one model rejects; its steps are taken back.
std::optional<Rejection> Binder::Rejected(const std::function<void()>& attempt) {
  const std::tuple kept(names_, depth_, loops_, branches_, in_fold_);
  try {
    attempt();
    return std::nullopt;
  } catch (const Rejection& rejection) {
    if (IsRefusedOfAll(rejection)) throw;
    std::tie(names_, depth_, loops_, branches_, in_fold_) = kept;
    return rejection;
  }
}

// `row.name` or `row.name(...)`, of each model that the row may be of.
BoundPtr Binder::OfEachModel(const PythonValue& row, const std::string& name, const OfInstance& of,
                             Span span) {
  OneOf one{row.expr, name, {}};
  std::optional<Rejection> refused;
  for (const Type& type : row.type.models) {
    BoundPtr value;
    const auto rejected = Rejected([&] { value = of(PythonValue{row.expr, type, {}}); });
    if (rejected && IsAbsence(*rejected)) continue;
    if (rejected) refused = rejected;
    one.arms.push_back({type, std::move(value)});
  }
  const bool none = std::ranges::all_of(one.arms, [](const auto& arm) { return !arm.value; });
  if (none && refused) throw *refused;
  if (none) Reject(Kind::UnknownAttribute, span, std::string("the row"), name);
  return Chosen(std::move(one), span);
}

// Rows that can still be narrowed stay apart; what is a value is chosen when the program runs.
BoundPtr Binder::Chosen(OneOf one, Span span) {
  const bool related = std::ranges::any_of(one.arms, [](const OneOf::Arm& arm) {
    return arm.value &&
           (arm.value->As<RelatedRows>() != nullptr || arm.value->As<QuerySet>() != nullptr);
  });
  if (related) return MakeBound(span, std::move(one));
  return MakeBound(span, ChosenByModel(one, span));
}

PythonValue Binder::ChosenByModel(const OneOf& one, Span span) {
  program::ByModel chosen{one.row, one.name, {}};
  std::vector<Type> types;
  bool alike = true;  // the same attribute of each
  for (const OneOf::Arm& arm : one.arms) {
    program::ByModel::Arm of{plan::Concrete(*arm.type.model).label, arm.type.model->name, nullptr};
    if (arm.value) {
      const PythonValue value = ToPython(arm.value);
      types.push_back(value.type);
      of.value = value.expr;
    }
    const auto* plain = of.value ? std::get_if<program::Attribute>(&of.value->node) : nullptr;
    alike = alike && plain != nullptr && plain->value == one.row && plain->name == one.name;
    chosen.arms.push_back(std::move(of));
  }
  program::ExprPtr expr = alike ? program::Make(span, program::Attribute{one.row, one.name})
                                : program::Make(span, std::move(chosen));
  return PythonValue{std::move(expr), Either(types), {}};
}

// `row.tags.filter(...)`
BoundPtr Binder::CallEach(const OneOf& one, const std::string& name, const Arguments& arguments,
                          Span span) {
  OneOf called{one.row, one.name, {}};
  std::optional<Rejection> refused;
  for (const OneOf::Arm& arm : one.arms) {
    BoundPtr value;
    if (arm.value) {
      const auto rejected = Rejected([&] { value = CallMethod(arm.value, name, arguments, span); });
      if (rejected) refused = rejected;
    }
    called.arms.push_back({arm.type, std::move(value)});
  }
  const bool none = std::ranges::all_of(called.arms, [](const auto& arm) { return !arm.value; });
  if (none && refused) throw *refused;
  return Chosen(std::move(called), span);
}

}  // namespace ormc::bind
