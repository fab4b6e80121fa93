// Nothing that a snippet computes escapes its budget, and nothing is made before it is paid for.
#include <gtest/gtest.h>

#include "tests/unit/eval/build_expr.h"

namespace ormc::eval {
namespace {

using program::BinaryOp;

std::string LimitOfExpr(const program::ExprPtr& expr) {
  return LimitOf([&] {
    Environment environment;
    Evaluate(*expr, environment, Tight());
  });
}

TEST(Limits, LongTextIsRefused) {
  EXPECT_EQ(LimitOfExpr(Op(BinaryOp::kMultiply, Text("x"), Int(1'000'000'000))), "eval_bytes");
  EXPECT_EQ(LimitOfExpr(Op(BinaryOp::kMultiply, Text("x"), Int(INT64_MAX))), "eval_bytes");
  EXPECT_EQ(LimitOfExpr(Method(Text("x"), "zfill", {Int(1'000'000'000'000)})), "eval_bytes");
  EXPECT_EQ(LimitOfExpr(Method(Text("x"), "center", {Int(1'000'000'000'000)})), "eval_bytes");
  EXPECT_EQ(LimitOfExpr(Method(Text("a\tb"), "expandtabs", {Int(1'000'000'000'000)})),
            "eval_bytes");
}

TEST(Limits, WideFormatsAreRefused) {
  EXPECT_EQ(LimitOfExpr(Call("format", {Int(1), Text("1000000000d")})), "format_width");
  EXPECT_EQ(LimitOfExpr(Call("format", {Int(1), Text(".1000000000f")})), "format_width");
  EXPECT_EQ(LimitOfExpr(Op(BinaryOp::kModulo, Text("%1000000000d"), Int(1))), "format_width");
}

TEST(Limits, LargeIntegersAreRefused) {
  const auto tower = Op(BinaryOp::kPower, Int(10), Op(BinaryOp::kPower, Int(10), Int(10)));
  EXPECT_EQ(LimitOfExpr(tower), "int_bits");
  EXPECT_EQ(LimitOfExpr(Op(BinaryOp::kShiftLeft, Int(1), Int(1'000'000'000'000))), "int_bits");
  EXPECT_EQ(LimitOfExpr(Call("math.factorial", {Int(1'000'000)})), "int_bits");
  const auto huge = Call("decimal.Decimal", {Text("1E+999999999")});
  EXPECT_EQ(LimitOfExpr(Call("int", {huge})), "int_bits");
  EXPECT_EQ(LimitOfExpr(Call("decimal.Decimal", {Text("1E+9999999999999999999")})),
            "decimal_exponent");
}

TEST(Limits, LongListsAreRefused) {
  EXPECT_EQ(LimitOfExpr(Call("range", {Int(1'000'000'000'000)})), "eval_bytes");
  EXPECT_EQ(LimitOfExpr(Call("range", {Int(INT64_MIN), Int(INT64_MAX)})), "eval_bytes");
  EXPECT_EQ(LimitOfExpr(Op(BinaryOp::kMultiply, ListOf({Int(1)}), Int(1'000'000'000))),
            "eval_bytes");
}

TEST(Limits, LoopsTakeSteps) {
  // Four nested loops of 100 passes.
  const auto numbers = Const(Value::ListOf(std::vector<Value>(100)));
  program::Comprehension node{program::ComprehensionKind::kGenerator, Int(1), nullptr, {}};
  for (uint32_t slot = 0; slot < 4; ++slot) {
    node.generators.push_back({program::Target{slot, {}}, numbers, {}});
  }
  EXPECT_EQ(LimitOfExpr(Call("sum", {E(std::move(node))})), "eval_steps");
}

TEST(Limits, FoldsTakeSteps) {
  std::vector<program::Statement> body{Set(9, Op(BinaryOp::kAdd, Slot(9), Int(1)))};
  for (uint32_t slot = 0; slot < 4; ++slot) {
    body = {ForIn(slot, Call("range", {Int(40)}), body)};
  }
  body.insert(body.begin(), Set(9, Int(0)));
  EXPECT_EQ(LimitOf([&] { RunBody(body, Slot(9)); }), "eval_steps");
}

TEST(Limits, SharedListsAreComparedAndWrittenWithinTheBudget) {
  // Ten elements, ten levels: ten thousand million leaves, in a hundred lists.
  std::vector<program::Statement> body{Set(0, ListOf({Int(0)}))};
  for (int level = 0; level < 10; ++level) {
    body.push_back(Set(0, Op(BinaryOp::kMultiply, ListOf({Slot(0)}), Int(10))));
  }
  auto other = body;
  for (auto& statement : other) {
    auto& assign = std::get<program::Assign>(statement.node);
    assign.target.slot = 1;
    if (const auto* node = std::get_if<program::Binary>(&assign.value->node)) {
      assign.value = Op(node->op, ListOf({Slot(1)}), Int(10));
    }
  }
  body.insert(body.end(), other.begin(), other.end());
  const auto equal = E(program::Comparison{Slot(0), {{program::CompareOp::kEqual, Slot(1)}}});
  EXPECT_EQ(LimitOf([&] { RunBody(body, equal); }), "eval_steps");
  EXPECT_EQ(LimitOf([&] { RunBody(body, Call("str", {Slot(0)})); }), "eval_steps");
}

TEST(Limits, NestingIsBounded) {
  // acc = [acc], ten thousand times: neither our recursion nor our destructors may follow.
  EXPECT_EQ(LimitOf([] {
              RunBody({Set(0, ListOf({})),
                       ForIn(1, Call("range", {Int(10'000)}), {Set(0, ListOf({Slot(0)}))})},
                      Slot(0));
            }),
            "nesting_depth");
}

TEST(Limits, NestingIsBoundedFromTheOutside) {
  // new = []; last.append(new); last = new: the chain grows at its inner end.
  EXPECT_EQ(LimitOf([] {
              RunBody({Set(0, ListOf({})), Set(1, Slot(0)),
                       ForIn(2, Call("range", {Int(10'000)}),
                             {Set(3, ListOf({})), Do(Method(Slot(1), "append", {Slot(3)})),
                              Set(1, Slot(3))})},
                      Slot(0));
            }),
            "nesting_depth");
}

TEST(Limits, AListCannotHoldItself) {
  EXPECT_EQ(LimitOf([] {
              RunBody({Set(0, ListOf({})), Do(Method(Slot(0), "append", {Slot(0)}))}, Slot(0));
            }),
            "nesting_depth");
}

TEST(Limits, AFoldMayGrowTheListThatItVisitsOnlyWithinTheBudget) {
  const std::string limit = LimitOf([] {
    RunBody(
        {Set(0, ListOf({Int(1)})), ForIn(1, Slot(0), {Do(Method(Slot(0), "append", {Int(1)}))})},
        Slot(0));
  });
  EXPECT_TRUE(limit == "eval_bytes" || limit == "eval_steps") << limit;
}

class Counting : public QuerySource {
 public:
  Value Run(const program::Query&, uint32_t, const std::vector<Value>&,
            const program::QueryText&) override {
    ++runs;
    return Value::Int(1);
  }
  int runs = 0;
};

TEST(Limits, QueriesInALoopAreCounted) {
  program::Program program;
  program.queries.emplace_back();
  program.queries[0].variants.push_back({"SELECT 1", {}});
  program.body = {ForIn(0, Call("range", {Int(60)}), {Do(E(program::RunQuery{0}))})};
  Counting queries;
  EXPECT_EQ(LimitOf([&] { eval::Run(program, Context{}, queries); }), "loop_queries");
  EXPECT_EQ(queries.runs, 50);
}

}  // namespace
}  // namespace ormc::eval
