// Statements, instances and queries.
#include <gtest/gtest.h>

#include "compiler/values/instance.h"
#include "tests/unit/eval/build_expr.h"

namespace ormc::eval {
namespace {

using program::BinaryOp;
using program::InstanceShape;

std::shared_ptr<InstanceShape> Customers() {
  auto shape = std::make_shared<InstanceShape>();
  shape->label = "shop.Customer";
  shape->name = "Customer";
  shape->primary_key = {"id"};
  shape->fields = {{"id", 0}, {"name", 1}};
  return shape;
}

Value Row(std::shared_ptr<const InstanceShape> shape, std::vector<Value> fields,
          std::vector<Value> related = {}) {
  auto instance = std::make_shared<Instance>();
  instance->shape = std::move(shape);
  instance->fields = std::move(fields);
  instance->related = std::move(related);
  return Value(Value::Storage(std::shared_ptr<const Instance>(std::move(instance))));
}

program::ExprPtr Attr(program::ExprPtr value, std::string name) {
  return E(program::Attribute{std::move(value), std::move(name)});
}

TEST(Instances, AttributesKeyAndText) {
  const auto customer = Const(Row(Customers(), {Value::Int(7), Value::Str("Ada")}));
  EXPECT_EQ(ReprOf(Attr(customer, "name")), "'Ada'");
  EXPECT_EQ(ReprOf(Attr(customer, "pk")), "7");
  EXPECT_EQ(ReprOf(customer), "<Customer: Customer object (7)>");
  EXPECT_EQ(ErrorOf([&] { ReprOf(Attr(customer, "nam")); }),
            "AttributeError: 'Customer' object has no attribute 'nam'");
  EXPECT_EQ(ErrorOf([] { ReprOf(Attr(Const(Value::None()), "name")); }),
            "AttributeError: 'NoneType' object has no attribute 'name'");
}

TEST(Instances, EqualByModelAndKey) {
  const auto one = Const(Row(Customers(), {Value::Int(7), Value::Str("Ada")}));
  const auto same = Const(Row(Customers(), {Value::Int(7), Value::Str("other")}));
  const auto other = Const(Row(Customers(), {Value::Int(8), Value::Str("Ada")}));
  EXPECT_EQ(ReprOf(Call("len", {Call("set", {ListOf({one, same, other})})})), "2");
  const auto unsaved = Const(Row(Customers(), {Value::None(), Value::Str("Ada")}));
  EXPECT_EQ(ErrorOf([&] { ReprOf(Call("set", {ListOf({unsaved})})); }),
            "TypeError: Model instances without primary key value are unhashable");
}

TEST(Instances, TextOfTheModelMayUseARelatedOne) {
  const auto named = [](const std::shared_ptr<InstanceShape>& shape, program::ExprPtr text) {
    shape->text = std::move(text);
    shape->self_slot = 5;
    return shape;
  };
  const auto customers = named(Customers(), Attr(Slot(5), "name"));
  auto orders = std::make_shared<InstanceShape>();
  orders->label = "shop.Order";
  orders->name = "Order";
  orders->primary_key = {"id"};
  orders->fields = {{"id", 0}};
  orders->related = {{"customer", customers, false}, {"invoice", nullptr, true}};
  program::Format text;
  text.pieces = {{"#", Attr(Slot(5), "id"), 0, nullptr},
                 {" of ", Attr(Slot(5), "customer"), 0, nullptr},
                 {" (", Attr(Slot(5), "pk"), 0, nullptr},
                 {")", nullptr, 0, nullptr}};
  named(orders, E(std::move(text)));
  const Value ada = Row(customers, {Value::Int(7), Value::Str("Ada")});
  const auto order = Const(Row(orders, {Value::Int(3)}, {ada, Value::None()}));
  EXPECT_EQ(ReprOf(Call("str", {order})), "'#3 of Ada (3)'");
  EXPECT_EQ(ReprOf(ListOf({order})), "[<Order: Order object (3)>]");  // without an evaluator
  EXPECT_EQ(ReprOf(Call("repr", {order})), "'<Order: #3 of Ada (3)>'");
  EXPECT_EQ(ErrorOf([&] { ReprOf(Attr(order, "invoice")); }),
            "RelatedObjectDoesNotExist: Order has no invoice.");
}

TEST(Statements, FoldIntoADictOfLists) {
  // d = {}; for n in range(6): d.setdefault(n % 2, []).append(n)
  const auto parity = Op(BinaryOp::kModulo, Slot(1), Int(2));
  const Value result = RunBody(
      {Set(0, E(program::DictDisplay{})),
       ForIn(
           1, Call("range", {Int(6)}),
           {Do(Method(Method(Slot(0), "setdefault", {parity, ListOf({})}), "append", {Slot(1)}))})},
      Slot(0));
  EXPECT_EQ(Repr(result), "{0: [0, 2, 4], 1: [1, 3, 5]}");
}

TEST(Statements, BranchesItemsAndUnpacking) {
  program::Target pair{std::nullopt, {program::Target{1, {}}, program::Target{2, {}}}};
  const auto items = Call("enumerate", {Text("ab")});
  const program::Statement put{Span{}, program::SetItem{Slot(0), Slot(2), Slot(1)}};
  const program::Statement branch{Span{}, program::If{Slot(1), {put}, {Set(3, Text("zero"))}}};
  const Value result = RunBody({Set(0, E(program::DictDisplay{})),
                                program::Statement{Span{}, program::For{pair, items, {branch}}}},
                               ListOf({Slot(0), Slot(3)}));
  EXPECT_EQ(Repr(result), "[{'b': 1}, 'zero']");
}

TEST(Statements, AugmentedListsChangeInPlace) {
  const Value result = RunBody({Set(0, ListOf({Int(1)})), Set(1, Slot(0)),
                                Set(1, Call("operator.iadd", {Slot(1), ListOf({Int(2)})}))},
                               Slot(0));
  EXPECT_EQ(Repr(result), "[1, 2]");
}

TEST(Statements, AnUnsetNameIsAnError) {
  EXPECT_EQ(ErrorOf([] { RunBody({}, Slot(4)); }),
            "NameError: a name is used before it has a value");
}

class Recording : public QuerySource {
 public:
  Value Run(const program::Query&, uint32_t, const std::vector<Value>& parameters,
            const program::QueryText& text) override {
    return Value::TupleOf({Value::Str(text.sql), Value::ListOf(parameters)});
  }
};

TEST(Queries, VariantParametersAndPreparation) {
  program::Query query;
  program::PrepareStep integer;
  integer.what = program::Prepare::kInteger;
  integer.field = "id";
  query.variants = {
      {"by id", {{Slot(0), {integer}, {}}}},
      {"is null", {}},
  };
  query.none_tests = {Slot(0)};
  program::Program program;
  program.queries = {query};
  program.result = E(program::RunQuery{0});
  Recording queries;
  const auto run = [&](Value value) {
    program.body = {Set(0, Const(std::move(value)))};
    return Repr(eval::Run(program, Context{}, queries));
  };
  EXPECT_EQ(run(Value::Str("12")), "('by id', [12])");
  EXPECT_EQ(run(Value::None()), "('is null', [])");
  EXPECT_EQ(ErrorOf([&] { run(Value::Str("abc")); }),
            "ValueError: Field 'id' expected a number but got 'abc'.");
}

TEST(Queries, AnEmptyTextIsNotSent) {
  program::Query query;
  query.variants = {{"", {}}};
  program::Program program;
  program.queries = {query};
  program.result = E(program::RunQuery{0});
  Recording queries;
  EXPECT_EQ(Repr(eval::Run(program, Context{}, queries)), "[]");
  program.queries[0].empty_value = Value::Int(0);
  EXPECT_EQ(Repr(eval::Run(program, Context{}, queries)), "0");
}

TEST(Queries, OnlyTheChosenBranchRuns) {
  program::Program program;
  program.queries.emplace_back();
  program.queries[0].variants = {{"never", {}}};
  program.result = E(program::Conditional{Int(1), Text("no query"), E(program::RunQuery{0})});
  Recording queries;
  EXPECT_EQ(Repr(eval::Run(program, Context{}, queries)), "'no query'");
}

TEST(Catalogue, NamesAreKnown) {
  EXPECT_TRUE(HasBuiltin("len"));
  EXPECT_TRUE(HasBuiltin("datetime.datetime.now"));
  EXPECT_FALSE(HasBuiltin("eval"));
  EXPECT_TRUE(HasMethod("str", "upper"));
  EXPECT_TRUE(HasMethod("datetime", "weekday"));
  EXPECT_FALSE(HasMethod("str", "append"));
  EXPECT_TRUE(HasMethod("", "append"));
  EXPECT_TRUE(HasAttribute("datetime", "year"));
  EXPECT_FALSE(HasAttribute("date", "hour"));
  for (const CallableInfo& row : Builtins()) EXPECT_FALSE(row.doc.empty()) << row.name;
  for (const CallableInfo& row : Methods()) EXPECT_FALSE(row.doc.empty()) << row.name;
}

}  // namespace
}  // namespace ormc::eval
