#include "compiler/syntax/parse.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <thread>

#include "compiler/ast/printer.h"
#include "compiler/ast/walker.h"

namespace ormc::syntax {
namespace {

std::string Ast(std::string_view snippet) {
  const ParseResult result = Parse(snippet, Limits{});
  if (result.module == nullptr) return std::string(InfoOf(result.diagnostics.at(0).kind).name);
  return ast::Print(*result.module);
}

std::vector<std::string> Names(std::string_view snippet) {
  std::vector<std::string> names;
  for (const Diagnostic& diagnostic : Parse(snippet, Limits{}).diagnostics) {
    names.emplace_back(InfoOf(diagnostic.kind).name);
  }
  return names;
}

std::string SpanText(std::string_view snippet) {
  const Span span = Parse(snippet, Limits{}).diagnostics.at(0).span;
  return std::string(snippet.substr(span.begin, span.end - span.begin));
}

TEST(Parse, ReadsAQuery) {
  EXPECT_EQ(Ast("result = User.objects.count()"),
            "(assign (name result) (call (attribute (attribute (name User) objects) count)))\n");
}

TEST(Parse, HasAModuleOnlyWithoutDiagnostics) {
  EXPECT_NE(Parse("a", Limits{}).module, nullptr);
  EXPECT_TRUE(Parse("a", Limits{}).diagnostics.empty());
  EXPECT_EQ(Parse("a b", Limits{}).module, nullptr);
}

TEST(Parse, ReportsEachBrokenStatementOnce) {
  EXPECT_EQ(Names("a b\nc = 1\nd +\ne f\n"),
            (std::vector<std::string>{"missing-operator", "unfinished-line", "missing-operator"}));
}

TEST(Parse, SkipsTheBlockOfABrokenHeader) {
  EXPECT_EQ(Names("if a b:\n  c d\nelif e f:\n  g\nelse:\n  h i\nj k\n"),
            (std::vector<std::string>{"missing-colon", "missing-operator"}));
}

TEST(Parse, SkipsTheRestOfABlockWithABrokenStatement) {
  EXPECT_EQ(Names("for a in b:\n  if c:\n    d e\n  f g\nh i\n"),
            (std::vector<std::string>{"missing-operator", "missing-operator"}));
}

TEST(Parse, PointsAtTheOpeningBracket) {
  EXPECT_EQ(SpanText("a = f(b, [c\nd = 1\n"), "[");
  EXPECT_EQ(SpanText("a = 'b"), "'");
  EXPECT_EQ(SpanText("f'{a"), "{");
}

TEST(Parse, OffersToRemoveAFence) {
  const std::string_view snippet = "```python\na = 1\n```\n";
  const ParseResult result = Parse(snippet, Limits{});
  ASSERT_EQ(result.diagnostics.size(), 1U);
  EXPECT_EQ(result.diagnostics[0].kind, Kind::CodeFence);
  ASSERT_EQ(result.diagnostics[0].fixes.size(), 2U);
  EXPECT_EQ(result.diagnostics[0].fixes[0].span.end, 10U);
  EXPECT_EQ(result.diagnostics[0].fixes[1].span.begin, 16U);
}

TEST(Parse, DropsTheInsideOfRefusedStatements) {
  EXPECT_EQ(Ast("def f(a, *, b: int = 1) -> c:\n  return 1 +\nx\n"),
            "(refused def)\n(do (name x))\n");
  EXPECT_EQ(Ast("try:\n  a\nexcept B:\n  c\nfinally:\n  d\nx\n"), "(refused try)\n(do (name x))\n");
  EXPECT_EQ(Ast("@a\n@b\nclass C:\n  d = 1\nx\n"), "(refused decorator)\n(do (name x))\n");
  EXPECT_EQ(Ast("a; return b; c"), "(do (name a))\n(refused return)\n(do (name c))\n");
  EXPECT_EQ(Ast("type A = int\nmatch b:\n  case 1: c\n"), "(refused type)\n(refused match)\n");
}

TEST(Parse, NormalizesNames) {
  EXPECT_EQ(Ast("\xef\xac\x81 = 1"), "(assign (name fi) (int 1))\n");  // the ligature
}

TEST(Parse, RefusesMixedScriptsInAPartOfAName) {
  EXPECT_EQ(Names("p\xd0\xb0id = 1"), std::vector<std::string>{"mixed-scripts"});  // a Cyrillic a
  EXPECT_TRUE(Names("f(\xd0\xb8\xd0\xbc\xd1\x8f__icontains='a')").empty());
  EXPECT_TRUE(
      Names("\xe5\x90\x8d\xe3\x81\xae = 1").empty());  // Japanese: two scripts of one writing
  EXPECT_EQ(Names("\xef\xbd\x89\xef\xbd\x86 = 1"),
            std::vector<std::string>{"mixed-scripts"});  // a wide `if`
}

TEST(Parse, ReadsTheNextFStringsOfPython) {
  // Since 3.12 quotes and backslashes may stand in a field.
  EXPECT_EQ(Ast("f\"{a[\"b\"]}\""), "(do (fstring (field (subscript (name a) (str \"b\")))))\n");
  EXPECT_EQ(Ast("f'{\"\\n\".join(a)}'"),
            "(do (fstring (field (call (attribute (str \"\\n\") join) (name a)))))\n");
}

TEST(Parse, EveryNodeHasASpanInsideItsParent) {
  const std::string_view snippet =
      "for a, b in f(x for x in y if z):\n  d[f'{a!r:>{w}}'] = [*b, {1: lambda q: -q ** 2}, (a, "
      "b)[::2]]\n";
  const ParseResult result = Parse(snippet, Limits{});
  ASSERT_NE(result.module, nullptr);
  size_t nodes = 0;
  const std::function<void(const ast::Expr&)> expression = [&](const ast::Expr& parent) {
    ++nodes;
    ast::ForEachChild(parent, [&](const ast::Expr& child) {
      EXPECT_LE(parent.span.begin, child.span.begin);
      EXPECT_GE(parent.span.end, child.span.end);
      expression(child);
    });
  };
  const std::function<void(const ast::Stmt&)> statement = [&](const ast::Stmt& stmt) {
    ++nodes;
    ast::ForEachChild(stmt, statement, expression);
  };
  for (const ast::Stmt* stmt : result.module->body) statement(*stmt);
  EXPECT_EQ(nodes, result.module->node_count());
}

// Any bytes get an answer: noise, cut snippets and snippets with a byte changed.
TEST(Parse, SurvivesNoise) {
  std::mt19937 random(7);
  const std::string seed =
      "for a in b:\n    if c == f\"{d!r:>{e}}\" 'x':\n        q |= Q(**{'k': [1.5e3, *g]}) if not "
      "h else lambda i: -j\n";
  for (int round = 0; round < 3000; ++round) {
    std::string text = seed.substr(random() % 20, random() % seed.size());
    for (unsigned changes = random() % 4; changes > 0 && !text.empty(); --changes) {
      text[random() % text.size()] = static_cast<char>(random() % 256);
    }
    const ParseResult result = Parse(text, Limits{});
    EXPECT_EQ(result.module == nullptr, !result.diagnostics.empty());
    for (const Diagnostic& diagnostic : result.diagnostics) {
      EXPECT_LE(diagnostic.span.begin, diagnostic.span.end);
      EXPECT_LE(diagnostic.span.end, text.size()) << InfoOf(diagnostic.kind).name << text;
      EXPECT_FALSE(MessageOf(diagnostic).empty());
    }
  }
}

TEST(Parse, ThreadsShareNothing) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 200; ++round) {
        EXPECT_NE(Parse("result = A.objects.filter(b__in=[1, 2])[:3]", Limits{}).module, nullptr);
        EXPECT_EQ(Parse("a b", Limits{}).module, nullptr);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace ormc::syntax
