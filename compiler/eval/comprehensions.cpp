// Iteration, comprehensions, generators.
#include "compiler/base/check.h"
#include "compiler/eval/machine.h"
#include "compiler/values/nesting.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

using program::ComprehensionKind;

namespace {

// A list may grow while it is visited: Python's iterators go by index, and so do we.
template <class Sized, class At>
void Visit(Meter& meter, const Sized& size, const At& at, const Visitor& visit) {
  for (size_t i = 0; i < size(); ++i) {
    meter.Step();
    const Value item = at(i);
    if (!visit(item)) return;
  }
}

}  // namespace

void Machine::ForEach(const Value& iterable, const Visitor& visit) {
  if (const auto* l = iterable.As<std::shared_ptr<List>>()) {
    const std::shared_ptr<List> list = *l;
    return Visit(
        meter_, [&] { return list->items.size(); }, [&](size_t i) { return list->items[i]; },
        visit);
  }
  if (const auto* t = iterable.As<std::shared_ptr<Tuple>>()) {
    const std::shared_ptr<Tuple> tuple = *t;
    return Visit(
        meter_, [&] { return tuple->items.size(); }, [&](size_t i) { return tuple->items[i]; },
        visit);
  }
  if (const auto* s = iterable.As<std::shared_ptr<Set>>()) {
    const std::shared_ptr<Set> set = *s;
    const size_t size = set->size();
    return Visit(
        meter_,
        [&] {
          if (set->size() != size) {
            Raise("RuntimeError", "Set changed size during iteration");
          }
          return size;
        },
        [&](size_t i) { return set->items()[i]; }, visit);
  }
  if (const auto* d = iterable.As<std::shared_ptr<Dict>>()) {
    const std::shared_ptr<Dict> dict = *d;
    const size_t size = dict->size();
    return Visit(
        meter_,
        [&] {
          if (dict->size() != size) {
            Raise("RuntimeError", "dictionary changed size during iteration");
          }
          return size;
        },
        [&](size_t i) { return dict->entries()[i].key; }, visit);
  }
  if (const std::string* text = iterable.text()) {
    const std::u32string points = ToCodePoints(*text);
    meter_.Bytes(points.size() * sizeof(char32_t));
    return Visit(
        meter_, [&] { return points.size(); },
        [&](size_t i) { return Value::Str(ToUtf8(std::u32string_view(points).substr(i, 1))); },
        visit);
  }
  if (const auto* b = iterable.As<std::shared_ptr<const Bytes>>()) {
    const std::shared_ptr<const Bytes> bytes = *b;
    return Visit(
        meter_, [&] { return bytes->data.size(); },
        [&](size_t i) { return Value::Int(static_cast<unsigned char>(bytes->data[i])); }, visit);
  }
  RaiseType("'" + FullTypeName(iterable) + "' object is not iterable");
}

void Machine::ForEach(const program::Expr& expr, const Visitor& visit) {
  const auto* node = std::get_if<program::Comprehension>(&expr.node);
  if (!node || node->kind != ComprehensionKind::kGenerator) return ForEach(Eval(expr), visit);
  Generate(node->generators, 0, [&] { return visit(Eval(*node->element)); });
}

std::vector<Value> Machine::Items(const Value& iterable) {
  std::vector<Value> items;
  ForEach(iterable, [&](const Value& item) {
    Reserve(1);
    items.push_back(item);
    return true;
  });
  return items;
}

// False where `emit` asked to stop.
bool Machine::Generate(const std::vector<program::Generator>& generators, size_t at,
                       const std::function<bool()>& emit) {
  if (at == generators.size()) return emit();
  const program::Generator& generator = generators[at];
  bool go_on = true;
  ForEach(*generator.iterable, [&](const Value& item) {
    Bind(generator.target, item);
    for (const program::ExprPtr& condition : generator.conditions) {
      if (!Truth(Eval(*condition))) return true;
    }
    go_on = Generate(generators, at + 1, emit);
    return go_on;
  });
  return go_on;
}

Value Machine::Of(const program::Comprehension& node) {
  switch (node.kind) {
    case ComprehensionKind::kList:
    // A generator that nothing consumes at once is the list of its elements.
    case ComprehensionKind::kGenerator: {
      Value list = Value::ListOf({});
      List& items = **list.As<std::shared_ptr<List>>();
      Generate(node.generators, 0, [&] { return Append(items, Eval(*node.element)), true; });
      return list;
    }
    case ComprehensionKind::kSet: {
      Value set = SetValue(Set());
      Set& items = **set.As<std::shared_ptr<Set>>();
      Generate(node.generators, 0, [&] { return AddTo(items, Eval(*node.element)), true; });
      return set;
    }
    case ComprehensionKind::kDict: {
      Value dict = DictValue(Dict());
      Dict& items = **dict.As<std::shared_ptr<Dict>>();
      Generate(node.generators, 0, [&] {
        const Value key = Eval(*node.element);
        SetIn(items, key, Eval(*node.value));
        return true;
      });
      return dict;
    }
  }
  throw InternalError("an unknown comprehension");
}

}  // namespace ormc::eval
