#include "compiler/bind/making.h"

#include <algorithm>

namespace ormc::bind {
namespace {

// Keywords that expressions take: what a misspelt one may have meant.
const std::vector<std::string>& KnownKeywords() {
  static const std::vector<std::string> keywords = {
      "output_field", "filter",     "distinct",   "default", "order_by",    "condition",
      "nulls_first",  "nulls_last", "expression", "tzinfo",  "partition_by"};
  return keywords;
}

}  // namespace

void RejectArguments(const std::string& what, const Arguments& arguments) {
  if (!arguments.keywords.empty()) {
    const std::string& name = arguments.keywords[0].first;
    Diagnostic diagnostic = MakeDiagnostic(Kind::UnexpectedArgument,
                                           arguments.NameSpan(name, arguments.span), what, name);
    const std::vector<std::string>& known = KnownKeywords();
    const bool misspelt = std::find(known.begin(), known.end(), name) == known.end();
    if (misspelt) diagnostic.suggestion = DidYouMean(name, known);
    throw Rejection(std::move(diagnostic));
  }
  Reject(Kind::BadArgument, arguments.span, "`" + what + "` has too many arguments");
}

void RejectNoneAmongNames(const std::string& what, Span span) {
  Reject(Kind::BadArgument, span, "`" + what + "` takes None alone, or names");
}

void NameArguments(const std::string& what, std::span<const std::string_view> names,
                   Arguments& arguments) {
  for (size_t i = 0; i < arguments.positional.size(); ++i) {
    if (i == names.size() || names[i].empty()) {
      Reject(Kind::BadArgument, arguments.span, "`" + what + "` has too many arguments");
    }
    for (const auto& [known, value] : arguments.keywords) {
      if (known != names[i]) continue;
      Reject(Kind::BadArgument, arguments.NameSpan(known, arguments.span),
             "`" + known + "` is given twice");
    }
  }
  for (size_t i = 0; i < arguments.positional.size(); ++i) {
    arguments.keywords.emplace_back(names[i], std::move(arguments.positional[i]));
  }
  arguments.positional.clear();
}

void CheckArguments(const std::string& what, std::string_view parameters,
                    const Arguments& arguments) {
  Arguments left;  // keywords that no parameter has taken
  left.span = arguments.span;
  left.name_spans = arguments.name_spans;
  left.keywords = arguments.keywords;
  size_t position = 0;  // of the next positional argument
  bool positional = true;
  while (!parameters.empty()) {
    const size_t comma = std::min(parameters.find(", "), parameters.size());
    std::string_view name = parameters.substr(0, comma);
    parameters.remove_prefix(std::min(comma + 2, parameters.size()));
    if (name.starts_with("**")) {
      left.keywords.clear();
      continue;
    }
    if (name.starts_with("*")) {
      if (name != "*") position = arguments.positional.size();
      positional = false;
      continue;
    }
    const bool optional = name.ends_with("=");
    if (optional) name.remove_suffix(1);
    const bool in_place = positional && position < arguments.positional.size();
    if (in_place) ++position;
    const BoundPtr named = left.Take(name);
    if (in_place && named) {
      Reject(Kind::BadArgument, arguments.NameSpan(name, arguments.span),
             "`" + std::string(name) + "` is given twice");
    }
    if (!in_place && !named && !optional) {
      Reject(Kind::MissingArgument, arguments.span, what, "`" + std::string(name) + "`");
    }
  }
  if (position < arguments.positional.size() || !left.keywords.empty()) RejectArguments(what, left);
}

std::vector<BoundPtr> InOrder(const std::string& what, std::span<const std::string_view> names,
                              Arguments& arguments) {
  NameArguments(what, names, arguments);
  std::vector<BoundPtr> values;
  for (const std::string_view name : names) {
    if (!name.empty()) values.push_back(arguments.Take(name));
  }
  if (!arguments.keywords.empty()) RejectArguments(what, arguments);
  return values;
}

}  // namespace ormc::bind
