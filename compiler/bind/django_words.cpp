#include <array>
#include <utility>

#include "compiler/bind/binder.h"

// Methods that Django itself adds to rows and managers and that are queries: each is written as one
// expression of the language over the rows that it starts from.
namespace ormc::bind {
namespace {

using manifest::Field;
using manifest::FieldKind;
using manifest::Model;

constexpr std::array<std::pair<std::string_view, bool>, 2> kNeighbours = {
    {{"get_next_by_", true}, {"get_previous_by_", false}}};

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

// Model._get_next_or_previous_by_FIELD()
manifest::Method NeighbourMethod(const std::string& name, const std::string& field, bool next) {
  const std::string op = next ? "__gt" : "__lt";
  const std::string sign = next ? "" : "-";
  manifest::Method method;
  method.name = name;
  method.parameters = {"self", "rows"};
  method.source = "rows.filter(Q(" + field + "=self." + field + ", pk" + op + "=self.pk) | Q(" +
                  field + op + "=self." + field + ")).order_by(" + Quoted(sign + field) + ", " +
                  Quoted(sign + "pk") + ")[:1].get()";
  return method;
}

manifest::Method TypeMethod(const std::string& name, const std::string& condition) {
  manifest::Method method;
  method.name = name;
  method.parameters = {"self"};
  method.source = "self.get(" + condition + ")";
  return method;
}

}  // namespace

BoundPtr Binder::DjangoWord(const PythonValue& row, const std::string& name, Arguments& arguments,
                            Span span) {
  const Model& model = *row.type.model;
  for (const auto& [prefix, next] : kNeighbours) {
    if (!name.starts_with(prefix)) continue;
    const Field* field = scope_.FindField(model, name.substr(prefix.size()));
    const bool dated = field != nullptr && (field->kind == FieldKind::kDateField ||
                                            field->kind == FieldKind::kDateTimeField);
    if (!dated || field->null) continue;
    if (!arguments.positional.empty()) {
      Reject(Kind::BadArgument, span, "`" + name + "` takes conditions by name");
    }
    const manifest::Manager* manager = model.FindManager(model.default_manager);
    BoundPtr rows = MakeBound(span, FromModel(model, manager, span));
    if (!arguments.keywords.empty()) {
      rows = Filter(*rows->As<QuerySet>(), arguments, false, span);
    }
    Arguments bound;
    bound.span = span;
    bound.keywords.emplace_back("rows", rows);
    return Inlined(NeighbourMethod(name, field->name, next), MakeBound(span, row), std::move(bound),
                   span);
  }
  return nullptr;
}

// ContentTypeManager
BoundPtr Binder::DjangoWord(const QuerySet& rows, const std::string& name, Arguments& arguments,
                            Span span) {
  if (rows.query->model->label != "contenttypes.ContentType") return nullptr;
  const std::vector<BoundPtr>& given = arguments.positional;
  const BoundPtr self = MakeBound(span, rows);
  if (name == "get_for_model" && given.size() == 1) {
    const BoundPtr whole = arguments.Take("for_concrete_model");
    const Value* known = whole ? ConstantIn(whole) : nullptr;
    const bool* flag = known != nullptr ? known->As<bool>() : nullptr;
    const auto* model_class = given[0]->As<ModelClass>();
    const Model* model = model_class != nullptr ? model_class->model : nullptr;
    if (model == nullptr && TypeOf(given[0]).kind == TypeKind::kInstance) {
      model = TypeOf(given[0]).model;
    }
    if (model == nullptr || !arguments.keywords.empty() || (whole && flag == nullptr)) {
      return nullptr;
    }
    const Model& wanted = flag != nullptr && !*flag ? *model : plan::Concrete(*model);
    return Inlined(TypeMethod(name, "app_label=" + Quoted(wanted.app) +
                                        ", model=" + Quoted(manifest::ModelName(wanted))),
                   self, Arguments{}, span);
  }
  Arguments filter;
  filter.span = span;
  if (name == "get_for_id" && given.size() == 1) filter.keywords = {{"pk", given[0]}};
  if (name == "get_by_natural_key" && given.size() == 2) {
    filter.keywords = {{"app_label", given[0]}, {"model", given[1]}};
  }
  if (filter.keywords.empty() || !arguments.keywords.empty()) return nullptr;
  return End(rows, *catalog::FindMethod("get"), std::move(filter), span);
}

}  // namespace ormc::bind
