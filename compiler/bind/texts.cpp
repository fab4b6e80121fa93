// Texts of rows that the runtime makes: in `"%s" % row`, `"{}".format(row)`, `str([row])`, a key of
// the answer's dict.  A query whose rows may come to such a place carries its model's `__str__`.
#include "compiler/bind/binder.h"
#include "compiler/bind/containers.h"

namespace ormc::bind {

using manifest::Field;
using manifest::Model;

namespace {

const Model* RelatedModel(const Model& model, const std::string& attribute) {
  if (const Field* field = model.FindField(attribute); field != nullptr && field->relation) {
    return field->relation->to;
  }
  const manifest::Reverse* reverse = model.FindReverse(attribute);
  return reverse != nullptr ? reverse->model : nullptr;
}

}  // namespace

void Binder::NeedText(const Model& model, const Origin& origin, Span span) {
  if (!model.text) return;
  const auto [known, first] = pending_[origin.query].texts.try_emplace(origin.path);
  if (!first) return;
  const uint32_t slot = NewSlot();
  known->second.slot = slot;
  Type type = MakeType(TypeKind::kInstance);
  type.model = &model;
  type.origins = {origin};
  const BoundPtr self =
      MakeBound(span, PythonValue{program::Make(span, program::Local{slot}), std::move(type), {}});
  const program::ExprPtr text = ToProgram(Inlined(*model.text, self, Arguments{}, span));
  pending_[origin.query].texts[origin.path].text = text;
}

// Of a row that may be of another model: what cannot be said of this one matters where it is read.
void Binder::NeedTextIfRead(const Type& row, Span span) {
  if (!Rejected([&] { NeedTexts(row, span); })) return;
  const program::ByModel::Arm refused{plan::Concrete(*row.model).label, row.model->name, nullptr};
  for (const Origin& origin : row.origins) {
    RowText& text = pending_[origin.query].texts[origin.path];
    text.text = program::Make(
        span, program::ByModel{program::Make(span, program::Local{text.slot}), "str()", {refused}});
  }
}

// Wherever a value of unknown type may come from.
void Binder::NeedAllTexts(Span span) {
  for (uint32_t i = 0; i < pending_.size(); ++i) {
    if (pending_[i].rows != Rows::kInstances) continue;
    const auto walk = [&](const auto& self, const Model& model, const Origin& origin,
                          const sql::RelatedPaths& related) -> void {
      NeedText(model, origin, span);
      for (const auto& [attribute, further] : related.paths) {
        const Model* to = RelatedModel(model, attribute);
        if (to == nullptr) continue;
        Origin there = origin;
        there.path.push_back(attribute);
        self(self, *to, there, further);
      }
    };
    // A copy: a text's own joins are among them only when they are asked for.
    const sql::RelatedPaths related = pending_[i].related;
    walk(walk, *pending_[i].query->model, Origin{i, {}}, related);
  }
}

void Binder::NeedTexts(const Type& type, Span span) {
  RejectLate(type, span);
  switch (type.kind) {
    case TypeKind::kInstance:
      for (const Origin& origin : type.origins) NeedText(*type.model, origin, span);
      return;
    case TypeKind::kRow:
      for (const Type& row : type.models) NeedTextIfRead(row, span);
      return;
    case TypeKind::kUnknown:
      return NeedAllTexts(span);
    case TypeKind::kList:
    case TypeKind::kSet:
      return NeedTexts(type.element ? *type.element : Type(), span);
    case TypeKind::kTuple:
      if (type.items.empty()) return NeedAllTexts(span);
      for (const Type& item : type.items) NeedTexts(item, span);
      return;
    case TypeKind::kDict:
      for (const auto& [name, field] : type.fields) NeedTexts(field, span);
      if (!type.fields.empty()) return;
      NeedTexts(type.key ? *type.key : Type(), span);
      NeedTexts(type.element ? *type.element : Type(), span);
      return;
    case TypeKind::kNone:
    case TypeKind::kBool:
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
    case TypeKind::kZone:
      return;
  }
}

// In the answer only keys become text: rows are shown by their fields.
void Binder::NeedKeyTexts(const Type& type, Span span) {
  if (type.kind == TypeKind::kDict && type.fields.empty()) {
    NeedTexts(type.key ? *type.key : Type(), span);
  }
  if (type.element) NeedKeyTexts(*type.element, span);
  for (const Type& item : type.items) NeedKeyTexts(item, span);
  for (const auto& [name, field] : type.fields) NeedKeyTexts(field, span);
}

}  // namespace ormc::bind
