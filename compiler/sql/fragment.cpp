#include "compiler/sql/fragment.h"

#include <algorithm>
#include <functional>

#include "compiler/base/check.h"

namespace ormc::sql {

bool Same(const Fragment& a, const Fragment& b) {
  return a.text == b.text &&
         std::ranges::equal(a.values, b.values, {}, &Placeholder::content, &Placeholder::content);
}

size_t HashOfEnds::operator()(const Fragment& fragment) const {
  constexpr size_t kEnd = 32;
  const std::string_view text = fragment.text;
  size_t hash =
      std::hash<std::string_view>()(text.substr(text.size() - std::min(text.size(), kEnd)));
  const auto mix = [&hash](size_t value) { hash = hash * 31 + value; };
  mix(text.size());
  mix(fragment.values.size());
  if (!fragment.values.empty()) {
    mix(fragment.values.front().content);
    mix(fragment.values.back().content);
  }
  return hash;
}

Fragment Fill(std::string_view pattern, std::span<const Fragment> arguments) {
  Fragment out;
  for (size_t at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{')) {
    out += pattern.substr(0, at);
    const bool only = pattern[at + 1] == '}';
    const size_t index = only ? 0 : static_cast<size_t>(pattern[at + 1] - '0');
    Check(index < arguments.size(), "a template without its argument");
    out += arguments[index];
    pattern.remove_prefix(at + (only ? 2 : 3));
  }
  out += pattern;
  return out;
}

Fragment Joined(const std::vector<Fragment>& parts, std::string_view separator) {
  Fragment out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out.text += separator;
    out += parts[i];
  }
  return out;
}

void AppendQuoted(std::string& out, std::string_view identifier) {
  out += '"';
  for (size_t at = identifier.find('"'); at != std::string_view::npos; at = identifier.find('"')) {
    out.append(identifier.substr(0, at + 1)).append("\"");
    identifier.remove_prefix(at + 1);
  }
  out.append(identifier).append("\"");
}

std::string Quoted(std::string_view identifier) {
  std::string out;
  AppendQuoted(out, identifier);
  return out;
}

}  // namespace ormc::sql
