// Each of the plan's invariants, broken by hand: a plan that breaks one never becomes SQL.
#include "compiler/plan/verify.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "compiler/base/check.h"
#include "compiler/manifest/load.h"

namespace ormc::plan {
namespace {

class VerifyTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file("tests/data/shop_manifest.json");
    std::ostringstream text;
    text << file.rdbuf();
    auto loaded = manifest::Load(text.str());
    ASSERT_TRUE(loaded) << loaded.error().message;
    manifest_ = *std::move(loaded);
    scope_.emplace(*manifest_);
    context_.scope = &*scope_;
    query_ = std::make_shared<Query>(context_, *manifest_->Find("shop.Order"));
    // Order.objects.filter(customer__city=...): two tables.
    query_->InitialAlias();
    city_ = query_->ResolveRef("customer__city", Span{}, true, nullptr, false);
  }

  std::string Broken() const {
    try {
      Verify(*query_);
    } catch (const InternalError& error) {
      return error.what();
    }
    return "";
  }

  ExprPtr Aggregate() const {
    Expr expr;
    expr.op = Op::kAggregate;
    expr.aggregate = catalog::FindAggregate("Count");
    expr.args = {city_};
    return Finish(std::move(expr));
  }

  std::unique_ptr<const manifest::Manifest> manifest_;
  std::optional<manifest::ScopedManifest> scope_;
  PlanContext context_;
  std::shared_ptr<Query> query_;
  ExprPtr city_;
};

TEST_F(VerifyTest, PassesWhatThePlannerMakes) {
  query_->select = {city_};
  query_->annotations.emplace_back("n", Aggregate());
  query_->group_by = {city_, MakeReference("n", city_)};
  EXPECT_EQ(Broken(), "");
}

TEST_F(VerifyTest, AJoinsParentStandsBeforeIt) {
  std::swap(query_->tables[0], query_->tables[1]);
  EXPECT_EQ(Broken(), "plan: a join stands before its parent");
}

TEST_F(VerifyTest, AJoinsParentIsJoined) {
  query_->tables[0].references = 0;
  EXPECT_EQ(Broken(), "plan: a join hangs on one that is not made");
}

TEST_F(VerifyTest, AliasesAreDistinct) {
  query_->tables.push_back(query_->tables[1]);
  EXPECT_EQ(Broken(), "plan: an alias is there twice");
}

TEST_F(VerifyTest, AJoinHasColumnsOfItsTables) {
  query_->tables[1].model = manifest_->Find("shop.Tag");
  EXPECT_EQ(Broken(), "plan: a join's column is not in its table");
  query_->tables[1].columns.clear();
  EXPECT_EQ(Broken(), "plan: a join without columns");
}

TEST_F(VerifyTest, NoInnerJoinHangsOnAnOuterOne) {
  query_->tables[0].type = JoinType::kLeft;
  query_->tables[0].parent = 0;
  query_->tables[1].type = JoinType::kInner;
  query_->tables.insert(query_->tables.begin(), query_->tables[0]);
  query_->tables[0].id = 0;
  query_->tables[0].type = JoinType::kBase;
  query_->tables[1].columns = {{manifest_->Find("shop.Order")->FindField("id"),
                                manifest_->Find("shop.Order")->FindField("id")}};
  EXPECT_EQ(Broken(), "plan: an inner join hangs on an outer one");
}

TEST_F(VerifyTest, AColumnBelongsToATableInScope) {
  query_->select = {MakeColumn(77, *city_->field, *city_->output)};
  EXPECT_EQ(Broken(), "plan: a column of an alias out of scope");
  query_->select = {MakeColumn(query_->tables[0].id, *city_->field, *city_->output)};
  EXPECT_EQ(Broken(), "plan: a column that its table does not have");
  query_->select = {city_};
  query_->tables[1].references = 0;
  EXPECT_EQ(Broken(), "plan: a column of a table that is not joined");
}

TEST_F(VerifyTest, ASubQuerySeesTheTablesAroundIt) {
  auto inner = std::make_shared<Query>(context_, *manifest_->Find("shop.Tag"));
  inner->InitialAlias();
  inner->select = {city_};
  Expr subquery;
  subquery.op = Op::kSubquery;
  subquery.query = inner;
  query_->annotations.emplace_back("s", Finish(std::move(subquery)));
  EXPECT_EQ(Broken(), "");
  inner->select = {MakeColumn(77, *city_->field, *city_->output)};
  EXPECT_EQ(Broken(), "plan: a column of an alias out of scope");
}

TEST_F(VerifyTest, NothingIsLeftUnresolved) {
  query_->select = {MakeName(Span{}, "total")};
  EXPECT_EQ(Broken(), "plan: a name is left unresolved");
  query_->select = {MakeReference("n", city_)};
  EXPECT_EQ(Broken(), "plan: a reference to no annotation");
}

TEST_F(VerifyTest, ANodeHasItsOperands) {
  Expr sum;
  sum.op = Op::kArithmetic;
  sum.name = "+";
  sum.args = {city_, city_};
  Expr half = *Finish(std::move(sum));
  half.args.pop_back();
  query_->select = {std::make_shared<const Expr>(half)};
  EXPECT_EQ(Broken(), "plan: a node without its operands");
}

TEST_F(VerifyTest, NoAggregateIsGroupedBy) {
  query_->group_by = {Aggregate()};
  EXPECT_EQ(Broken(), "plan: grouped by an aggregate");
}

TEST_F(VerifyTest, WhatIsSelectedExists) {
  query_->selected = {{"n", std::string("n")}};
  EXPECT_EQ(Broken(), "plan: a selected column does not exist");
  query_->selected = {{"n", size_t{0}}};
  EXPECT_EQ(Broken(), "plan: a selected column does not exist");
}

TEST_F(VerifyTest, ASliceEndsBehindItsBegin) {
  query_->low = 3;
  query_->high = 2;
  EXPECT_EQ(Broken(), "plan: a slice ends before it begins");
}

TEST_F(VerifyTest, DistinctOnIsDistinct) {
  query_->distinct_fields = {"city"};
  EXPECT_EQ(Broken(), "plan: DISTINCT ON without DISTINCT");
  query_->distinct_fields.clear();
  query_->combinator = Combinator::kUnion;
  EXPECT_EQ(Broken(), "plan: a combinator and its parts belong together");
}

}  // namespace
}  // namespace ormc::plan
