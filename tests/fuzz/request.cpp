// What reads a request, given any bytes: the first line is its Authorization, the rest its body.  No
// bytes make a user, and what is taken from a body keeps the bounds that were asked for.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/base/check.h"
#include "server/auth/token.h"
#include "server/http/problem.h"
#include "server/http/request_context.h"

namespace {

using ormc::server::ProblemError;
using ormc::server::Request;

constexpr size_t kMost = 40;

bool IsUser(std::string_view authorization) {
  // Nobody knows it, so that whatever is taken for signed is a forgery.
  static const ormc::server::TokenKeys keys = {{"k1", "a key of thirty-two bytes, at least"}};
  try {
    ormc::server::Authenticate(authorization, keys);
    return true;
  } catch (const ProblemError&) {
    return false;
  }
}

void CheckBody(const Request& request) {
  try {
    const std::string text =
        ormc::server::TextMember(ormc::server::JsonBody(request), "text", kMost);
    ormc::Check(!text.empty() && text.size() <= kMost, "a text is within its bounds");
    ormc::Check(text.find('\0') == std::string::npos, "a text holds no NUL");
    ormc::Check(text.front() != ' ' && text.back() != ' ', "a text is cut");
  } catch (const ProblemError& problem) {
    ormc::Check(ormc::server::InfoOf(problem.problem()).status == 400, "a body is a bad request");
  }
}

void CheckParameter(const Request& request) {
  try {
    const int64_t value = ormc::server::IntegerParameter(request, "limit", 20, 1, 100);
    ormc::Check(value >= 1 && value <= 100, "a number is within its bounds");
  } catch (const ProblemError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  ormc::Check(!IsUser(text.substr(0, line)), "no bytes make a user");
  Request request;
  request.content_type = "application/json";
  request.body = line == std::string_view::npos ? text : text.substr(line + 1);
  request.query["limit"] = text.substr(0, line);
  CheckBody(request);
  CheckParameter(request);
  return 0;
}
