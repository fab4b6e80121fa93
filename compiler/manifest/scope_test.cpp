#include "compiler/manifest/scope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "compiler/manifest/load.h"

namespace ormc::manifest {
namespace {

class Scope : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file("tests/data/shop_manifest.json");
    std::ostringstream text;
    text << file.rdbuf();
    Result<std::unique_ptr<const Manifest>> loaded = Load(text.str());
    ASSERT_TRUE(loaded) << loaded.error().message;
    manifest_ = *std::move(loaded);
  }

  const Model& Get(std::string_view label) const { return *manifest_->Find(label); }

  std::unique_ptr<const Manifest> manifest_;
};

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

TEST_F(Scope, SeesAllAtFirst) {
  const ScopedManifest scope(*manifest_);
  EXPECT_EQ(scope.FindModel("shop.order"), &Get("shop.Order"));
  EXPECT_NE(scope.FindField(Get("shop.Order"), "customer_id"), nullptr);
  EXPECT_EQ(scope.ModelsNamed("Order").size(), 1U);
  EXPECT_TRUE(scope.ModelsNamed("order").empty());
  EXPECT_TRUE(scope.ModelsNamed("Product_tags").empty());
  EXPECT_FALSE(Contains(scope.ModelNames(), "Product_tags"));
}

TEST_F(Scope, AHiddenModelIsUnknownFromEverySide) {
  ScopedManifest scope(*manifest_);
  scope.HideModel(Get("shop.Order"));
  EXPECT_EQ(scope.FindModel("shop.Order"), nullptr);
  EXPECT_TRUE(scope.ModelsNamed("Order").empty());
  EXPECT_FALSE(Contains(scope.ModelNames(), "Order"));
  const Model& customer = Get("shop.Customer");
  EXPECT_EQ(scope.FindReverse(customer, "order"), nullptr);
  EXPECT_EQ(scope.FindAccessor(customer, "order_set"), nullptr);
  EXPECT_FALSE(Contains(scope.FieldNames(customer), "order"));
  EXPECT_TRUE(Contains(scope.FieldNames(customer), "referrals"));
}

TEST_F(Scope, AForeignKeyNeedsItsOwnModelAlone) {
  ScopedManifest scope(*manifest_);
  scope.HideModel(Get("shop.Customer"));
  EXPECT_NE(scope.FindField(Get("shop.Order"), "customer"), nullptr);
  EXPECT_FALSE(scope.Sees(*Get("shop.Order").FindField("customer")->relation->to));
}

TEST_F(Scope, AManyToManyNeedsBothEnds) {
  ScopedManifest scope(*manifest_);
  EXPECT_TRUE(scope.Sees(Get("shop.Product_tags")));
  scope.HideModel(Get("shop.Tag"));
  EXPECT_FALSE(scope.Sees(Get("shop.Product_tags")));
  EXPECT_EQ(scope.FindField(Get("shop.Product"), "tags"), nullptr);
}

TEST_F(Scope, AHiddenFieldIsUnknown) {
  ScopedManifest scope(*manifest_);
  const Model& product = Get("shop.Product");
  scope.HideField(*product.FindField("price"));
  EXPECT_EQ(scope.FindField(product, "price"), nullptr);
  EXPECT_NE(scope.FindField(Get("shop.OrderLine"), "price"), nullptr);
  EXPECT_FALSE(Contains(scope.FieldNames(product), "price"));
}

TEST_F(Scope, AHiddenForeignKeyHidesItsReverse) {
  ScopedManifest scope(*manifest_);
  const Model& order = Get("shop.Order");
  scope.HideField(*order.FindField("customer"));
  EXPECT_EQ(scope.FindReverse(Get("shop.Customer"), "order"), nullptr);
}

}  // namespace
}  // namespace ormc::manifest
