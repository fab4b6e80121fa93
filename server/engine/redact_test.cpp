#include "server/engine/redact.h"

#include <gtest/gtest.h>

namespace ormc::server {
namespace {

std::string Redact(std::string_view text) { return RedactLiterals(text, {"email", "card number"}); }

TEST(Redact, LeavesTextThatNamesNoMaskedField) {
  for (const char* text : {"", "Orders of 2026?", "result = User.objects.filter(name='Ann')",
                           "emailed orders of 2026", "'unclosed"})
    EXPECT_EQ(Redact(text), text);
}

TEST(Redact, CutsTheLiteralsOfASnippet) {
  EXPECT_EQ(Redact(R"(result = User.objects.filter(email='a@b.c', id=12, level=3))"),
            R"(result = User.objects.filter(email='…', id=…, level=3))");
  EXPECT_EQ(Redact(R"(Order.objects.filter(user__email__iexact="it\"s").count())"),
            R"(Order.objects.filter(user__email__iexact="…").count())");
}

TEST(Redact, CutsTheLiteralsOfAQuestion) {
  EXPECT_EQ(Redact("Who has the Email ann@example.com since 2026-11-22?"),
            "Who has the Email … since …?");
  EXPECT_EQ(Redact("The user's card number 4111-1111"), "The user's card number …");
  EXPECT_EQ(Redact("whose emails are 'x"), "whose emails are '…");
}

}  // namespace
}  // namespace ormc::server
