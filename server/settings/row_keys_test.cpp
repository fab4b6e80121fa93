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

RowKeys KeysOf(std::string_view secret) { return RowKeys({{"k1", std::string(secret)}}); }

TEST(RowKeys, AcceptsWhatDjangoSigned) {
  const RowKeys keys = KeysOf(kSecret);
  EXPECT_TRUE(keys.Signed("manifest", "abc", kBody, kSignature));
}

TEST(RowKeys, RefusesAnotherKindNameBodyOrSecret) {
  const RowKeys keys = KeysOf(kSecret);
  EXPECT_FALSE(keys.Signed("policy", "abc", kBody, kSignature));
  EXPECT_FALSE(keys.Signed("manifest", "abd", kBody, kSignature));
  EXPECT_FALSE(keys.Signed("manifest", "abc", "{}", kSignature));
  EXPECT_FALSE(keys.Signed("manifest", "abc", kBody, ""));
  EXPECT_FALSE(KeysOf("another").Signed("manifest", "abc", kBody, kSignature));
}

TEST(RowKeys, UnsealsOnlyForItsColumn) {
  const RowKeys keys = KeysOf(kSecret);
  EXPECT_EQ(keys.Unseal(kSealed, kColumn), "sk-secret");
  EXPECT_EQ(keys.Unseal(kSealed, "another.column"), std::nullopt);
  EXPECT_EQ(KeysOf("another").Unseal(kSealed, kColumn), std::nullopt);
  EXPECT_EQ(keys.Unseal("k1.AAEC", kColumn), std::nullopt);
  EXPECT_EQ(keys.Unseal("plain", kColumn), std::nullopt);
}

TEST(RowKeys, KnowsTwoSecretsWhileOneIsReplaced) {
  const RowKeys keys({{"k2", "new"}, {"k1", std::string(kSecret)}});
  EXPECT_TRUE(keys.Signed("manifest", "abc", kBody, kSignature));
  EXPECT_EQ(keys.Unseal(kSealed, kColumn), "sk-secret");
  const RowKeys renamed({{"k2", std::string(kSecret)}, {"k1", "new"}});
  EXPECT_EQ(renamed.Unseal(kSealed, kColumn), std::nullopt);
}

}  // namespace
}  // namespace ormc::server
