#include "compiler/bind/making.h"

namespace ormc::bind {

void RejectArguments(const std::string& what, const Arguments& arguments) {
  if (!arguments.keywords.empty()) {
    const std::string& name = arguments.keywords[0].first;
    Reject(Kind::UnexpectedArgument, arguments.NameSpan(name, arguments.span), what, name);
  }
  Reject(Kind::BadArgument, arguments.span, "`" + what + "` has too many arguments");
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
