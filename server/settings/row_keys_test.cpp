#include "server/settings/row_keys.h"

#include <gtest/gtest.h>

namespace ormc::server {
namespace {

// Made by Python's hmac and cryptography, as Django's side makes them.
constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef-shared";
constexpr std::string_view kBody = "{\"a\":\"ü\"}";
constexpr std::string_view kSignature =
    "827b42348771f69df3197500f86d27fd73e62342459211a5e799228b2f3b4ab8";
constexpr std::string_view kColumn = "ai_assistant_aiconfig.api_key";
constexpr std::string_view kSealed = "k1.AAECAwQFBgcICQoLSP0mlYhDdMbJa451xyp5lMf1m5aiH1yG7Q";

TEST(RowKeys, AcceptsWhatDjangoSigned) {
  const RowKeys keys(kSecret);
  EXPECT_TRUE(keys.Signed("manifest", "abc", kBody, kSignature));
}

TEST(RowKeys, RefusesAnotherKindNameBodyOrSecret) {
  const RowKeys keys(kSecret);
  EXPECT_FALSE(keys.Signed("policy", "abc", kBody, kSignature));
  EXPECT_FALSE(keys.Signed("manifest", "abd", kBody, kSignature));
  EXPECT_FALSE(keys.Signed("manifest", "abc", "{}", kSignature));
  EXPECT_FALSE(keys.Signed("manifest", "abc", kBody, ""));
  EXPECT_FALSE(RowKeys("another").Signed("manifest", "abc", kBody, kSignature));
}

TEST(RowKeys, UnsealsOnlyForItsColumn) {
  const RowKeys keys(kSecret);
  EXPECT_EQ(keys.Unseal(kSealed, kColumn), "sk-secret");
  EXPECT_EQ(keys.Unseal(kSealed, "another.column"), std::nullopt);
  EXPECT_EQ(RowKeys("another").Unseal(kSealed, kColumn), std::nullopt);
  EXPECT_EQ(keys.Unseal("k1.AAEC", kColumn), std::nullopt);
  EXPECT_EQ(keys.Unseal("plain", kColumn), std::nullopt);
}

}  // namespace
}  // namespace ormc::server
