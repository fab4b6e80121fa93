#include "compiler/diagnostics/render.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace ormc {
namespace {

constexpr std::string_view kText = "a = 1\nb = f(é, c d)\n";
const Span kSpan{18, 19};

std::vector<Diagnostic> One(Span span = kSpan) {
  return {MakeDiagnostic(Kind::MissingOperator, span, "d")};
}

TEST(RenderText, ShowsTheLineAndCarets) {
  EXPECT_EQ(RenderText(One(), {"q.py", kText}),
            "error[ORM136]: `d` follows an expression without an operator\n"
            " --> q.py:2:12\n"
            "  |\n"
            "2 | b = f(é, c d)\n"
            "  |            ^\n"
            "  = help: is a comma, an operator or a line end missing before it?\n");
}

TEST(RenderText, SpansOverLinesAndBeyondTheEnd) {
  EXPECT_NE(RenderText(One({0, 30}), {"-", kText}).find("1 | a = 1\n  | ^^^^^\n"),
            std::string::npos);
  EXPECT_NE(RenderText(One({20, 20}), {"-", kText}).find("^"), std::string::npos);
  EXPECT_NE(RenderText(One({500, 600}), {"-", ""}).find("^"), std::string::npos);
}

TEST(RenderText, CutsLongLinesAndHidesControlCharacters) {
  const std::string text = std::string(500, 'a') + "\x1b b";
  const std::string shown = RenderText(One({500, 501}), {"-", text});
  EXPECT_EQ(shown.find('\x1b'), std::string::npos);
  EXPECT_LT(shown.size(), 600U);
  EXPECT_NE(shown.find("..."), std::string::npos);
}

TEST(RenderJson, FollowsTheContract) {
  const auto value = boost::json::parse(RenderJson(One(), kText)).at("diagnostics").at(0);
  EXPECT_EQ(value.at("code"), "ORM136");
  EXPECT_EQ(value.at("name"), "missing-operator");
  EXPECT_EQ(value.at("span").at("begin"), 18);
  EXPECT_EQ(value.at("span").at("line"), 2);
  EXPECT_EQ(value.at("span").at("column"), 12);
  EXPECT_EQ(value.at("django"), "SyntaxError");
  EXPECT_TRUE(value.at("refusal").is_null());
  EXPECT_TRUE(value.at("fixes").as_array().empty());
}

TEST(RenderJson, IsValidWhateverTheSnippetHolds) {
  const std::vector<Diagnostic> broken = {
      MakeDiagnostic(Kind::MissingOperator, kSpan, "\xff\xc3 \x01\"")};
  const auto value = boost::json::parse(RenderJson(broken, "\xff"));
  EXPECT_EQ(value.at("diagnostics").at(0).at("code"), "ORM136");
}

TEST(RenderSarif, NamesTheRuleAndTheRegion) {
  Diagnostic diagnostic = One()[0];
  diagnostic.fixes.push_back(Fix{kSpan, ", d"});
  const auto run = boost::json::parse(RenderSarif({diagnostic}, {"q.py", kText})).at("runs").at(0);
  EXPECT_EQ(run.at("tool").at("driver").at("rules").at(0).at("id"), "ORM136");
  const auto& region =
      run.at("results").at(0).at("locations").at(0).at("physicalLocation").at("region");
  EXPECT_EQ(region.at("startLine"), 2);
  EXPECT_EQ(region.at("endColumn"), 13);
}

TEST(ApplyFixes, FromLeftToRightWithoutOverlap) {
  Diagnostic first = One()[0];
  first.fixes = {Fix{{4, 5}, "2"}, Fix{{0, 1}, "x"}};
  Diagnostic second = One()[0];
  second.fixes = {Fix{{4, 5}, "9"}};
  EXPECT_EQ(ApplyFixes({first, second}, "a = 1\n"), "x = 2\n");
}

}  // namespace
}  // namespace ormc
