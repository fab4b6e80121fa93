#include "server/auth/token.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <optional>

#include "server/http/problem.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

const std::string kKey = "a-test-key-of-at-least-32-bytes--";
const TokenKeys kKeys = {{"k1", kKey}, {"k0", "another-key-of-at-least-32-bytes-"}};

std::string Encode(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  uint32_t window = 0;
  uint32_t bits = 0;
  for (const char c : bytes) {
    window = (window << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    for (; bits >= 6; bits -= 6) text.push_back(kAlphabet[(window >> (bits - 6)) & 63U]);
  }
  if (bits > 0) text.push_back(kAlphabet[(window << (6 - bits)) & 63U]);
  return text;
}

std::string Sign(const std::string& text, const std::string& key) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return Encode({reinterpret_cast<const char*>(digest.data()), size});
}

int64_t Now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

json::object Claims() {
  return {{"aud", "ormd"},
          {"sub", "7"},
          {"name", "ann"},
          {"su", false},
          {"staff", true},
          {"groups", json::array{"Sales"}},
          {"perms", json::array{"ask"}},
          {"tz", "Europe/Berlin"},
          {"lang", "en"},
          {"mfp", std::string(64, 'a')},
          {"view", "AwI"},
          {"iat", Now()},
          {"exp", Now() + 300}};
}

std::string Token(const json::object& claims, const json::object& header, const std::string& key) {
  const std::string text = Encode(json::serialize(header)) + "." + Encode(json::serialize(claims));
  return text + "." + Sign(text, key);
}
std::string Token(const json::object& claims) {
  return Token(claims, {{"alg", "HS256"}, {"kid", "k1"}, {"typ", "JWT"}}, kKey);
}

// The problem that a header is refused with, or none.
std::optional<Problem> Refused(const std::string& authorization) {
  try {
    Authenticate(authorization, kKeys);
  } catch (const ProblemError& problem) {
    return problem.problem();
  }
  return std::nullopt;
}
std::optional<Problem> RefusedToken(const std::string& token) { return Refused("Bearer " + token); }

TEST(Token, GivesTheUser) {
  const User user = Authenticate("Bearer " + Token(Claims()), kKeys);
  EXPECT_EQ(user.id, "7");
  EXPECT_EQ(user.name, "ann");
  EXPECT_EQ(user.groups, std::vector<std::string>{"Sales"});
  EXPECT_FALSE(user.superuser);
}

TEST(Token, ReadsTheViewFromTheLeastSignificantBit) {
  const User user = Authenticate("Bearer " + Token(Claims()), kKeys);
  std::vector<size_t> viewed;
  for (size_t i = 0; i < 40; ++i) {
    if (user.Views(i)) viewed.push_back(i);
  }
  EXPECT_EQ(viewed, (std::vector<size_t>{0, 1, 9}));
}

TEST(Token, IsNeeded) {
  EXPECT_EQ(Refused(""), Problem::kTokenMissing);
  EXPECT_EQ(Refused("Basic YTpi"), Problem::kTokenInvalid);
  EXPECT_EQ(Refused("Bearer "), Problem::kTokenInvalid);
  EXPECT_EQ(RefusedToken("a.b"), Problem::kTokenInvalid);
  EXPECT_EQ(RefusedToken("\xff\xfe.\x80.\x80"), Problem::kTokenInvalid);
  EXPECT_EQ(RefusedToken(Token(Claims()) + ".x"), Problem::kTokenInvalid);
}

TEST(Token, MustBeSignedWithANamedKeyOfOurs) {
  EXPECT_EQ(RefusedToken(Token(Claims(), {{"alg", "HS256"}, {"kid", "k9"}}, kKey)),
            Problem::kTokenInvalid);
  EXPECT_EQ(RefusedToken(Token(Claims(), {{"alg", "HS256"}, {"kid", "k0"}}, kKey)),
            Problem::kTokenInvalid);
  EXPECT_EQ(RefusedToken(Token(Claims(), {{"alg", "HS256"}}, kKey)), Problem::kTokenInvalid);
  std::string changed = Token(Claims());
  changed.back() = changed.back() == 'A' ? 'B' : 'A';
  changed[changed.size() - 2] = changed[changed.size() - 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(RefusedToken(changed), Problem::kTokenInvalid);
}

TEST(Token, KnowsOneAlgorithm) {
  for (const char* algorithm : {"none", "None", "HS512", "RS256", ""}) {
    EXPECT_EQ(RefusedToken(Token(Claims(), {{"alg", algorithm}, {"kid", "k1"}}, kKey)),
              Problem::kTokenInvalid)
        << algorithm;
  }
  const std::string unsigned_token =
      Encode(R"({"alg":"none","kid":"k1"})") + "." + Encode(json::serialize(Claims())) + ".";
  EXPECT_EQ(RefusedToken(unsigned_token), Problem::kTokenInvalid);
}

TEST(Token, Expires) {
  json::object claims = Claims();
  claims["exp"] = Now() - 1;
  EXPECT_EQ(RefusedToken(Token(claims)), Problem::kTokenExpired);
  claims.erase("exp");
  EXPECT_EQ(RefusedToken(Token(claims)), Problem::kTokenInvalid);
  claims = Claims();
  claims["iat"] = Now() + 120;
  EXPECT_EQ(RefusedToken(Token(claims)), Problem::kTokenInvalid);
}

TEST(Token, IsForUsAndForStaff) {
  json::object claims = Claims();
  claims["aud"] = "another";
  EXPECT_EQ(RefusedToken(Token(claims)), Problem::kTokenInvalid);
  claims.erase("aud");
  EXPECT_EQ(RefusedToken(Token(claims)), Problem::kTokenInvalid);
  claims = Claims();
  claims["staff"] = false;
  EXPECT_EQ(RefusedToken(Token(claims)), Problem::kNotStaff);
}

}  // namespace
}  // namespace ormc::server
