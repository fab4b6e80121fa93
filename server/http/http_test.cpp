#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "server/answer/compose.h"
#include "server/http/request_context.h"
#include "server/http/request_id.h"
#include "server/http/response.h"
#include "server/http/router.h"

namespace ormc::server {
namespace {

TEST(Router, FindsARowAndItsId) {
  const Match match = FindRoute(Method::kPost, "/ai-assistant/api/chats/12/message");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.id, "12");
  EXPECT_EQ(match.route->access, Access::kStaff);
  EXPECT_EQ(FindRoute(Method::kGet, "/healthz").route->access, Access::kPublic);
}

TEST(Router, SaysWhichMethodsAnAddressHas) {
  const Match match = FindRoute(Method::kPost, "/ai-assistant/api/chats/12");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allowed, (std::vector<std::string_view>{"GET", "PATCH", "DELETE"}));
}

TEST(Router, KnowsNothingElse) {
  for (const char* path : {"/", "", "/ai-assistant/api/chats/", "/ai-assistant/api/chats/1/2",
                           "/ai-assistant/api/chats//message", "/healthz/", "/metrics"}) {
    const Match match = FindRoute(Method::kGet, path);
    EXPECT_TRUE(match.route == nullptr && match.allowed.empty()) << path;
  }
}

Request Json(const std::string& body) {
  Request request;
  request.content_type = "application/json; charset=utf-8";
  request.body = body;
  return request;
}

Problem BodyProblem(const Request& request) {
  try {
    TextMember(JsonBody(request), "content", 10);
  } catch (const ProblemError& problem) {
    return problem.problem();
  }
  return Problem::kInternal;
}

TEST(RequestContext, TakesTrimmedText) {
  EXPECT_EQ(TextMember(JsonBody(Json(R"({"content": " a b\n", "x": 1})")), "content", 10), "a b");
}

TEST(RequestContext, RefusesOtherBodies) {
  for (const char* body : {"", "[]", "{", R"({"content": 1})", R"({})", R"({"content": "  "})",
                           R"({"content": "12345678901"})", R"({"content": "a\u0000b"})",
                           "{\"content\": \"\xff\"}", "[[[[[[[[[[[[]]]]]]]]]]]]"}) {
    EXPECT_EQ(BodyProblem(Json(body)), Problem::kBadRequest) << body;
  }
  Request form = Json("{}");
  form.content_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(BodyProblem(form), Problem::kNotJson);
}

TEST(Response, ProblemsSayWhatHappened) {
  Request request;
  request.id = "r1";
  const Response response =
      ProblemResponse(ProblemError(Problem::kTooManyQuestions, "", 60), request.id);
  EXPECT_EQ(response.status, 429U);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const auto body = boost::json::parse(response.body);
  EXPECT_EQ(body.at("code").as_string(), "ORM713");
  EXPECT_EQ(body.at("request_id").as_string(), "r1");
}

TEST(RequestId, BeginsWithTheSeatAndIsAUuid) {
  SetSeat("host 127.0.0.1:8765");
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = NewRequestId();
    ASSERT_EQ(id.size(), 36U);
    EXPECT_TRUE(id.starts_with(SeatPrefix()));
    EXPECT_EQ(id[14], '8');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100U);
}

TEST(Compose, TellsCodeFromWords) {
  EXPECT_TRUE(LooksLikeCode("User.objects.count()"));
  EXPECT_TRUE(LooksLikeCode("result = 1"));
  EXPECT_TRUE(LooksLikeCode("from shop.models import Order\nOrder"));
  EXPECT_FALSE(LooksLikeCode("How many registrations today?"));
  EXPECT_FALSE(LooksLikeCode("What was the result of November?"));
}

}  // namespace
}  // namespace ormc::server
