#include "compiler/diagnostics/diagnostic.h"

#include <algorithm>
#include <numeric>

namespace ormc {
namespace {

constexpr size_t CountArguments(std::string_view text, std::string_view hint) {
  size_t count = 0;
  for (const std::string_view part : {text, hint}) {
    for (size_t i = 0; i + 2 < part.size(); ++i) {
      if (part[i] == '{' && part[i + 1] >= '0' && part[i + 1] <= '9' && part[i + 2] == '}') {
        count = std::max(count, static_cast<size_t>(part[i + 1] - '0') + 1);
      }
    }
  }
  return count;
}

const std::vector<KindInfo>& Registry() {
  static const std::vector<KindInfo> registry = {
#define ORMC_DIAGNOSTIC(id, code, name, django, refusal, text, hint) \
  KindInfo{Kind::id, code, name, django, refusal, text, hint, CountArguments(text, hint)},
#include "compiler/diagnostics/kinds.def"
#undef ORMC_DIAGNOSTIC
  };
  return registry;
}

std::string Fill(std::string_view pattern, const std::vector<std::string>& arguments) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}') {
      const size_t index = static_cast<size_t>(pattern[i + 1] - '0');
      if (index < arguments.size()) {
        out += arguments[index];
        i += 2;
        continue;
      }
    }
    out += pattern[i];
  }
  return out;
}

// Insertions, deletions, replacements and swapped neighbours (optimal string alignment).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

const std::vector<KindInfo>& AllKinds() { return Registry(); }

const KindInfo& InfoOf(Kind kind) { return Registry()[static_cast<size_t>(kind)]; }

std::string CodeOf(Kind kind) { return "ORM" + std::to_string(InfoOf(kind).code); }

std::string MessageOf(const Diagnostic& diagnostic) {
  return Fill(InfoOf(diagnostic.kind).text, diagnostic.arguments);
}

std::string HintOf(const Diagnostic& diagnostic) {
  std::string hint = Fill(InfoOf(diagnostic.kind).hint, diagnostic.arguments);
  if (diagnostic.suggestion.empty()) return hint;
  return hint.empty() ? diagnostic.suggestion : diagnostic.suggestion + "; " + hint;
}

std::string Nearest(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr size_t kLongestName = 100;  // the distance is quadratic
  if (name.size() > kLongestName) return {};
  size_t best = std::max<size_t>(name.size() / 3, 1) + 1;
  std::string nearest;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestName) continue;
    const size_t distance = EditDistance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string DidYouMean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(name, candidates);
  return nearest.empty() ? std::string() : "did you mean `" + nearest + "`?";
}

}  // namespace ormc
