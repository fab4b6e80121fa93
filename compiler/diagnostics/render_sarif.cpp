#include <boost/json.hpp>
#include <set>

#include "compiler/diagnostics/render.h"

namespace ormc {
namespace {

namespace json = boost::json;

json::object Region(Span span, std::string_view text) {
  const Position begin = PositionOf(text, span.begin);
  const Position end = PositionOf(text, span.end);
  return {{"startLine", begin.line},
          {"startColumn", begin.column},
          {"endLine", end.line},
          {"endColumn", end.column}};
}

json::array Rules(const std::vector<CheckedSource>& checked) {
  std::set<Kind> kinds;
  for (const CheckedSource& source : checked) {
    for (const Diagnostic& diagnostic : source.diagnostics) kinds.insert(diagnostic.kind);
  }
  json::array rules;
  for (const Kind kind : kinds) {
    rules.push_back(json::object{{"id", CodeOf(kind)}, {"name", json::string(InfoOf(kind).name)}});
  }
  return rules;
}

json::array Replacements(const Diagnostic& diagnostic, std::string_view text) {
  json::array out;
  for (const Fix& fix : diagnostic.fixes) {
    out.push_back(json::object{{"deletedRegion", Region(fix.span, text)},
                               {"insertedContent", json::object{{"text", fix.text}}}});
  }
  return out;
}

void AddResults(const std::vector<Diagnostic>& diagnostics, const NamedSource& source,
                json::array& results) {
  const json::object artifact{{"uri", json::string(source.name)}};
  // The messages are those of the JSON form, so that both are valid UTF-8 by the same rule.
  const json::array plain = DiagnosticsToJson(diagnostics, source.text);
  for (size_t i = 0; i < diagnostics.size(); ++i) {
    const Diagnostic& diagnostic = diagnostics[i];
    const json::object& shown = plain[i].as_object();
    std::string message(shown.at("message").as_string());
    if (shown.at("hint").is_string()) message += "; " + std::string(shown.at("hint").as_string());
    json::object result{
        {"ruleId", CodeOf(diagnostic.kind)},
        {"level", "error"},
        {"message", json::object{{"text", message}}},
        {"locations", json::array{json::object{
                          {"physicalLocation",
                           json::object{{"artifactLocation", artifact},
                                        {"region", Region(diagnostic.span, source.text)}}}}}},
    };
    if (!diagnostic.fixes.empty()) {
      const json::object change{{"artifactLocation", artifact},
                                {"replacements", Replacements(diagnostic, source.text)}};
      result["fixes"] = json::array{json::object{{"artifactChanges", json::array{change}}}};
    }
    results.push_back(std::move(result));
  }
}

}  // namespace

std::string RenderSarif(const std::vector<Diagnostic>& diagnostics, const NamedSource& source) {
  return RenderSarif({CheckedSource{source, diagnostics}});
}

std::string RenderSarif(const std::vector<CheckedSource>& checked) {
  json::array results;
  for (const CheckedSource& source : checked) {
    AddResults(source.diagnostics, source.source, results);
  }
  const json::object driver{{"name", "ormc"}, {"rules", Rules(checked)}};
  return json::serialize(json::object{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", json::array{json::object{{"tool", json::object{{"driver", driver}}},
                                        {"columnKind", "unicodeCodePoints"},
                                        {"results", std::move(results)}}}},
  });
}

}  // namespace ormc
