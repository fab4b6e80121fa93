#include "compiler/bind/binder.h"
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
  const PythonValue base = ToPython(value);
  if (slice != nullptr) {
    program::SliceOf part{base.expr, nullptr, nullptr, nullptr};
    bool constant = ConstantIn(value) != nullptr;
    const auto bound = [&](const ast::Expr* expr) -> program::ExprPtr {
      if (expr == nullptr) return nullptr;
      const BoundPtr limit = Eval(*expr);
      constant = constant && ConstantIn(limit) != nullptr;
      return ToProgram(limit);
    };
    part.lower = bound(slice->lower);
    part.upper = bound(slice->upper);
    part.step = bound(slice->step);
    Type type = base.type;
    if (type.kind == TypeKind::kTuple) type.items.clear();
    return Computed(span, program::Make(span, std::move(part)), std::move(type), constant);
  }
  const BoundPtr index = Eval(*node.index);
  Type type;
  if (base.type.kind == TypeKind::kDict) {
    if (base.type.element) type = *base.type.element;
    if (const auto key = ConstantText(index)) {
      for (const auto& [name, item] : base.type.fields) {
        if (name == *key) type = item;
      }
    }
  } else if (base.type.kind == TypeKind::kTuple) {
    const Value* known = ConstantIn(index);
    const auto* at = known != nullptr ? known->As<int64_t>() : nullptr;
    const auto size = static_cast<int64_t>(base.type.items.size());
    if (at != nullptr && *at < size && *at >= -size) {
      type = base.type.items[static_cast<size_t>(*at < 0 ? *at + size : *at)];
    }
  } else {
    type = ElementOf(base.type);
  }
  // A known element of a display may be an expression or a queryset.
  if (const auto* sequence = value->As<Sequence>()) {
    const Value* known = ConstantIn(index);
    const auto* at = known != nullptr ? known->As<int64_t>() : nullptr;
    const auto size = static_cast<int64_t>(sequence->items.size());
    if (at != nullptr && *at < size && *at >= -size) {
      return sequence->items[static_cast<size_t>(*at < 0 ? *at + size : *at)];
    }
  }
  if (const auto* mapping = value->As<Mapping>()) {
    if (const auto key = ConstantText(index)) {
      for (auto item = mapping->items.rbegin(); item != mapping->items.rend(); ++item) {
        if (ConstantText(item->first) == key) return item->second;
      }
    }
  }
  program::ExprPtr expr = program::Make(span, program::Subscript{base.expr, ToProgram(index)});
  return Computed(span, std::move(expr), std::move(type),
                  ConstantIn(value) != nullptr && ConstantIn(index) != nullptr);
}

}  // namespace ormc::bind
