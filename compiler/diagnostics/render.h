#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"

namespace ormc {

// The snippet that the spans point into, and what it is called ("query.py", "-").
struct NamedSource {
  std::string_view name;
  std::string_view text;
};

// For people, in the manner of rustc: code and message, the line with carets, the hint, the fix.
std::string RenderText(const std::vector<Diagnostic>& diagnostics, const NamedSource& source);

// The value of the member `diagnostics` of the CLI and of HTTP.
boost::json::array DiagnosticsToJson(const std::vector<Diagnostic>& diagnostics,
                                     std::string_view text);

// {"diagnostics": [...]} on one line, without a line end.
std::string RenderJson(const std::vector<Diagnostic>& diagnostics, std::string_view text);

// SARIF 2.1.0, one run.
std::string RenderSarif(const std::vector<Diagnostic>& diagnostics, const NamedSource& source);
// Several sources in one run.
struct CheckedSource {
  NamedSource source;
  std::vector<Diagnostic> diagnostics;
};
std::string RenderSarif(const std::vector<CheckedSource>& checked);

// The snippet with the fixes of the diagnostics applied; where two overlap, the earlier one is.
std::string ApplyFixes(const std::vector<Diagnostic>& diagnostics, std::string_view text);

}  // namespace ormc
