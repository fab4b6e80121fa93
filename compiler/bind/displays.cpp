#include "compiler/bind/binder.h"
#include "compiler/bind/containers.h"
#include "compiler/bind/extent.h"
#include "compiler/plan/slices.h"
#include "compiler/plan/versions.h"
#include "compiler/values/dict.h"

namespace ormc::bind {
namespace {

int64_t SliceBound(const Value* constant, Span span) {
  const auto* number = constant != nullptr ? constant->As<int64_t>() : nullptr;
  if (number == nullptr) {
    Reject(Kind::NotSupported, span, std::string("a slice whose bound is not known here"),
           std::string("write the number itself: `[:10]`"));
  }
  if (*number < 0) Reject(Kind::NegativeIndex, span);
  return *number;
}

// F("name")[1:3] (Sliced of django.db.models.expressions).
BoundPtr SliceExpression(const Expression& expression, std::optional<int64_t> from,
                         std::optional<int64_t> to, Span span) {
  if (expression.expr->op == plan::Op::kOuterName) {
    Reject(Kind::NotSupported, span, std::string("a slice of an outer reference"),
           std::string("use `Substr(OuterRef(\"name\"), 1, 3)`"));
  }
  if (expression.expr->op != plan::Op::kName) {
    Reject(Kind::TypeMismatch, span,
           std::string("only `F(...)` can be sliced: use `Substr(expression, 1, 3)`"));
  }
  if (!from) {
    Reject(Kind::TypeMismatch, span,
           std::string("Argument to slice must be either int or slice instance."));
  }
  if (to && *to != 0 && *to < *from) {
    Reject(Kind::BadValue, span, std::string("Slice stop must be greater than slice start."));
  }
  const std::optional<int64_t> length = to ? std::optional(*to - *from) : std::nullopt;
  return MakeBound(span, Expression{plan::MakeSlice(span, expression.expr, *from + 1, length), {}});
}

}  // namespace

BoundPtr Binder::EvalDisplay(const ast::Display& node, Span span) {
  Sequence sequence{node.kind, {}};
  bool constant = true;
  bool spread = false;
  program::Display display{static_cast<program::DisplayKind>(node.kind), {}};
  for (const ast::Expr* item : node.items) {
    if (const auto* starred = std::get_if<ast::Starred>(&item->node)) {
      const BoundPtr value = Eval(*starred->value);
      if (auto known = KnownElements(value)) {
        for (BoundPtr& element : *known) {
          constant = constant && ConstantIn(element) != nullptr;
          if (spread) display.items.emplace_back(false, ToProgram(element));
          sequence.items.push_back(std::move(element));
        }
        continue;
      }
      if (!spread) {
        for (const BoundPtr& before : sequence.items) {
          display.items.emplace_back(false, ToProgram(before));
        }
        spread = true;
      }
      display.items.emplace_back(true, ToProgram(value));
      constant = false;
      continue;
    }
    BoundPtr value = Eval(*item);
    if (node.kind == ast::DisplayKind::kSet) RejectLate(TypeOf(value), item->span);
    constant = constant && ConstantIn(value) != nullptr;
    if (spread) display.items.emplace_back(false, ToProgram(value));
    sequence.items.push_back(std::move(value));
  }
  if (spread) {
    const TypeKind kinds[] = {TypeKind::kList, TypeKind::kTuple, TypeKind::kSet};
    return MakeBound(span, PythonValue{program::Make(span, std::move(display)),
                                       MakeType(kinds[static_cast<size_t>(node.kind)]),
                                       {}});
  }
  const BoundPtr whole = MakeBound(span, std::move(sequence));
  RejectEndless(HasMoreThan(options_.eval.limits.constant_items, whole), span);
  if (!constant) return whole;
  return Computed(span, ToProgram(whole), TypeOf(whole), true);
}

BoundPtr Binder::EvalDict(const ast::Dict& node, Span span) {
  Mapping mapping;
  bool constant = true;
  bool spread = false;
  program::DictDisplay display;
  const auto add = [&](BoundPtr key, BoundPtr item) {
    constant = constant && ConstantIn(key) != nullptr && ConstantIn(item) != nullptr;
    if (spread) display.items.emplace_back(ToProgram(key), ToProgram(item));
    mapping.items.emplace_back(std::move(key), std::move(item));
  };
  for (const auto& [key, item] : node.items) {
    if (key != nullptr) {
      BoundPtr bound_key = Eval(*key);
      RejectLate(TypeOf(bound_key), key->span);
      add(std::move(bound_key), Eval(*item));
      continue;
    }
    const BoundPtr value = Eval(*item);
    if (const auto* inner = value->As<Mapping>()) {
      for (const auto& [inner_key, inner_item] : inner->items) add(inner_key, inner_item);
      continue;
    }
    const Value* known = ConstantIn(value);
    const auto* dict = known != nullptr ? known->As<std::shared_ptr<Dict>>() : nullptr;
    if (dict != nullptr) {
      for (const Dict::Entry& entry : (*dict)->entries()) {
        add(ConstantOf(span, entry.key), ConstantOf(span, entry.value));
      }
      continue;
    }
    if (!spread) {
      for (const auto& [before_key, before] : mapping.items) {
        display.items.emplace_back(ToProgram(before_key), ToProgram(before));
      }
      spread = true;
    }
    constant = false;
    display.items.emplace_back(nullptr, ToProgram(value));
  }
  if (spread) {
    return MakeBound(
        span, PythonValue{program::Make(span, std::move(display)), MakeType(TypeKind::kDict), {}});
  }
  const BoundPtr whole = MakeBound(span, std::move(mapping));
  RejectEndless(HasMoreThan(options_.eval.limits.constant_items, whole), span);
  if (!constant) return whole;
  return Computed(span, ToProgram(whole), TypeOf(whole), true);
}

BoundPtr Binder::EvalFString(const ast::FString& node, Span span) {
  program::Format format;
  bool constant = true;
  for (const ast::FormatPart& part : node.parts) {
    program::FormatPiece piece;
    piece.text = part.literal_before;
    piece.conversion = part.conversion;
    if (part.value != nullptr) {
      const BoundPtr value = Eval(*part.value);
      constant = constant && ConstantIn(value) != nullptr;
      const PythonValue python = ToPython(value);
      // With a spec, and no `!s` before it, Python formats the row itself, and fails.
      const bool is_row = python.type.kind == TypeKind::kInstance;
      const bool as_text = part.conversion == 's' || (part.conversion == 0 && !part.spec);
      piece.value = is_row && as_text ? InstanceText(python, span) : python.expr;
      if (!python.constant && !(is_row && as_text)) NeedTexts(python.type, span);
    }
    if (part.spec != nullptr) {
      const BoundPtr spec = Eval(*part.spec);
      constant = constant && ConstantIn(spec) != nullptr;
      piece.spec = ToProgram(spec);
    }
    format.pieces.push_back(std::move(piece));
  }
  return Computed(span, program::Make(span, std::move(format)), MakeType(TypeKind::kStr), constant);
}

BoundPtr Binder::EvalSubscript(const ast::Subscript& node, Span span) {
  const BoundPtr value = Eval(*node.value);
  const auto* slice = std::get_if<ast::Slice>(&node.index->node);
  if (const auto* queryset = value->As<QuerySet>()) {
    if (slice != nullptr) return SliceQuerySet(*queryset, *slice, span);
    return IndexQuerySet(*queryset, Eval(*node.index), span);
  }
  if (const auto* expression = value->As<Expression>()) {
    plan::RequireDjango(plan_, catalog::Change::kSliceOfText, span);
    const auto bound = [&](const ast::Expr* expr) -> std::optional<int64_t> {
      if (expr == nullptr) return std::nullopt;
      const BoundPtr limit = Eval(*expr);
      const Value* constant = ConstantIn(limit);
      if (constant != nullptr && constant->is_none()) return std::nullopt;
      return SliceBound(constant, expr->span);
    };
    if (slice == nullptr) {
      const std::optional<int64_t> index = bound(node.index);
      return SliceExpression(*expression, index, index ? std::optional(*index + 1) : index, span);
    }
    if (slice->step != nullptr) {
      Reject(Kind::BadValue, span, std::string("Step argument is not supported."));
    }
    return SliceExpression(*expression, bound(slice->lower).value_or(0), bound(slice->upper), span);
  }
  if (slice != nullptr) {
    const auto bound = [&](const ast::Expr* expr) { return expr ? Eval(*expr) : nullptr; };
    return PartOf(value, {bound(slice->lower), bound(slice->upper), bound(slice->step)}, span);
  }
  return ItemOf(value, Eval(*node.index), span);
}

}  // namespace ormc::bind
