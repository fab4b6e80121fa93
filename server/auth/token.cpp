#include "server/auth/token.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <chrono>
#include <jwt/jwt.hpp>
#include <optional>
#include <system_error>

#include "server/auth/base64url.h"
#include "server/http/problem.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kAudience = "ormd";
constexpr int64_t kIssueSkewSeconds = 60;

[[noreturn]] void Invalid() { throw ProblemError(Problem::kTokenInvalid); }

json::object ParsePart(std::string_view part) {
  const auto text = DecodeBase64Url(part);
  if (!text) Invalid();
  boost::system::error_code error;
  json::value value = json::parse(*text, error);
  if (error || !value.is_object()) Invalid();
  return std::move(value.as_object());
}

std::string Text(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_string()) Invalid();
  return json::value_to<std::string>(*value);
}

int64_t Integer(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_int64()) Invalid();
  return value->as_int64();
}

bool Bool(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_bool()) Invalid();
  return value->as_bool();
}

// The library decides about signature, audience and expiry. It reads the text with a table of 256
// entries and a signed char, so what reaches it is checked to be base64url first.
void Verify(const std::string& token, const std::string& secret) {
  using namespace jwt::params;  // NOLINT(google-build-using-namespace)
  std::error_code error;
  jwt::decode(token, algorithms({"HS256"}), error, jwt::params::secret(secret), verify(true),
              aud(std::string(kAudience)));
  if (error == make_error_code(jwt::VerificationErrc::TokenExpired))
    throw ProblemError(Problem::kTokenExpired);
  if (error) Invalid();
}

std::vector<std::string> Texts(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_array()) Invalid();
  std::vector<std::string> texts;
  for (const json::value& text : value->as_array()) {
    if (!text.is_string()) Invalid();
    texts.emplace_back(json::value_to<std::string>(text));
  }
  return texts;
}

User MakeUser(const json::object& claims) {
  User user;
  user.id = Text(claims, "sub");
  user.name = Text(claims, "name");
  user.superuser = Bool(claims, "su");
  user.time_zone = Text(claims, "tz");
  user.language = Text(claims, "lang");
  user.manifest = Text(claims, "mfp");
  const auto view = DecodeBase64Url(Text(claims, "view"));
  if (!view || user.id.empty()) Invalid();
  user.view = *view;
  user.groups = Texts(claims, "groups");
  user.permissions = Texts(claims, "perms");
  return user;
}

}  // namespace

User Authenticate(std::string_view authorization, const TokenKeys& keys) {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.empty()) throw ProblemError(Problem::kTokenMissing);
  if (!authorization.starts_with(kScheme)) Invalid();
  const std::string token(authorization.substr(kScheme.size()));
  const size_t first = token.find('.');
  const size_t second = first == std::string::npos ? first : token.find('.', first + 1);
  if (second == std::string::npos || !DecodeBase64Url(token.substr(second + 1))) Invalid();

  const json::object header = ParsePart(token.substr(0, first));
  const json::object claims = ParsePart(token.substr(first + 1, second - first - 1));
  if (Text(header, "alg") != "HS256") Invalid();
  const auto key = keys.find(Text(header, "kid"));
  if (key == keys.end()) Invalid();
  const int64_t expires = Integer(claims, "exp");
  const int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
  if (Integer(claims, "iat") > now + kIssueSkewSeconds) Invalid();
  Text(claims, "aud");  // the library accepts lists too; ours is a text
  Verify(token, key->second);
  if (expires <= now) throw ProblemError(Problem::kTokenExpired);
  if (!Bool(claims, "staff")) throw ProblemError(Problem::kNotStaff);
  return MakeUser(claims);
}

}  // namespace ormc::server
