#include "compiler/ast/printer.h"

#include <array>
#include <charconv>
#include <string_view>

#include "compiler/base/check.h"

namespace ormc::ast {
namespace {

// What is printed: a word, or a list in parentheses.
struct Form {
  std::string word;
  std::vector<Form> items;
  bool list = false;
  size_t width = 0;
};

Form Word(std::string text) {
  const size_t width = text.size();
  return Form{std::move(text), {}, false, width};
}

Form List(std::string head) {
  const size_t width = head.size() + 2;
  return Form{std::move(head), {}, true, width};
}

void Add(Form& list, Form item) {
  list.width += item.width + 1;
  list.items.push_back(std::move(item));
}

std::string Quoted(std::string_view text, bool bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = bytes ? "b\"" : "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f || (bytes && byte >= 0x80)) {
      out += bytes ? "\\x" : "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xfU];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string Spelled(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::scientific);
  Check(error == std::errc(), "a float has no spelling");
  return std::string(buffer.data(), end);
}

constexpr std::string_view kUnary[] = {"-", "+", "~", "not"};
constexpr std::string_view kBinary[] = {"+", "-", "*", "/", "//", "%", "**",
                                        "@", "|", "^", "&", "<<", ">>"};
constexpr std::string_view kCompare[] = {"==", "!=", "<",      "<=", ">",
                                         ">=", "is", "is-not", "in", "not-in"};
constexpr std::string_view kDisplay[] = {"list", "tuple", "set"};
constexpr std::string_view kComprehension[] = {"list-comp", "set-comp", "dict-comp", "generator"};
constexpr std::string_view kRefused[] = {
    "while",    "def",    "class", "with",     "try",   "raise",     "return", "del", "global",
    "nonlocal", "assert", "break", "continue", "match", "decorator", "async",  "type"};

template <size_t n, class Enum>
std::string NameIn(const std::string_view (&names)[n], Enum value) {
  return std::string(names[static_cast<size_t>(value)]);
}

class Printer {
 public:
  explicit Printer(const PrintOptions& options) : options_(options) {}

  std::string Run(const Module& module) {
    for (const Stmt* stmt : module.body) {
      Write(Of(*stmt), 0);
      out_ += '\n';
    }
    return std::move(out_);
  }

 private:
  // ---- nodes -> forms

  Form Node(std::string_view name, Span span) const {
    std::string head(name);
    if (options_.spans) head += "@" + std::to_string(span.begin) + ":" + std::to_string(span.end);
    return List(std::move(head));
  }
  Form Maybe(const Expr* expr) const { return expr == nullptr ? Word("-") : Of(*expr); }
  void AddAll(Form& form, const std::vector<const Expr*>& items) const {
    for (const Expr* item : items) Add(form, Of(*item));
  }
  Form Block(std::string_view name, const std::vector<const Stmt*>& body) const {
    Form form = List(std::string(name));
    for (const Stmt* stmt : body) Add(form, Of(*stmt));
    return form;
  }

  Form Of(const Expr& expr) const {
    const auto node = [&](std::string_view name) { return Node(name, expr.span); };
    const auto with = [&](Form form, auto... children) {
      (Add(form, std::move(children)), ...);
      return form;
    };
    return std::visit(
        Overloaded{
            [&](const NoneLiteral&) { return node("None"); },
            [&](const BoolLiteral& n) { return node(n.value ? "True" : "False"); },
            [&](const EllipsisLiteral&) { return node("..."); },
            [&](const IntLiteral& n) { return with(node("int"), Word(n.digits)); },
            [&](const FloatLiteral& n) { return with(node("float"), Word(Spelled(n.value))); },
            [&](const StrLiteral& n) { return with(node("str"), Word(Quoted(n.value, false))); },
            [&](const BytesLiteral& n) { return with(node("bytes"), Word(Quoted(n.value, true))); },
            [&](const FString& n) { return Parts(node("fstring"), n); },
            [&](const Name& n) { return with(node("name"), Word(n.id)); },
            [&](const Attribute& n) { return with(node("attribute"), Of(*n.value), Word(n.name)); },
            [&](const Subscript& n) { return with(node("subscript"), Of(*n.value), Of(*n.index)); },
            [&](const Slice& n) {
              return with(node("slice"), Maybe(n.lower), Maybe(n.upper), Maybe(n.step));
            },
            [&](const Call& n) { return Arguments(with(node("call"), Of(*n.function)), n); },
            [&](const Unary& n) { return with(node(NameIn(kUnary, n.op)), Of(*n.operand)); },
            [&](const Binary& n) {
              return with(node(NameIn(kBinary, n.op)), Of(*n.left), Of(*n.right));
            },
            [&](const BoolChain& n) {
              Form form = node(n.op == BoolOp::kAnd ? "and" : "or");
              AddAll(form, n.operands);
              return form;
            },
            [&](const Comparison& n) {
              Form form = with(node("compare"), Of(*n.first));
              for (const auto& [op, right] : n.rest)
                form = with(std::move(form), Word(NameIn(kCompare, op)), Of(*right));
              return form;
            },
            [&](const Conditional& n) {
              return with(node("if-else"), Of(*n.body), Of(*n.test), Of(*n.otherwise));
            },
            [&](const Display& n) {
              Form form = node(NameIn(kDisplay, n.kind));
              AddAll(form, n.items);
              return form;
            },
            [&](const Dict& n) {
              Form form = node("dict");
              for (const auto& [key, value] : n.items) {
                if (key == nullptr) {
                  Add(form, with(List("**"), Of(*value)));
                } else {
                  Add(form, with(List(":"), Of(*key), Of(*value)));
                }
              }
              return form;
            },
            [&](const Starred& n) { return with(node("star"), Of(*n.value)); },
            [&](const Comprehension& n) {
              return Clauses(node(NameIn(kComprehension, n.kind)), n);
            },
            [&](const Lambda& n) {
              Form names = List(n.plain ? "parameters" : "parameters*");
              for (const std::string& name : n.parameters) Add(names, Word(name));
              return with(node("lambda"), std::move(names), Of(*n.body));
            },
            [&](const Walrus& n) { return with(node(":="), Of(*n.target), Of(*n.value)); },
            [&](const Await& n) { return with(node("await"), Of(*n.value)); },
            [&](const Yield& n) { return with(node("yield"), Maybe(n.value)); },
        },
        expr.node);
  }

  Form Parts(Form form, const FString& fstring) const {
    for (const FormatPart& part : fstring.parts) {
      if (!part.literal_before.empty()) Add(form, Word(Quoted(part.literal_before, false)));
      if (part.value == nullptr) continue;
      Form field = List("field");
      Add(field, Of(*part.value));
      if (part.conversion != 0) Add(field, Word(std::string("!") + part.conversion));
      if (part.spec != nullptr) Add(field, Of(*part.spec));
      Add(form, std::move(field));
    }
    return form;
  }

  Form Arguments(Form form, const Call& call) const {
    for (const Argument& argument : call.arguments) {
      switch (argument.kind) {
        case Argument::Kind::kPositional:
          Add(form, Of(*argument.value));
          continue;
        case Argument::Kind::kKeyword:
          Add(form, List(argument.name + "="));
          break;
        case Argument::Kind::kStar:
          Add(form, List("*"));
          break;
        case Argument::Kind::kDoubleStar:
          Add(form, List("**"));
          break;
      }
      Form value = Of(*argument.value);
      form.width += value.width + 1;
      Add(form.items.back(), std::move(value));
    }
    return form;
  }

  Form Clauses(Form form, const Comprehension& comprehension) const {
    Add(form, Of(*comprehension.element));
    if (comprehension.value != nullptr) Add(form, Of(*comprehension.value));
    for (const ComprehensionFor& clause : comprehension.clauses) {
      Form part = List(clause.is_async ? "async-for" : "for");
      Add(part, Of(*clause.target));
      Add(part, Of(*clause.iterable));
      AddAll(part, clause.conditions);
      Add(form, std::move(part));
    }
    return form;
  }

  Form Of(const Stmt& stmt) const {
    const auto node = [&](std::string_view name) { return Node(name, stmt.span); };
    return std::visit(Overloaded{
                          [&](const ExprStmt& n) {
                            Form form = node("do");
                            Add(form, Of(*n.value));
                            return form;
                          },
                          [&](const Assign& n) {
                            Form form = node(n.annotation == nullptr ? "assign" : "annotate");
                            AddAll(form, n.targets);
                            if (n.annotation != nullptr) Add(form, Of(*n.annotation));
                            if (n.value != nullptr) Add(form, Of(*n.value));
                            return form;
                          },
                          [&](const AugAssign& n) {
                            Form form = node(NameIn(kBinary, n.op) + "=");
                            Add(form, Of(*n.target));
                            Add(form, Of(*n.value));
                            return form;
                          },
                          [&](const For& n) {
                            Form form = node(n.has_else ? "for-else" : "for");
                            Add(form, Of(*n.target));
                            Add(form, Of(*n.iterable));
                            Add(form, Block("body", n.body));
                            return form;
                          },
                          [&](const If& n) {
                            Form form = node("if");
                            Add(form, Of(*n.test));
                            Add(form, Block("body", n.body));
                            if (!n.otherwise.empty()) Add(form, Block("else", n.otherwise));
                            return form;
                          },
                          [&](const Pass&) { return node("pass"); },
                          [&](const Import& n) {
                            Form form = node("import");
                            if (!n.module.empty()) Add(form, Word("from:" + n.module));
                            for (const ImportedName& name : n.names)
                              Add(form, Word(name.name + ":" + name.as_name));
                            return form;
                          },
                          [&](const Refused& n) {
                            Form form = node("refused");
                            Add(form, Word(NameIn(kRefused, n.what)));
                            return form;
                          },
                      },
                      stmt.node);
  }

  // ---- forms -> text

  void Write(const Form& form, size_t indentation) {
    if (!form.list) {
      out_ += form.word;
      return;
    }
    const bool fits = indentation + form.width <= options_.columns;
    out_ += '(' + form.word;
    bool broken = false;
    for (const Form& item : form.items) {
      // Words stay beside the name of the node.
      broken = broken || (!fits && item.list);
      if (broken) {
        out_ += '\n' + std::string(indentation + 2, ' ');
      } else {
        out_ += ' ';
      }
      Write(item, indentation + 2);
    }
    out_ += ')';
  }

  const PrintOptions& options_;
  std::string out_;
};

}  // namespace

std::string Print(const Module& module, const PrintOptions& options) {
  return Printer(options).Run(module);
}

}  // namespace ormc::ast
