#include "server/limits/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ormc::server {
namespace {

constexpr std::array kRows = {
#define ORMD_LIMIT(name, fallback, least, most, unit, scope, meaning) \
  LimitRow{#name, &ServerLimits::name, fallback, least, most, unit, LimitScope::scope, meaning},
#include "server/limits/limits.def"
#undef ORMD_LIMIT
};

}  // namespace

std::span<const LimitRow> LimitRows() { return kRows; }

std::string SetLimit(std::string_view assignment, ServerLimits& limits) {
  const size_t equals = assignment.find('=');
  const std::string_view name = assignment.substr(0, equals);
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [&](const LimitRow& candidate) { return candidate.name == name; });
  if (row == kRows.end()) return fmt::format("there is no limit `{}`", name);
  const std::string_view digits =
      equals == std::string_view::npos ? std::string_view() : assignment.substr(equals + 1);
  int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value < row->least || value > row->most)
    return fmt::format("limit `{}` must be from {} to {}", name, row->least, row->most);
  limits.*(row->member) = value;
  return "";
}

std::string LimitsTable() {
  std::string table = "| limit | default | from | to | unit | set by | meaning |\n";
  table += "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const LimitRow& row : kRows) {
    const std::string_view by = row.scope == LimitScope::kSite ? "settings" : "process";
    table += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", row.name, row.fallback,
                         row.least, row.most, row.unit, by, row.meaning);
  }
  return table;
}

}  // namespace ormc::server
