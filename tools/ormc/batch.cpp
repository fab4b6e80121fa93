#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "compiler/values/temporal.h"
#include "tools/ormc/answer.h"

namespace ormc::tool {
namespace {

namespace json = boost::json;

constexpr size_t kLineBytes = 4U << 20U;

// What is wrong with a line itself, not with its snippet.
struct LineError {
  std::string message;
};

std::string TextAt(const json::object& line, std::string_view name, bool required) {
  const json::value* value = line.if_contains({name.data(), name.size()});
  if (value == nullptr || value->is_null()) {
    if (required) throw LineError{"`" + std::string(name) + "` is missing"};
    return {};
  }
  const json::string* text = value->if_string();
  if (text == nullptr) throw LineError{"`" + std::string(name) + "` is not text"};
  return {text->data(), text->size()};
}

Request ReadRequest(const Context& context, const json::object& line) {
  Request request;
  if (const json::value* id = line.if_contains("id")) request.name = json::serialize(*id);
  request.snippet = TextAt(line, "snippet", true);
  if (const std::string now = TextAt(line, "now", false); !now.empty()) {
    request.now = ParseMoment(now);
    if (!request.now) throw LineError{"`now` is not ISO 8601"};
  }
  request.zone = TextAt(line, "tz", false);
  if (!request.zone.empty() && FindZone(request.zone) == nullptr) {
    throw LineError{"no time zone `" + request.zone + "`"};
  }
  if (context.site == nullptr) return request;
  request.view = &context.site->view();
  if (const json::value* user = line.if_contains("user"); user != nullptr && !user->is_null()) {
    const Result<const View*> view = context.site->ViewOf(json::serialize(*user));
    if (!view) throw LineError{view.error().message};
    request.view = *view;
  }
  return request;
}

json::object AnswerLine(const Context& context, const std::string& text, bool& processed) {
  json::object out{{"id", nullptr}};
  try {
    if (text.size() > kLineBytes) throw LineError{"the line is larger than 4 MB"};
    json::error_code error;
    const json::value line = json::parse(text, error);
    if (error || !line.is_object()) throw LineError{"the line is not a JSON object"};
    if (const json::value* id = line.get_object().if_contains("id")) out["id"] = *id;
    const Request request = ReadRequest(context, line.get_object());
    for (auto& member : MakeAnswer(context, request).json) out[member.key()] = member.value();
  } catch (const LineError& wrong) {
    processed = false;
    out["error"] = {{"code", "usage"}, {"django", nullptr}, {"message", wrong.message}};
  }
  return out;
}

}  // namespace

int AnswerBatch(const Context& context) {
  std::ifstream file;
  if (context.options.input != "-") file.open(context.options.input, std::ios::binary);
  std::istream& input = context.options.input == "-" ? std::cin : file;
  if (!input) {
    std::cerr << "ormc: " << context.options.input << ": cannot be read\n";
    return kExitUsage;
  }
  bool processed = true;
  std::string line;
  while (std::getline(input, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::cout << json::serialize(AnswerLine(context, line, processed)) << std::endl;
  }
  return processed ? kExitOk : kExitUsage;
}

}  // namespace ormc::tool
