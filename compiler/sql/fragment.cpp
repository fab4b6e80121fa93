#include "compiler/sql/fragment.h"

#include <algorithm>
#include <functional>

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

Fragment Fill(std::string_view pattern, const std::vector<Fragment>& arguments) {
  Fragment out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      out.text += pattern[i];
      continue;
    }
    const size_t index = pattern[i + 1] == '}' ? 0 : static_cast<size_t>(pattern[i + 1] - '0');
    out += arguments.at(index);
    i += pattern[i + 1] == '}' ? 1 : 2;
  }
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

std::string Quoted(std::string_view identifier) {
  std::string out = "\"";
  for (const char c : identifier) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace ormc::sql
