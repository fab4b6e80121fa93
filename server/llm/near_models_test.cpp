#include "server/llm/near_models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "compiler/manifest/load.h"

namespace ormc::server {
namespace {

class NearModels : public ::testing::Test {
 protected:
  // The names of the nearest models.
  std::vector<std::string> Nearest(std::string_view question, size_t count) {
    std::vector<KnownModel> models;
    for (const auto& model : scope_.manifest().models) {
      if (scope_.Sees(*model) && model->auto_created.empty())
        models.push_back({model.get(), WordsOf(scope_, *model)});
    }
    std::vector<std::string> names;
    for (const size_t at : NearestFirst(models, question)) names.push_back(models[at].model->name);
    names.resize(count);
    return names;
  }

  static std::unique_ptr<const manifest::Manifest> Shop() {
    std::ifstream file("tests/data/shop_manifest.json");
    return *manifest::Load(std::string(std::istreambuf_iterator<char>(file), {}));
  }

  std::unique_ptr<const manifest::Manifest> manifest_ = Shop();
  manifest::ScopedManifest scope_{*manifest_};
};

TEST_F(NearModels, WhatIsNamedIsFirst) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(Nearest("How many orders were placed today?", 1), Names{"Order"});
  EXPECT_EQ(Nearest("ORDER LINES of more than three pieces", 1), Names{"OrderLine"});
  EXPECT_EQ(Nearest("Which customers have no tag?", 2), (Names{"Customer", "Tag"}));
  EXPECT_EQ(Nearest("gifts", 1), Names{"Gift"});
}

TEST_F(NearModels, ColumnsCountToo) {
  EXPECT_EQ(Nearest("last_login and is_superuser", 1), std::vector<std::string>{"User"});
}

TEST_F(NearModels, TheRelatedComeNext) {
  const std::vector<std::string> names = Nearest("products", 3);
  EXPECT_EQ(names[0], "Product");
  EXPECT_TRUE(std::ranges::count(names, "OrderLine") == 1) << names[1] << " " << names[2];
}

TEST_F(NearModels, WhatIsHiddenIsNotRelated) {
  scope_.HideModel(*manifest_->Find("shop.Order"));
  for (const manifest::Model* other : WordsOf(scope_, *manifest_->Find("shop.Customer")).related)
    EXPECT_NE(other->name, "Order");
}

TEST_F(NearModels, WithoutWordsInTheOrderGiven) {
  EXPECT_EQ(Nearest("", 1), std::vector<std::string>{manifest_->models[0]->name});
  EXPECT_EQ(Nearest("???", 1), std::vector<std::string>{manifest_->models[0]->name});
}

}  // namespace
}  // namespace ormc::server
