#include <boost/json.hpp>

#include "compiler/diagnostics/render.h"

namespace ormc {
namespace {

namespace json = boost::json;

// A word of the registry, or null where the row has none.
json::value OrNull(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::string(text);
}

json::object SpanToJson(Span span, std::string_view text) {
  const Position position = PositionOf(text, span.begin);
  return {{"begin", span.begin},
          {"end", span.end},
          {"line", position.line},
          {"column", position.column}};
}

// Arguments may quote a snippet that is no valid UTF-8.
json::string Text(std::string_view text) {
  json::string out;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    size_t bytes = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    for (size_t k = 1; k < bytes; ++k) {
      const bool continues =
          i + k < text.size() && (static_cast<unsigned char>(text[i + k]) & 0xc0U) == 0x80U;
      if (!continues) bytes = 0;
    }
    out += bytes == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(i, bytes);
    i += bytes == 0 ? 1 : bytes;
  }
  return out;
}

}  // namespace

json::array DiagnosticsToJson(const std::vector<Diagnostic>& diagnostics, std::string_view text) {
  json::array out;
  for (const Diagnostic& diagnostic : diagnostics) {
    const KindInfo& info = InfoOf(diagnostic.kind);
    json::array fixes;
    for (const Fix& fix : diagnostic.fixes) {
      fixes.push_back(json::object{{"span", SpanToJson(fix.span, text)}, {"text", Text(fix.text)}});
    }
    const std::string hint = HintOf(diagnostic);
    out.push_back(json::object{
        {"code", CodeOf(diagnostic.kind)},
        {"name", json::string(info.name)},
        {"message", Text(MessageOf(diagnostic))},
        {"hint", hint.empty() ? json::value(nullptr) : json::value(Text(hint))},
        {"span", SpanToJson(diagnostic.span, text)},
        {"django", OrNull(info.django)},
        {"refusal", OrNull(info.refusal)},
        {"fixes", std::move(fixes)},
    });
  }
  return out;
}

std::string RenderJson(const std::vector<Diagnostic>& diagnostics, std::string_view text) {
  return json::serialize(json::object{{"diagnostics", DiagnosticsToJson(diagnostics, text)}});
}

}  // namespace ormc
