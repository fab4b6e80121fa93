// PostgreSQL's own types: keys of JSON, parts of arrays.
#include "compiler/plan/postgres.h"

#include <charconv>

#include "compiler/sql/printer.h"

namespace ormc::sql {

using plan::Expr;
using plan::ExprPtr;
using plan::FieldKind;

namespace {

// A key that int() takes is an index.
std::optional<int64_t> Index(const std::string& key) {
  int64_t index = 0;
  const char* end = key.data() + key.size();
  const auto [at, error] = std::from_chars(key.data(), end, index);
  if (error != std::errc{} || at != end) return std::nullopt;
  return index;
}

}  // namespace

bool HasPlaceholder(const plan::FieldType& type) {
  return type.kind == FieldKind::kArrayField || plan::RangeBound(type).has_value();
}

// `data -> 'a'`, and of a chain of keys `data #> '{a,b}'`.
Fragment Printer::JsonKey(const Expr& call) {
  std::vector<ormc::Value> keys = {ormc::Value::Str(call.name)};
  ExprPtr source = call.args[0];
  for (; IsJsonKey(*source); source = source->args[0]) {
    keys.insert(keys.begin(), ormc::Value::Str(source->name));
  }
  const std::string arrow(call.function->sql);
  const Fragment document = Fragment("(") + Print(source);
  if (keys.size() > 1) {
    return document + Fragment(" #" + arrow.substr(1) + " ") +
           Constant(ormc::Value::ListOf(std::move(keys)), program::ParameterType::kUnknown) + ")";
  }
  const auto index = Index(call.name);
  return document + Fragment(" " + arrow + " ") +
         (index ? Constant(ormc::Value::Int(*index), program::ParameterType::kByValue)
                : Constant(ormc::Value::Str(call.name), program::ParameterType::kText)) +
         ")";
}

Fragment Printer::ArrayPart(const Expr& call) {
  Fragment array = Print(call.args[0]);
  const auto number = [&](const std::string& digits) {
    return Constant(ormc::Value::IntFromDigits(digits), program::ParameterType::kByValue);
  };
  const size_t colon = call.name.find(':');
  if (colon == std::string::npos) {
    // An index of an index is one subscript more: PostgreSQL's arrays have dimensions.
    if (!array.text.ends_with("]")) array = Fragment("(") + array + ")";
    return array + "[" + number(call.name) + "]";
  }
  const std::string end = call.name.substr(colon + 1);
  return Fragment("(") + array + ")[" + number(call.name.substr(0, colon)) + ":" +
         (end.empty() ? Fragment() : number(end)) + "]";
}

// Arguments are cast: to PostgreSQL a parameter here has no type of its own.
Fragment Printer::JsonBuild(const Expr& call) {
  const bool object = call.function->shape == catalog::FunctionShape::kJsonObject;
  std::vector<Fragment> parts;
  for (size_t i = 0; i < call.args.size(); ++i) {
    const ExprPtr& arg = call.args[i];
    Fragment sql = Print(arg);
    const bool name = object && i % 2 == 0;
    const bool text = arg->op == plan::Op::kValue && arg->output &&
                      (plan::IsA(*arg->output, FieldKind::kCharField) ||
                       plan::IsA(*arg->output, FieldKind::kTextField));
    const bool cast =
        arg->op == plan::Op::kFunction && arg->function->shape == catalog::FunctionShape::kCast;
    if (object ? name || text : !cast) {
      const std::string type = object ? "text" : plan::CastDbType(plan::OutputOf(arg));
      sql = Fragment("(") + sql + Fragment(")::" + type);
    }
    parts.push_back(std::move(sql));
  }
  return Fragment(std::string(call.function->sql) + "(") + Joined(parts, ", ") + ")";
}

// to_tsvector(config, a || ' ' || b)
Fragment Printer::SearchVector(const Expr& call) {
  const bool configured = plan::SearchConfigOf(call) != nullptr;
  std::vector<Fragment> texts;
  for (size_t i = configured ? 1 : 0; i < call.args.size(); ++i) {
    texts.push_back(TextOrEmpty(call.args[i]));
  }
  const Fragment config = configured ? Print(call.args[0]) + ", " : Fragment();
  return Fragment(std::string(call.function->sql) + "(") + config + Joined(texts, " || ' ' || ") +
         ")";
}

}  // namespace ormc::sql
