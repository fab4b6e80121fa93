#include "compiler/sql/fragment.h"

#include <map>

#include "compiler/base/check.h"
#include "compiler/plan/expr.h"

namespace ormc::sql {
namespace {

bool SameParameter(const program::Parameter& a, const program::Parameter& b) {
  if (a.type != b.type || a.steps.size() != b.steps.size()) return false;
  for (size_t i = 0; i < a.steps.size(); ++i) {
    if (a.steps[i].what != b.steps[i].what || a.steps[i].attribute != b.steps[i].attribute) {
      return false;
    }
  }
  if (a.value == b.value) return true;
  const auto* left = std::get_if<program::Constant>(&a.value->node);
  const auto* right = std::get_if<program::Constant>(&b.value->node);
  return left != nullptr && right != nullptr && plan::IdenticalConstants(left->value, right->value);
}

}  // namespace

bool Same(const Fragment& a, const Fragment& b) {
  if (a.text != b.text || a.values.size() != b.values.size()) return false;
  for (size_t i = 0; i < a.values.size(); ++i) {
    if (a.values[i].id != b.values[i].id &&
        !SameParameter(*a.values[i].parameter, *b.values[i].parameter)) {
      return false;
    }
  }
  return true;
}

program::QueryText Number(const Fragment& fragment) {
  program::QueryText out;
  std::map<uint32_t, size_t> numbers;
  size_t next = 0;
  for (const char c : fragment.text) {
    if (c != kMark) {
      out.sql += c;
      continue;
    }
    Check(next < fragment.values.size(), "a mark without a value");
    const Placeholder& place = fragment.values[next++];
    const auto [known, is_new] = numbers.emplace(place.id, out.parameters.size() + 1);
    if (is_new) out.parameters.push_back(*place.parameter);
    out.sql += '$' + std::to_string(known->second);
  }
  return out;
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
