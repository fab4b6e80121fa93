#include "compiler/program/print.h"

#include <array>
#include <string_view>

#include "compiler/base/check.h"
#include "compiler/values/instance.h"
#include "compiler/values/text.h"

namespace ormc::program {
namespace {

constexpr std::array kUnary = {"-", "+", "~", "not "};
constexpr std::array kBinary = {"+", "-", "*", "/", "//", "%", "**", "|", "^", "&", "<<", ">>"};
constexpr std::array kCompare = {"==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"};
constexpr std::array kFetch = {"rows",   "first", "get",     "earliest", "scalar",
                               "exists", "row",   "in_bulk", "grouped"};
constexpr std::array kTake = {"rows", "row or None", "row"};
constexpr std::array kRow = {"flat", "tuple", "named tuple", "dict", "instance"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kDisplay = {
    {{"[", "]"}, {"(", ")"}, {"{", "}"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kComprehension = {
    {{"[", "]"}, {"{", "}"}, {"{", "}"}, {"(", ")"}}};

template <class Names, class Enum>
std::string_view NameIn(const Names& names, Enum value) {
  return names.at(static_cast<size_t>(value));
}

std::string Text(const ExprPtr& expr);

std::string Slot(uint32_t slot) { return "s" + std::to_string(slot); }

template <class Items, class Write>
std::string Joined(const Items& items, std::string_view between, Write write) {
  std::string out;
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += between;
    first = false;
    out += write(item);
  }
  return out;
}

std::string Text(const Target& target) {
  if (target.slot) return Slot(*target.slot);
  return "(" + Joined(target.items, ", ", [](const Target& item) { return Text(item); }) + ")";
}

std::string Arguments(const std::vector<ExprPtr>& arguments, const std::vector<Keyword>& keywords) {
  std::string out = Joined(arguments, ", ", [](const ExprPtr& item) { return Text(item); });
  for (const Keyword& keyword : keywords) {
    if (!out.empty()) out += ", ";
    out += keyword.name + "=" + Text(keyword.value);
  }
  return "(" + out + ")";
}

std::string Text(const Comprehension& node) {
  const auto& [open, close] = kComprehension.at(static_cast<size_t>(node.kind));
  std::string out = std::string(open) + Text(node.element);
  if (node.value) out += ": " + Text(node.value);
  for (const Generator& generator : node.generators) {
    out += " for " + Text(generator.target) + " in " + Text(generator.iterable);
    for (const ExprPtr& condition : generator.conditions) out += " if " + Text(condition);
  }
  return out + std::string(close);
}

std::string Text(const Format& node) {
  std::string out = "f(";
  for (const FormatPiece& piece : node.pieces) {
    out += StrRepr(piece.text);
    if (piece.value) out += " " + Text(piece.value);
    if (piece.conversion != 0) out += std::string("!") + piece.conversion;
    if (piece.spec) out += ":" + Text(piece.spec);
    out += " ";
  }
  return out + ")";
}

std::string Text(const DictDisplay& node) {
  return "{" +
         Joined(node.items, ", ",
                [](const auto& item) {
                  return item.first ? Text(item.first) + ": " + Text(item.second)
                                    : "**" + Text(item.second);
                }) +
         "}";
}

std::string Text(const Display& node) {
  const auto& [open, close] = kDisplay.at(static_cast<size_t>(node.kind));
  return std::string(open) +
         Joined(node.items, ", ",
                [](const auto& item) { return (item.first ? "*" : "") + Text(item.second); }) +
         std::string(close);
}

std::string Text(const Comparison& node) {
  std::string out = "(" + Text(node.first);
  for (const auto& [op, operand] : node.rest) {
    out.append(" ").append(NameIn(kCompare, op)).append(" ").append(Text(operand));
  }
  return out + ")";
}

std::string Text(const ExprPtr& expr) {
  if (!expr) return {};
  return std::visit(
      Overloaded{
          [](const Constant& node) { return Repr(node.value); },
          [](const Fresh& node) { return Repr(node.value); },
          [](const Local& node) { return Slot(node.slot); },
          [](const Unary& node) {
            return std::string(NameIn(kUnary, node.op)) + Text(node.operand);
          },
          [](const Binary& node) {
            return "(" + Text(node.left) + " " + std::string(NameIn(kBinary, node.op)) + " " +
                   Text(node.right) + ")";
          },
          [](const Comparison& node) { return Text(node); },
          [](const BoolChain& node) {
            return "(" +
                   Joined(node.operands, node.is_and ? " and " : " or ",
                          [](const auto& item) { return Text(item); }) +
                   ")";
          },
          [](const Conditional& node) {
            return "(" + Text(node.then) + " if " + Text(node.test) + " else " +
                   Text(node.otherwise) + ")";
          },
          [](const Format& node) { return Text(node); },
          [](const Display& node) { return Text(node); },
          [](const DictDisplay& node) { return Text(node); },
          [](const Subscript& node) { return Text(node.value) + "[" + Text(node.index) + "]"; },
          [](const SliceOf& node) {
            return Text(node.value) + "[" + Text(node.lower) + ":" + Text(node.upper) + ":" +
                   Text(node.step) + "]";
          },
          [](const Attribute& node) { return Text(node.value) + "." + node.name; },
          [](const CallBuiltin& node) {
            return node.name + Arguments(node.arguments, node.keywords);
          },
          [](const CallMethod& node) {
            return Text(node.receiver) + "." + node.name + Arguments(node.arguments, node.keywords);
          },
          [](const Comprehension& node) { return Text(node); },
          [](const Lambda& node) {
            return "(lambda " + Slot(node.slot) + ": " + Text(node.body) + ")";
          },
          [](const RunQuery& node) { return "run(q" + std::to_string(node.query) + ")"; },
          [](const RelatedOf& node) {
            return std::string(NameIn(kTake, node.take)) + "(q" + std::to_string(node.query) +
                   ", of " + Text(node.owner) + "." + node.key + ", for all of q" +
                   std::to_string(node.origin) + ")";
          },
          [](const GenericOf& node) {
            return "row(" + std::to_string(node.arms->size()) + " models, " +
                   Text(node.types.owner) + "." + node.field + ")";
          },
          [](const ByModel& node) {
            std::string arms;
            for (const ByModel::Arm& arm : node.arms) {
              arms += ", " + arm.label + ": " + (arm.value ? Text(arm.value) : "refused");
            }
            return "by_model(" + Text(node.row) + "." + node.name + arms + ")";
          },
      },
      expr->node);
}

void Print(const std::vector<Statement>& body, const std::string& indent, std::string& out);

void Print(const Statement& statement, const std::string& indent, std::string& out) {
  out += indent;
  std::visit(
      Overloaded{
          [&](const Assign& node) { out += Text(node.target) + " = " + Text(node.value) + "\n"; },
          [&](const Evaluate& node) { out += Text(node.value) + "\n"; },
          [&](const SetItem& node) {
            out += Text(node.container) + "[" + Text(node.key) + "] = " + Text(node.value) + "\n";
          },
          [&](const For& node) {
            out += "for " + Text(node.target) + " in " + Text(node.iterable) + ":\n";
            Print(node.body, indent + "  ", out);
          },
          [&](const If& node) {
            out += "if " + Text(node.test) + ":\n";
            Print(node.then, indent + "  ", out);
            if (node.otherwise.empty()) return;
            out += indent + "else:\n";
            Print(node.otherwise, indent + "  ", out);
          },
      },
      statement.node);
}

void Print(const std::vector<Statement>& body, const std::string& indent, std::string& out) {
  for (const Statement& statement : body) Print(statement, indent, out);
}

void Print(const Query& query, size_t number, std::string& out) {
  out += "q" + std::to_string(number) + ": " + query.model + ", ";
  out.append(NameIn(kFetch, query.fetch)).append(" of ").append(NameIn(kRow, query.row));
  out += query.shown ? ", shown\n" : "\n";
  for (size_t i = 0; i < query.none_tests.size(); ++i) {
    out += "  none[" + std::to_string(i) + "]: " + Text(query.none_tests[i]) + "\n";
  }
  for (const QueryText& text : query.variants) {
    out += "  " + (text.sql.empty() ? "(no query)" : text.sql) + "\n";
    for (size_t i = 0; i < text.parameters.size(); ++i) {
      out += "    $" + std::to_string(i + 1) + " = " + Text(text.parameters[i].value) + "\n";
    }
  }
  out += "  columns:";
  for (const Column& column : query.columns) out += " " + column.name + ":" + column.type;
  out += "\n";
}

}  // namespace

std::string Print(const ExprPtr& expr) { return Text(expr); }

std::string Print(const Program& program) {
  std::string out = "zone " + program.zone + (program.use_tz ? "" : ", naive") + "\n";
  for (size_t i = 0; i < program.queries.size(); ++i) Print(program.queries[i], i, out);
  Print(program.body, "", out);
  return out + "result = " + Text(program.result) + "\n";
}

}  // namespace ormc::program
