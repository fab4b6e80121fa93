#include "compiler/manifest/load.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <sstream>

#include "compiler/values/text.h"

namespace ormc::manifest {
namespace {

namespace json = boost::json;

std::string Fixture() {
  std::ifstream file("tests/data/shop_manifest.json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::unique_ptr<const Manifest> LoadFixture() {
  Result<std::unique_ptr<const Manifest>> manifest = Load(Fixture());
  EXPECT_TRUE(manifest) << manifest.error().message;
  return *std::move(manifest);
}

// The error after `change` has been made to the fixture.
std::string ErrorAfter(const std::function<void(json::object&)>& change) {
  json::value document = json::parse(Fixture());
  change(document.get_object());
  const auto manifest = Load(json::serialize(document));
  return manifest ? "none" : manifest.error().message;
}

json::object& ModelIn(json::object& document, std::string_view label) {
  for (json::value& model : document["models"].get_array()) {
    if (model.at("label").as_string() == json::string_view(label.data(), label.size())) {
      return model.get_object();
    }
  }
  throw std::out_of_range("no such model in the fixture");
}

TEST(Load, ReadsSettingsAndModels) {
  const auto manifest = LoadFixture();
  EXPECT_EQ(manifest->django, "5.2.19");
  EXPECT_FALSE(manifest->postgres_app);
  EXPECT_TRUE(manifest->use_tz);
  EXPECT_EQ(manifest->time_zone, "Europe/Berlin");
  EXPECT_EQ(manifest->auth_user_model, "auth.User");
  EXPECT_EQ(manifest->fingerprint.size(), 64U);
  for (uint32_t i = 0; i < manifest->models.size(); ++i) {
    EXPECT_EQ(manifest->models[i]->index, i);
    EXPECT_EQ(manifest->Find(manifest->models[i]->label), manifest->models[i].get());
  }
}

TEST(Load, FindsModelsInAnyCaseOfTheModelPart) {
  const auto manifest = LoadFixture();
  ASSERT_NE(manifest->Find("shop.order"), nullptr);
  EXPECT_EQ(manifest->Find("shop.order"), manifest->Find("shop.ORDER"));
  EXPECT_EQ(manifest->Find("Shop.Order"), nullptr);
  EXPECT_EQ(manifest->Find("Order"), nullptr);
  EXPECT_EQ(manifest->Find(""), nullptr);
}

TEST(Load, FindsFieldsByNameAndAttname) {
  const auto manifest = LoadFixture();
  const Model& order = *manifest->Find("shop.Order");
  ASSERT_NE(order.FindField("customer"), nullptr);
  EXPECT_EQ(order.FindField("customer"), order.FindField("customer_id"));
  EXPECT_EQ(order.FindField("nothing"), nullptr);
  EXPECT_EQ(order.PrimaryKey()->name, "id");
  const Field& customer = *order.FindField("customer");
  EXPECT_EQ(customer.kind, FieldKind::kForeignKey);
  EXPECT_EQ(customer.relation->to, manifest->Find("shop.Customer"));
  EXPECT_EQ(customer.relation->to_fields, std::vector<std::string>{"id"});
  EXPECT_EQ(order.FindField("total")->max_digits, 10);
  EXPECT_EQ(order.FindField("status")->choices.size(), 3U);
  EXPECT_EQ(order.FindField("status")->choices[1].second, "Paid");
}

TEST(Load, ResolvesBothSidesOfRelations) {
  const auto manifest = LoadFixture();
  const Model& customer = *manifest->Find("shop.Customer");
  const Model& order = *manifest->Find("shop.Order");
  const Reverse* reverse = customer.FindReverse("order");
  ASSERT_NE(reverse, nullptr);
  EXPECT_EQ(reverse, customer.FindAccessor("order_set"));
  EXPECT_EQ(reverse->model, &order);
  EXPECT_EQ(reverse->field, order.FindField("customer"));
  const Field& tags = *manifest->Find("shop.Product")->FindField("tags");
  EXPECT_FALSE(tags.concrete);
  EXPECT_EQ(tags.relation->through, manifest->Find("shop.Product_tags"));
  EXPECT_EQ(tags.relation->through->FindField(tags.relation->through_to)->relation->to,
            manifest->Find("shop.Tag"));
}

TEST(Load, PlacesInheritedColumnsOnTheirParent) {
  const auto manifest = LoadFixture();
  const Model& gift = *manifest->Find("shop.Gift");
  const Model& product = *manifest->Find("shop.Product");
  EXPECT_EQ(gift.FindField("price")->model, &product);
  EXPECT_EQ(gift.FindField("price")->owner, &gift);
  EXPECT_EQ(gift.FindField("wrapping")->model, &gift);
  EXPECT_TRUE(gift.PrimaryKey()->relation->parent_link);
  EXPECT_EQ(gift.parents.front().model, &product);
}

TEST(Load, ReadsWhatTheSiteWrote) {
  const auto manifest = LoadFixture();
  const Model& product = *manifest->Find("shop.Product");
  EXPECT_EQ(product.ordering.front().expression, "F('stock').desc(nulls_last=True)");
  EXPECT_EQ(product.FindManager("objects")->methods.front().source, "self.filter(stock=0)");
  EXPECT_EQ(product.FindManager("listed")->kind, Manager::Kind::kOpaque);
  ASSERT_EQ(product.constants.size(), 4U);
  EXPECT_EQ(Repr(product.constants[2].second), "Decimal('1.50')");
  EXPECT_EQ(Repr(product.constants[3].second), "{'S': 'Small', 2: ['L']}");
  const Model& order = *manifest->Find("shop.Order");
  EXPECT_EQ(order.FindManager("paid")->queryset, "self.filter(status='paid')");
  EXPECT_EQ(&product.FindManager("listed")->ForRelations(), product.FindManager("listed"));
  EXPECT_EQ(*order.choices_classes.front().members[1].value.text(), "paid");
  EXPECT_EQ(product.FindField("sizes")->base_field->kind, FieldKind::kIntegerField);
}

TEST(Load, KnowsEveryFieldKindByItsName) {
  for (size_t i = 0; i <= static_cast<size_t>(FieldKind::kOther); ++i) {
    const auto kind = static_cast<FieldKind>(i);
    EXPECT_EQ(FieldKindOf(NameOf(kind)), kind);
  }
  EXPECT_FALSE(FieldKindOf("MoneyField"));
}

TEST(Load, AnUnknownFieldClassIsOpaque) {
  json::value document = json::parse(Fixture());
  ModelIn(document.get_object(), "shop.Order")["fields"].at(4).as_object()["kind"] = "MoneyField";
  const auto manifest = Load(json::serialize(document));
  ASSERT_TRUE(manifest);
  const Field& total = *(*manifest)->Find("shop.Order")->FindField("total");
  EXPECT_EQ(total.kind, FieldKind::kOther);
  EXPECT_EQ(total.opaque, "its class `MoneyField` is not one of Django's");
}

TEST(Load, ErrorsNameThePlace) {
  EXPECT_EQ(ErrorAfter([](json::object& d) {
              ModelIn(d, "shop.Order")["fields"].at(2).at("relation").as_object()["to"] =
                  "shop.Customre";
            }),
            "manifest: models[4] (shop.Order).fields[2].relation.to: no model `shop.Customre`");
  EXPECT_EQ(ErrorAfter([](json::object& d) {
              ModelIn(d, "shop.Customer")["reverse"].at(1).as_object()["field"] = "client";
            }),
            "manifest: models[2] (shop.Customer).reverse[1]: `shop.Order` has no field `client`");
  EXPECT_EQ(ErrorAfter([](json::object& d) { d["format"] = 2; }),
            "manifest: format: format 2 is not known, only 1");
  EXPECT_EQ(ErrorAfter([](json::object& d) { d.erase("settings"); }),
            "manifest: `settings` is missing");
  EXPECT_EQ(ErrorAfter([](json::object& d) { ModelIn(d, "auth.User")["table"] = "a\nb"; }),
            "manifest: models[0] (auth.User).table: a control character in a name");
  EXPECT_EQ(
      ErrorAfter([](json::object& d) { d["models"].as_array().push_back(d["models"].at(0)); }),
      "manifest: models[10]: a second model `auth.User`");
  EXPECT_EQ(ErrorAfter([](json::object& d) { ModelIn(d, "shop.Tag")["pk"] = json::array{"key"}; }),
            "manifest: models[9] (shop.Tag).pk[0]: no field `key`");
  EXPECT_EQ(ErrorAfter([](json::object& d) {
              ModelIn(d, "shop.Product")["parents"] = {{{"model", "shop.Gift"}}};
            }),
            "manifest: models[3] (shop.Gift).parents: the model is its own ancestor");
  EXPECT_TRUE(ErrorAfter([](json::object& d) {
                for (json::value& field : ModelIn(d, "shop.Product_tags")["fields"].as_array()) {
                  if (field.at("name") != "tag") continue;
                  field.at("relation").as_object()["to"] = "shop.Product_tags";
                }
              }).ends_with("(shop.Product_tags).fields: the model is its own end"));
}

TEST(Load, RefusesWhatIsNotJson) {
  EXPECT_FALSE(Load(""));
  EXPECT_FALSE(Load("{"));
  EXPECT_FALSE(Load("[]"));
  EXPECT_FALSE(Load(std::string(100'000, '[')));
  EXPECT_FALSE(Load("{\"format\":1,\"versions\":\"\xff\"}"));
}

// Every value of the document, replaced in turn by others of each kind: Load answers, whatever it
// is given.
void Mutate(json::value& document, json::value& at, size_t& loaded) {
  const json::value original = at;
  for (const json::value& other :
       {json::value(nullptr), json::value(true), json::value(-1), json::value(1e300),
        json::value("x"), json::value(json::array{json::array{}}),
        json::value(json::object{{"$date", "2024-02-30"}})}) {
    at = other;
    if (Load(json::serialize(document))) ++loaded;
  }
  at = original;
  if (json::array* items = at.if_array()) {
    for (json::value& item : *items) Mutate(document, item, loaded);
  } else if (json::object* members = at.if_object()) {
    for (auto& member : *members) Mutate(document, member.value(), loaded);
  }
}

TEST(Load, IsTotal) {
  json::value document = json::parse(Fixture());
  // One model with a relation, one without, so that this stays quick.
  json::array few;
  for (const char* label : {"auth.User", "shop.Profile"}) {
    few.push_back(ModelIn(document.get_object(), label));
  }
  few[0].at("reverse").as_array().pop_back();
  document.as_object()["models"] = few;
  ASSERT_TRUE(Load(json::serialize(document)));
  size_t loaded = 0;
  Mutate(document, document, loaded);
  EXPECT_GT(loaded, 0U);
}

}  // namespace
}  // namespace ormc::manifest
