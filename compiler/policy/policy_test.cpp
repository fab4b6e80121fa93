#include "compiler/policy/policy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "compiler/manifest/load.h"

namespace ormc::policy {
namespace {

using manifest::Field;
using manifest::Manifest;
using manifest::Model;
using manifest::ScopedManifest;

class PolicyTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file("tests/data/shop_manifest.json");
    std::ostringstream text;
    text << file.rdbuf();
    auto loaded = manifest::Load(text.str());
    ASSERT_TRUE(loaded) << loaded.error().message;
    manifest_ = *std::move(loaded);
  }

  const Model& Get(std::string_view label) const { return *manifest_->Find(label); }

  ScopedManifest Scope(std::string_view policy, const User* user = nullptr) const {
    const Result<Policy> loaded = LoadPolicy(policy);
    EXPECT_TRUE(loaded) << loaded.error().message;
    Result<ScopedManifest> scope = BuildScope(*manifest_, *loaded);
    EXPECT_TRUE(scope) << scope.error().message;
    return user == nullptr ? *std::move(scope) : SeenBy(*user, *loaded, *std::move(scope));
  }

  std::string ErrorOf(std::string_view policy) const {
    const Result<Policy> loaded = LoadPolicy(policy);
    if (!loaded) return loaded.error().message;
    const Result<ScopedManifest> scope = BuildScope(*manifest_, *loaded);
    return scope ? "none" : scope.error().message;
  }

  std::unique_ptr<const Manifest> manifest_;
};

TEST_F(PolicyTest, TheDefaultHidesSecrets) {
  const ScopedManifest scope = Scope(R"({"format":1})");
  EXPECT_EQ(scope.FindField(Get("auth.User"), "password"), nullptr);
  EXPECT_NE(scope.FindField(Get("auth.User"), "email"), nullptr);
  EXPECT_EQ(scope.FindModel("sessions.Session"), nullptr);
  EXPECT_TRUE(scope.ModelsNamed("Session").empty());
}

TEST_F(PolicyTest, TheDefaultFollowsTheUserModel) {
  const std::vector<std::string> hidden = DefaultHidden("people.Person");
  EXPECT_EQ(hidden.back(), "people.Person.password");
}

TEST_F(PolicyTest, APolicyMayTakeTheDefaultsOnItself) {
  const ScopedManifest scope = Scope(R"({"format":1,"default_hidden":false})");
  EXPECT_NE(scope.FindModel("sessions.Session"), nullptr);
}

TEST_F(PolicyTest, AHiddenKeyHidesTheModelAndWhatPointsToIt) {
  const ScopedManifest scope = Scope(R"({"format":1,"hidden":["shop.Product.id"]})");
  EXPECT_EQ(scope.FindModel("shop.Product"), nullptr);
  EXPECT_EQ(scope.FindModel("shop.Gift"), nullptr);
  EXPECT_EQ(scope.FindField(Get("shop.OrderLine"), "product_id"), nullptr);
  EXPECT_NE(scope.FindField(Get("shop.OrderLine"), "quantity"), nullptr);
}

TEST_F(PolicyTest, AHiddenFieldIsHiddenWhereItIsInherited) {
  for (const char* name : {"shop.Product.price", "shop.Gift.price"}) {
    const ScopedManifest scope = Scope(R"({"format":1,"hidden":[")" + std::string(name) + R"("]})");
    EXPECT_EQ(scope.FindField(Get("shop.Product"), "price"), nullptr);
    EXPECT_EQ(scope.FindField(Get("shop.Gift"), "price"), nullptr);
    EXPECT_NE(scope.FindField(Get("shop.OrderLine"), "price"), nullptr);
  }
}

TEST_F(PolicyTest, AUserSeesWhatHeMayView) {
  User user;
  user.view = {"shop.Order", "shop.Product", "shop.Tag", "gone.Model"};
  const ScopedManifest scope = Scope(R"({"format":1})", &user);
  EXPECT_NE(scope.FindModel("shop.Order"), nullptr);
  EXPECT_EQ(scope.FindModel("shop.Customer"), nullptr);
  EXPECT_NE(scope.FindField(Get("shop.Order"), "customer_id"), nullptr);
  EXPECT_TRUE(scope.Sees(Get("shop.Product_tags")));
  user.superuser = true;
  EXPECT_NE(Scope(R"({"format":1})", &user).FindModel("shop.Customer"), nullptr);
}

TEST_F(PolicyTest, APermissionDoesNotShowWhatThePolicyHides) {
  User user;
  user.superuser = true;
  user.view = {"sessions.Session"};
  EXPECT_EQ(Scope(R"({"format":1})", &user).FindModel("sessions.Session"), nullptr);
}

TEST_F(PolicyTest, MasksNameTheColumnsModel) {
  const auto policy = LoadPolicy(
      R"({"format":1,"masked":[{"field":"shop.Gift.sku","how":"last4"}],"limits":{"max_rows":7}})");
  ASSERT_TRUE(policy) << policy.error().message;
  const auto scope = BuildScope(*manifest_, *policy);
  ASSERT_TRUE(scope) << scope.error().message;
  const ScopedManifest seen = SeenBy(User{}, *policy, *scope);
  EXPECT_EQ(seen.MaskOf(*Get("shop.Product").FindField("sku")), Mask::kLastFour);
  EXPECT_EQ(seen.MaskOf(*Get("shop.Gift").FindField("sku")), Mask::kLastFour);
  EXPECT_EQ(seen.MaskOf(*Get("shop.Product").FindField("name")), Mask::kNone);
  EXPECT_EQ(policy->limits.max_rows, 7U);
}

TEST_F(PolicyTest, TheFirstEntryThatConcernsAUserSaysHowAFieldIsShown) {
  constexpr std::string_view kPolicy = R"json({"format":1,"masked":[
      {"field":"shop.Gift.sku","how":"shown","superusers":true},
      {"field":"shop.Product.sku","how":"hidden","groups":["Temps"]},
      {"field":"shop.Product.sku","how":"last4","groups":["Sales"]}]})json";
  const Field& sku = *Get("shop.Product").FindField("sku");
  EXPECT_EQ(Scope(kPolicy).MaskOf(sku), Mask::kFixed) << "nobody is asking";
  User user;
  user.view = {"shop.Product", "shop.Gift"};
  EXPECT_EQ(Scope(kPolicy, &user).MaskOf(sku), Mask::kFixed) << "no entry concerns them";
  user.groups = {"Sales"};
  EXPECT_EQ(Scope(kPolicy, &user).MaskOf(sku), Mask::kLastFour);
  EXPECT_NE(Scope(kPolicy, &user).FindField(Get("shop.Gift"), "sku"), nullptr);
  user.groups = {"Sales", "Temps"};
  EXPECT_EQ(Scope(kPolicy, &user).FindField(Get("shop.Product"), "sku"), nullptr);
  EXPECT_EQ(Scope(kPolicy, &user).FindField(Get("shop.Gift"), "sku"), nullptr);
  user.superuser = true;
  EXPECT_EQ(Scope(kPolicy, &user).MaskOf(sku), Mask::kNone);
  EXPECT_NE(Scope(kPolicy, &user).FindField(Get("shop.Gift"), "sku"), nullptr);
}

TEST_F(PolicyTest, TheFirstEntryThatConcernsAUserSaysTheSmallestGroup) {
  constexpr std::string_view kPolicy = R"json({"format":1,"aggregates_only":[
      {"model":"shop.Product","groups":["Buyers"]},
      {"model":"shop.Product","groups":["Sales"],"smallest_group":3},
      {"model":"shop.Product","groups":["Temps"],"smallest_group":9}]})json";
  const Model& product = Get("shop.Product");
  EXPECT_EQ(Scope(kPolicy).SmallestGroup(product), 9U) << "nobody is asking";
  User user;
  EXPECT_EQ(Scope(kPolicy, &user).SmallestGroup(product), 9U) << "no entry concerns them";
  user.groups = {"Temps", "Sales"};
  EXPECT_EQ(Scope(kPolicy, &user).SmallestGroup(product), 3U);
  EXPECT_EQ(Scope(kPolicy, &user).SmallestGroup(Get("shop.Gift")), 3U)
      << "a child's row is its row";
  EXPECT_EQ(Scope(kPolicy, &user).SmallestGroup(Get("shop.Product_tags")), 3U);
  EXPECT_EQ(Scope(kPolicy, &user).SmallestGroup(Get("shop.Tag")), 0U);
  user.groups = {"Buyers"};
  EXPECT_EQ(Scope(kPolicy, &user).SmallestGroup(product), 0U);
}

TEST_F(PolicyTest, AModelIsToldLess) {
  const auto policy = LoadPolicy(
      R"({"format":1,"told":{"except":["shop.Order","shop.Customer.city"],"choices":false}})");
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_FALSE(policy->told.choices);
  const auto told = BuildScope(*manifest_, *policy, Writer::kModel);
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(told->FindModel("shop.Order"), nullptr);
  EXPECT_EQ(told->FindField(Get("shop.OrderLine"), "order_id"), nullptr);
  EXPECT_EQ(told->FindField(Get("shop.Customer"), "city"), nullptr);
  const auto seen = BuildScope(*manifest_, *policy);
  EXPECT_NE(seen->FindModel("shop.Order"), nullptr);
  EXPECT_NE(seen->FindField(Get("shop.Customer"), "city"), nullptr);
}

TEST_F(PolicyTest, RegularExpressionsCanBeSwitchedOff) {
  EXPECT_EQ(LoadPolicy(R"({"format":1,"regex":false})")->limits.regex_bytes, 0U);
  EXPECT_GT(LoadPolicy(R"({"format":1,"regex":true})")->limits.regex_bytes, 0U);
}

TEST_F(PolicyTest, ErrorsNameThePlace) {
  EXPECT_EQ(ErrorOf(R"({"format":1,"hidden":["shop.Order","shop.Odrer"]})"),
            "policy: hidden[1]: no model for `shop.Odrer`");
  EXPECT_EQ(ErrorOf(R"({"format":1,"hidden":["shop.Order.tootal"]})"),
            "policy: hidden[0]: no field for `shop.Order.tootal`");
  EXPECT_EQ(ErrorOf(R"({"format":1,"masked":[{"field":"shop.Order","how":"hash"}]})"),
            "policy: masked[0]: no field for `shop.Order`");
  EXPECT_EQ(ErrorOf(R"({"format":1,"masked":[{"field":"shop.Order.note","how":"first4"}]})"),
            "policy: masked[0].how: unknown mask `first4`");
  EXPECT_EQ(
      ErrorOf(R"({"format":1,"masked":[{"field":"shop.Order.id","how":"hash"}]})"),
      "policy: masked[0]: `shop.Order.id` is a key, whose values stand in other columns: hide it");
  EXPECT_EQ(ErrorOf(R"({"format":1,"hiden":[]})"), "policy: hiden: unknown member");
  EXPECT_EQ(ErrorOf(R"({"format":1,"limits":{"rows":1}})"), "policy: limits.rows: unknown limit");
  EXPECT_EQ(ErrorOf(R"json({"format":1,"rows":[{"model":"shop.Odrer","where":"Q()"}]})json"),
            "policy: rows[0]: no model for `shop.Odrer`");
  EXPECT_EQ(
      ErrorOf(R"json({"format":1,"rows":[{"model":"shop.Order","where":"Q()","groups":[]}]})json"),
      "policy: rows[0].groups: names nobody");
  EXPECT_EQ(ErrorOf(R"({"format":1,"aggregates_only":[{"model":"shop.Order"}]})"),
            "policy: aggregates_only[0]: no entry of `shop.Order` has a smallest group");
  EXPECT_EQ(
      ErrorOf(R"({"format":1,"aggregates_only":[{"model":"shop.Order","smallest_group":1}]})"),
      "policy: aggregates_only[0].smallest_group: from 2 to 1000000 rows");
  EXPECT_EQ(ErrorOf(R"({"format":1,"told":{"except":["shop.Odrer"]}})"),
            "policy: told.except[0]: no model for `shop.Odrer`");
  EXPECT_EQ(ErrorOf("[]"), "policy: an object is expected");
}

TEST_F(PolicyTest, TheFirstEntryThatConcernsAUserSaysTheRows) {
  constexpr std::string_view kPolicy = R"json({"format":1,"rows":[
      {"model":"shop.Order","superusers":true,"where":"Q()"},
      {"model":"shop.Order","groups":["Sales"],"where":"Q(total__lt=9)"},
      {"model":"shop.Order","where":"Q(customer_id=user.id)"},
      {"model":"shop.Tag","groups":["Sales"],"where":"Q()"}]})json";
  const auto where = [&](const ScopedManifest& scope, std::string_view model) {
    for (const manifest::RowRule& rule : scope.row_rules()) {
      if (rule.model->label == model) return rule.where;
    }
    return std::string("all");
  };
  EXPECT_EQ(where(Scope(kPolicy), "shop.Order"), "");
  EXPECT_EQ(where(Scope(kPolicy), "shop.Product"), "all");
  User user;
  EXPECT_EQ(where(Scope(kPolicy, &user), "shop.Order"), "Q(customer_id=user.id)");
  EXPECT_EQ(where(Scope(kPolicy, &user), "shop.Tag"), "");
  user.groups = {"Sales"};
  EXPECT_EQ(where(Scope(kPolicy, &user), "shop.Order"), "Q(total__lt=9)");
  user.superuser = true;
  EXPECT_EQ(where(Scope(kPolicy, &user), "shop.Order"), "Q()");
}

TEST_F(PolicyTest, ReadsAUserFile) {
  const Result<User> user = LoadUser(
      R"({"format":1,"user":{"id":1,"name":"ann"},"superuser":false,"groups":["Sales"],
          "tz":"Europe/Berlin","lang":"en","view":["auth.User"],"manifest":null})");
  ASSERT_TRUE(user) << user.error().message;
  EXPECT_EQ(*user->id.As<int64_t>(), 1);
  EXPECT_EQ(user->view, std::vector<std::string>{"auth.User"});
  EXPECT_EQ(LoadUser(R"({"format":1})").error().message, "user: `user` is missing");
}

}  // namespace
}  // namespace ormc::policy
