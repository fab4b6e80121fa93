#include "runtime/execute/to_json.h"

#include <cmath>

#include "runtime/postgres/types.h"

namespace ormc::execute {
namespace {

namespace json = boost::json;

json::array ToJson(const std::vector<SentQuery>& queries) {
  json::array out;
  for (const SentQuery& query : queries) {
    out.push_back({{"sql", query.sql},
                   {"params", execute::ToJson(query.parameters)},
                   {"rows", query.rows},
                   {"ms", std::round(query.milliseconds * 1000) / 1000}});
  }
  return out;
}

json::value TextOrNull(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::value(text);
}

}  // namespace

json::array ToJson(const std::vector<postgres::TypedText>& parameters) {
  json::array out;
  for (const postgres::TypedText& parameter : parameters) {
    const std::string_view type = postgres::TypeName(parameter.type);
    json::object item{{"type", json::string_view(type.data(), type.size())}};
    item["value"] = parameter.text ? json::value(*parameter.text) : json::value(nullptr);
    out.push_back(std::move(item));
  }
  return out;
}

json::object ToJson(const program::Column& column) {
  return {{"name", column.name},
          {"label", column.label},
          {"type", column.type},
          {"link", TextOrNull(column.link)}};
}

json::object ToJson(const ResultSet& result, const JsonOptions& options) {
  json::array columns;
  for (const program::Column& column : result.columns) columns.push_back(ToJson(column));
  const std::string_view kind = NameOf(result.kind);
  return {{"result", ormc::ToJson(result.value, options)},
          {"kind", json::string_view(kind.data(), kind.size())},
          {"columns", std::move(columns)},
          {"truncated", result.truncated},
          {"queries", ToJson(result.queries)}};
}

json::object ToJson(const Failure& failure) {
  json::object error{{"code", CodeOf(failure.kind)},
                     {"django", TextOrNull(failure.django)},
                     {"message", failure.message},
                     {"hint", failure.hint}};
  return {{"error", std::move(error)}, {"queries", ToJson(failure.queries)}};
}

}  // namespace ormc::execute
