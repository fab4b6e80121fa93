// Each limit holds, just below it nothing is refused, and nothing that is nested costs the stack.
#include <gtest/gtest.h>

#include "compiler/syntax/parse.h"

namespace ormc::syntax {
namespace {

std::string Repeat(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

// The name of the first diagnostic, or "".
std::string Refusal(const std::string& snippet, const Limits& limits = {}) {
  const ParseResult result = Parse(snippet, limits);
  return result.diagnostics.empty() ? "" : std::string(InfoOf(result.diagnostics[0].kind).name);
}

TEST(Limits, Bytes) {
  Limits limits;
  limits.snippet_bytes = 10;
  EXPECT_EQ(Refusal("a = 123456", limits), "");
  EXPECT_EQ(Refusal("a = 1234567", limits), "snippet-too-long");
}

TEST(Limits, Nodes) {
  Limits limits;
  limits.ast_nodes = 10;
  EXPECT_EQ(Refusal("[1, 2, 3, 4, 5, 6, 7, 8]", limits), "");
  EXPECT_EQ(Refusal("[1, 2, 3, 4, 5, 6, 7, 8, 9]", limits), "too-many-nodes");
}

TEST(Limits, SyntaxErrors) {
  EXPECT_EQ(Parse(Repeat("a b\n", 50), Limits{}).diagnostics.size(), Limits{}.syntax_errors);
}

class Depth : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Depth, IsBounded) {
  const auto& [opening, closing] = GetParam();
  const auto nested = [&](size_t depth) {
    return Repeat(opening, depth) + "a" + Repeat(closing, depth);
  };
  EXPECT_EQ(Refusal(nested(25)), "");
  EXPECT_EQ(Refusal(nested(600)), "nested-too-deep");
  Limits wide;
  wide.snippet_bytes = 4'000'000;
  EXPECT_EQ(Refusal(nested(100'000), wide), "nested-too-deep");
}

INSTANTIATE_TEST_SUITE_P(Nested, Depth,
                         testing::Values(std::pair("(", ")"), std::pair("[", "]"),
                                         std::pair("{", "}"), std::pair("f(", ")"),
                                         std::pair("f(b=", ")"), std::pair("a[", "]"),
                                         std::pair("{1: ", "}"), std::pair("- ", ""),
                                         std::pair("not ", ""), std::pair("~", ""),
                                         std::pair("lambda: ", ""), std::pair("lambda b=", ": b"),
                                         std::pair("b if c else ", ""), std::pair("2 ** ", ""),
                                         std::pair("(lambda: ", ")"),
                                         std::pair("[a for a in ", "]"), std::pair("(b, ", ")")));

TEST(Limits, Blocks) {
  std::string snippet;
  for (size_t i = 0; i < 100; ++i) snippet += Repeat(" ", i) + "if a:\n";
  EXPECT_EQ(Refusal(snippet + Repeat(" ", 100) + "b\n"), "nested-too-deep");
  EXPECT_EQ(Refusal("if a: b\n" + Repeat("elif a: b\n", 30)), "");
  EXPECT_EQ(Refusal("if a: b\n" + Repeat("elif a: b\n", 500)), "nested-too-deep");
}

TEST(Limits, ChainsLeanButDoNotNest) {
  Limits limits;
  limits.snippet_bytes = 1'000'000;
  EXPECT_EQ(Refusal("a" + Repeat(" + a", 500), limits), "");
  EXPECT_EQ(Refusal("Q(a=1)" + Repeat(" | Q(a=1)", 500), limits), "");
  EXPECT_EQ(Refusal("a" + Repeat(" + a", 700), limits), "nested-too-deep");
  EXPECT_EQ(Refusal("a" + Repeat(".b()", 290), limits), "");
  EXPECT_EQ(Refusal("a" + Repeat(".b", 700), limits), "nested-too-deep");
  EXPECT_EQ(Refusal("a" + Repeat(" and a", 2000), limits), "");
  EXPECT_EQ(Refusal("a" + Repeat(" < a", 2000), limits), "");
}

TEST(Limits, FStrings) {
  EXPECT_EQ(Refusal("f'{f\"{a}\"}'"), "");
  EXPECT_EQ(Refusal("f'{f\"{f'''{f\"\"\"{a}\"\"\"}'''}\"}'"), "fstring-too-deep");
  EXPECT_EQ(Refusal("f'" + Repeat("{a:", 100) + Repeat("}", 100) + "'"), "nested-too-deep");
}

}  // namespace
}  // namespace ormc::syntax
