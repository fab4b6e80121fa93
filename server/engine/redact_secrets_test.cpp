#include "server/engine/redact_secrets.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace ormc::server {
namespace {

TEST(RedactSecrets, CutsKeysCardsAndAddresses) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"Who is ann.b+c@mail.example.com?", "Who is …?"},
      {"Write to ann@example.com.", "Write to …."},
      {"filter(email='ann@example.com')", "filter(email='…')"},
      {"orders paid by 4111 1111 1111 1111 today", "orders paid by … today"},
      {"card 4111-1111-1111-1111", "card …"},
      {"card=5500005555555559,", "card=…,"},
      {"my key is sk-proj-abcdefghijklmnop", "my key is …"},
      {"token 'ghp_0123456789abcdefghij'", "token '…'"},
      {"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "Bearer …"},
      {"secret 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "secret …"},
      {"a -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- b", "a … b"},
      {"-----BEGIN PRIVATE KEY-----\nMII", "…"},
  };
  for (const auto& [text, redacted] : cases) EXPECT_EQ(RedactSecrets(text), redacted);
}

TEST(RedactSecrets, LeavesWhatAQuestionIsAbout) {
  for (const std::string_view text :
       {"", "Orders over 1000 since 2026-11-22?",
        "result = Order.objects.filter(pk=4111111111111112)",
        "row 550e8400-e29b-41d4-a716-446655440000", "users @work", "a@b", "price @ 5.00",
        "OrderLineItemWithAVeryLongClassName2026.objects.count()", "phone 030 1234567",
        "Заказы Анны за 2026 год", "sk-short"})
    EXPECT_EQ(RedactSecrets(text), text);
}

// What is cut is cut in one walk.
TEST(RedactSecrets, TakesLongTexts) {
  EXPECT_EQ(RedactSecrets(std::string(60'000, '4')), std::string(60'000, '4'));
  EXPECT_EQ(RedactSecrets(std::string(60'000, '-')), std::string(60'000, '-'));
  std::string dotted;
  for (int i = 0; i < 30'000; ++i) dotted += "a.";
  EXPECT_EQ(RedactSecrets(dotted), dotted);
}

}  // namespace
}  // namespace ormc::server
