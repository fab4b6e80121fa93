#include "server/answer/verified.h"

#include <gtest/gtest.h>

#include "server/answer/trigrams.h"

namespace ormc::server {
namespace {

// `normalized` is what ai_assistant_normalize() makes of `question`.
VerifiedQuery Plain(const std::string& normalized) {
  return {normalized, normalized, "result = 1", {}, ""};
}

std::string Match(const std::vector<VerifiedQuery>& queries, std::string_view normalized) {
  const auto match = MatchVerified(queries, normalized);
  return match ? match->snippet : "";
}

const VerifiedQuery kSlots{"Orders with status {{Status}} since {{day}} above {{n}}",
                           "orders with status {{status}} since {{day}} above {{n}}",
                           "f(status={{Status}}, day={{day}}, n={{n}})",
                           {{"Status", "choice", {"Paid", "not 'quite' \\ paid"}},
                            {"day", "date", {}},
                            {"n", "number", {}}},
                           ""};

TEST(Verified, AnswersOnlyWhatIsEqual) {
  const std::vector<VerifiedQuery> queries = {Plain("how many registrations today")};
  EXPECT_EQ(Match(queries, "how many registrations today"), "result = 1");
  EXPECT_EQ(Match(queries, "how many registrations yesterday"), "");
  EXPECT_EQ(Match(queries, ""), "");
}

TEST(Verified, FillsTypedSlotsWithLiterals) {
  EXPECT_EQ(Match({kSlots}, "orders with status paid since 2026-11-02 above -1.50"),
            "f(status='Paid', day=date(2026, 11, 2), n=-1.50)");
  EXPECT_EQ(Match({kSlots}, "orders with status not 'quite' \\ paid since 2026-11-02 above 007"),
            R"(f(status='not \'quite\' \\ paid', day=date(2026, 11, 2), n=7))");
}

TEST(Verified, RefusesWhatDoesNotFitItsSlot) {
  for (const char* question : {
           "orders with status open since 2026-11-02 above 1",
           "orders with status paid since 2026-13-02 above 1",
           "orders with status paid since 2026-02-30 above 1",
           "orders with status paid since today above 1",
           "orders with status paid since 2026-11-02 above 1 or delete",
           "orders with status paid since 2026-11-02 above 1e9",
           "orders with status paid since 2026-11-02 above __import__",
           "orders with status paid since 2026-11-02 above ",
       }) {
    EXPECT_EQ(Match({kSlots}, question), "") << question;
  }
}

TEST(Verified, ASlotThatStandsTwiceHasOneValue) {
  const VerifiedQuery twice{"", "from {{n}} to {{n}}", "f({{n}})", {{"n", "number", {}}}, ""};
  EXPECT_EQ(Match({twice}, "from 3 to 3"), "f(3)");
  EXPECT_EQ(Match({twice}, "from 3 to 4"), "");
}

TEST(Verified, ASnippetWithAnUnfilledSlotIsNotUsed) {
  const VerifiedQuery open{"", "from {{n}}", "f({{n}}, {{m}})", {{"n", "number", {}}}, ""};
  EXPECT_EQ(Match({open}, "from 3"), "");
}

TEST(Verified, OffersNearOnesWithoutSlots) {
  const std::vector<VerifiedQuery> queries = {Plain("how many registrations today"),
                                              Plain("users with six digit username"), kSlots};
  const auto near = NearVerified(queries, "how many registrations yesterday");
  ASSERT_EQ(near.size(), 1U);
  EXPECT_EQ(near.front()->question, "how many registrations today");
  EXPECT_TRUE(NearVerified(queries, "the weather").empty());
  EXPECT_DOUBLE_EQ(Similarity(TrigramsOf("a b"), TrigramsOf("a b")), 1);
  EXPECT_DOUBLE_EQ(Similarity({}, {}), 0);
}

}  // namespace
}  // namespace ormc::server
