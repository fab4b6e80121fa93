// Evaluates program expressions in a small JSON form, a line each: for eval_differential.py, which
// compares with CPython.  Writes {"value": repr} or {"error": class, "message": text} or
// {"limit": name}.
#include <boost/json.hpp>
#include <iostream>
#include <map>

#include "compiler/eval/evaluate.h"
#include "compiler/eval/prepare.h"
#include "compiler/values/big_int.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"

namespace json = boost::json;
using namespace ormc;
using program::ExprPtr;

namespace {

template <class Node>
ExprPtr MakeExpr(Node node) {
  return program::Make(Span{}, std::move(node));
}

std::string Text(const json::value& value) { return std::string(value.as_string()); }

template <class Op>
Op OpAt(const std::vector<std::string>& names, const json::value& name) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == Text(name)) return static_cast<Op>(i);
  }
  throw std::runtime_error("unknown operator " + Text(name));
}

const std::vector<std::string> kUnary = {"USub", "UAdd", "Invert", "Not"};
const std::vector<std::string> kBinary = {"Add", "Sub",   "Mult",   "Div",    "FloorDiv", "Mod",
                                          "Pow", "BitOr", "BitXor", "BitAnd", "LShift",   "RShift"};
const std::vector<std::string> kCompare = {"Eq",  "NotEq", "Lt",    "LtE", "Gt",
                                           "GtE", "Is",    "IsNot", "In",  "NotIn"};
const std::vector<std::string> kComprehensions = {"list", "set", "dict", "generator"};
const std::vector<std::string> kDisplays = {"list", "tuple", "set"};

ExprPtr Read(const json::value& value);

ExprPtr ReadOrNull(const json::value& value) { return value.is_null() ? nullptr : Read(value); }

std::vector<ExprPtr> ReadAll(const json::value& values) {
  std::vector<ExprPtr> result;
  for (const json::value& value : values.as_array()) result.push_back(Read(value));
  return result;
}

std::vector<program::Keyword> ReadKeywords(const json::value& values) {
  std::vector<program::Keyword> result;
  for (const auto& [name, value] : values.as_object()) {
    result.push_back({std::string(name), Read(value)});
  }
  return result;
}

program::Target ReadTarget(const json::value& value) {
  program::Target target;
  if (value.is_array()) {
    for (const json::value& item : value.as_array()) target.items.push_back(ReadTarget(item));
  } else {
    target.slot = static_cast<uint32_t>(value.as_int64());
  }
  return target;
}

Value ReadConstant(const std::string& type, const std::string& text) {
  if (type == "int") return Value::IntFromDigits(text);
  if (type == "float") return Value::Float(std::strtod(text.c_str(), nullptr));
  if (type == "str") return Value::Str(text);
  if (type == "bool") return Value::Bool(text == "True");
  return Value::None();
}

ExprPtr Read(const json::value& value) {
  const json::array& a = value.as_array();
  const std::string kind = Text(a[0]);
  if (kind == "const") return MakeExpr(program::Constant{ReadConstant(Text(a[1]), Text(a[2]))});
  if (kind == "local") return MakeExpr(program::Local{static_cast<uint32_t>(a[1].as_int64())});
  if (kind == "unary") {
    return MakeExpr(program::Unary{OpAt<program::UnaryOp>(kUnary, a[1]), Read(a[2])});
  }
  if (kind == "binary") {
    return MakeExpr(
        program::Binary{OpAt<program::BinaryOp>(kBinary, a[1]), Read(a[2]), Read(a[3])});
  }
  if (kind == "compare") {
    program::Comparison node{Read(a[1]), {}};
    for (const json::value& pair : a[2].as_array()) {
      node.rest.emplace_back(OpAt<program::CompareOp>(kCompare, pair.as_array()[0]),
                             Read(pair.as_array()[1]));
    }
    return MakeExpr(std::move(node));
  }
  if (kind == "bool") return MakeExpr(program::BoolChain{Text(a[1]) == "And", ReadAll(a[2])});
  if (kind == "if") return MakeExpr(program::Conditional{Read(a[1]), Read(a[2]), Read(a[3])});
  if (kind == "format") {
    program::Format node;
    for (const json::value& piece : a[1].as_array()) {
      const json::array& p = piece.as_array();
      node.pieces.push_back(
          {Text(p[0]), ReadOrNull(p[1]), static_cast<char>(p[2].as_int64()), ReadOrNull(p[3])});
    }
    return MakeExpr(std::move(node));
  }
  if (kind == "display") {
    program::Display node{OpAt<program::DisplayKind>(kDisplays, a[1]), {}};
    for (const json::value& item : a[2].as_array()) {
      node.items.emplace_back(item.as_array()[0].as_bool(), Read(item.as_array()[1]));
    }
    return MakeExpr(std::move(node));
  }
  if (kind == "dict") {
    program::DictDisplay node;
    for (const json::value& item : a[1].as_array()) {
      node.items.emplace_back(ReadOrNull(item.as_array()[0]), Read(item.as_array()[1]));
    }
    return MakeExpr(std::move(node));
  }
  if (kind == "index") return MakeExpr(program::Subscript{Read(a[1]), Read(a[2])});
  if (kind == "slice") {
    return MakeExpr(
        program::SliceOf{Read(a[1]), ReadOrNull(a[2]), ReadOrNull(a[3]), ReadOrNull(a[4])});
  }
  if (kind == "attribute") return MakeExpr(program::Attribute{Read(a[1]), Text(a[2])});
  if (kind == "call") {
    return MakeExpr(program::CallBuiltin{Text(a[1]), ReadAll(a[2]), ReadKeywords(a[3])});
  }
  if (kind == "method") {
    return MakeExpr(program::CallMethod{Read(a[1]), Text(a[2]), ReadAll(a[3]), ReadKeywords(a[4])});
  }
  if (kind == "lambda") {
    return MakeExpr(program::Lambda{static_cast<uint32_t>(a[1].as_int64()), Read(a[2])});
  }
  if (kind == "comprehension") {
    program::Comprehension node{
        OpAt<program::ComprehensionKind>(kComprehensions, a[1]), Read(a[2]), ReadOrNull(a[3]), {}};
    for (const json::value& generator : a[4].as_array()) {
      const json::array& g = generator.as_array();
      node.generators.push_back({ReadTarget(g[0]), Read(g[1]), ReadAll(g[2])});
    }
    return MakeExpr(std::move(node));
  }
  throw std::runtime_error("unknown node " + kind);
}

program::Prepare PrepareNamed(const std::string& name) {
  using program::Prepare;
  static const std::map<std::string, Prepare> names = {
      {"integer", Prepare::kInteger},   {"float", Prepare::kFloat}, {"decimal", Prepare::kDecimal},
      {"boolean", Prepare::kBoolean},   {"text", Prepare::kText},   {"date", Prepare::kDate},
      {"datetime", Prepare::kDateTime}, {"time", Prepare::kTime},   {"uuid", Prepare::kUuid},
      {"like", Prepare::kLikeContains}, {"json", Prepare::kJson}};
  return names.at(name);
}

Value Answer(const json::object& line, const eval::Context& context) {
  eval::Environment environment;
  const Value value = eval::Evaluate(*Read(line.at("expression")), environment, context);
  if (!line.contains("prepare")) return value;
  program::PrepareStep step{PrepareNamed(Text(line.at("prepare"))), "", 10, 2, "x"};
  return eval::Prepare(step, value, context);
}

}  // namespace

int main() {
  eval::Context context;
  // 2026-03-28 22:30:15.25 UTC: the night before the clocks change in Berlin.
  context.now = FromUnixMicros(1'774'737'015'250'000, Utc());
  context.zone = "America/New_York";
  context.default_zone = "Europe/Berlin";
  std::string line;
  while (std::getline(std::cin, line)) {
    json::object answer;
    try {
      const Value value = Answer(json::parse(line).as_object(), context);
      answer["value"] = Repr(value);
    } catch (const PythonError& error) {
      answer["error"] = error.django_name;
      answer["message"] = error.message;
    } catch (const LimitError& error) {
      answer["limit"] = error.limit();
    } catch (const std::exception& error) {
      answer["bug"] = error.what();
    }
    std::cout << json::serialize(answer) << "\n";
  }
}
