#include "server/http/request_context.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <limits>
#include <optional>

#include "server/http/problem.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kSpace = " \t\r\n";
constexpr size_t kJsonDepth = 8;

std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

json::object JsonBody(const Request& request) {
  const std::string_view type = request.content_type;
  if (type.substr(0, type.find(';')) != "application/json") throw ProblemError(Problem::kNotJson);
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kJsonDepth;
  json::value value = json::parse(request.body, error, {}, options);
  if (error) throw ProblemError(Problem::kBadRequest, "the body is not JSON");
  if (!value.is_object()) throw ProblemError(Problem::kBadRequest, "the body is not an object");
  return std::move(value.as_object());
}

std::string TextMember(const json::object& body, std::string_view name, size_t most) {
  const json::value* value = body.if_contains(name);
  const std::string quoted = "`" + std::string(name) + "`";
  if (value == nullptr || !value->is_string())
    throw ProblemError(Problem::kBadRequest, quoted + " must be text");
  std::string_view text = value->get_string();
  if (text.find('\0') != std::string_view::npos)
    throw ProblemError(Problem::kBadRequest, quoted + " holds a NUL");
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos)
    throw ProblemError(Problem::kBadRequest, quoted + " is empty");
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  if (text.size() > most)
    throw ProblemError(Problem::kBadRequest,
                       quoted + " has more than " + std::to_string(most) + " bytes");
  return std::string(text);
}

int64_t IntegerParameter(const Request& request, const std::string& name, int64_t fallback,
                         int64_t least, int64_t most) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return fallback;
  const auto value = ParseInteger(found->second);
  if (!value || *value < least || *value > most)
    throw ProblemError(
        Problem::kBadRequest,
        "`" + name + "` must be from " + std::to_string(least) + " to " + std::to_string(most));
  return *value;
}

std::string IdOf(const RequestContext& context) {
  const auto value = ParseInteger(context.id);
  if (!value || *value < 1) throw ProblemError(Problem::kNotFound);
  return std::to_string(*value);
}

}  // namespace ormc::server
