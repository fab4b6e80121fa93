#include "runtime/execute/rows.h"

#include <gtest/gtest.h>

#include "compiler/values/decimal.h"
#include "compiler/values/error.h"
#include "compiler/values/instance.h"
#include "compiler/values/meter.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"

namespace ormc::execute {
namespace {

using program::Convert;
using program::FetchKind;
using program::RowKind;

program::Query QueryOf(RowKind row, std::vector<std::string> names,
                       FetchKind fetch = FetchKind::kRows) {
  program::Query query;
  query.row = row;
  query.fetch = fetch;
  query.model = "shop.Order";
  for (std::string& name : names) {
    program::Column column;
    column.name = std::move(name);
    query.columns.push_back(std::move(column));
  }
  return query;
}

std::string Fetched(const program::Query& query, std::vector<Cells> rows) {
  return Repr(FetchValue(query, std::move(rows)));
}

Value Text(std::string text) { return Value::Str(std::move(text)); }

TEST(Rows, TakeTheShapeOfTheQuery) {
  const std::vector<Cells> rows = {{Value::Int(1), Text("a")}, {Value::Int(2), Value::None()}};
  EXPECT_EQ(Fetched(QueryOf(RowKind::kFlat, {"id"}), rows), "[1, 2]");
  EXPECT_EQ(Fetched(QueryOf(RowKind::kTuple, {"id", "name"}), rows), "[(1, 'a'), (2, None)]");
  EXPECT_EQ(Fetched(QueryOf(RowKind::kDict, {"id", "name"}), rows),
            "[{'id': 1, 'name': 'a'}, {'id': 2, 'name': None}]");
  EXPECT_EQ(Fetched(QueryOf(RowKind::kNamedTuple, {"id", "name"}), rows),
            "[Row(id=1, name='a'), Row(id=2, name=None)]");
}

TEST(Rows, LeaveOutWhatOnlyTheOrderNeeds) {
  EXPECT_EQ(Fetched(QueryOf(RowKind::kTuple, {"id"}), {{Value::Int(1), Text("z")}}), "[(1,)]");
}

TEST(Rows, AreFetchedAsTheEndSays) {
  const std::vector<Cells> one = {{Value::Int(1)}};
  const std::vector<Cells> two = {{Value::Int(1)}, {Value::Int(2)}};
  const auto query = [](FetchKind fetch) { return QueryOf(RowKind::kFlat, {"id"}, fetch); };
  EXPECT_EQ(Fetched(query(FetchKind::kFirst), two), "1");
  EXPECT_EQ(Fetched(query(FetchKind::kFirst), {}), "None");
  EXPECT_EQ(Fetched(query(FetchKind::kGet), one), "1");
  EXPECT_EQ(Fetched(query(FetchKind::kEarliest), two), "1");
  EXPECT_EQ(Fetched(query(FetchKind::kScalar), one), "1");
  EXPECT_EQ(Fetched(query(FetchKind::kExists), one), "True");
  EXPECT_EQ(Fetched(query(FetchKind::kExists), {}), "False");
  EXPECT_EQ(Fetched(query(FetchKind::kRow), one), "{'id': 1}");
  program::Query in_bulk = query(FetchKind::kInBulk);
  in_bulk.key_columns = {0};
  EXPECT_EQ(Fetched(in_bulk, two), "{1: 1, 2: 2}");
}

TEST(Rows, ACompositeKeyIsOneTuple) {
  const std::vector<Cells> rows = {{Value::Int(1), Value::Int(2), Value::Int(3)}};
  program::Query query = QueryOf(RowKind::kTuple, {"pk", "", "n"}, FetchKind::kRows);
  query.columns[0].parts = 2;
  EXPECT_EQ(Fetched(query, rows), "[((1, 2), 3)]");
  query.row = RowKind::kDict;
  EXPECT_EQ(Fetched(query, rows), "[{'pk': (1, 2), 'n': 3}]");
  query.row = RowKind::kFlat;
  EXPECT_EQ(Fetched(query, rows), "[(1, 2)]");
  query.fetch = FetchKind::kInBulk;
  query.key_columns = {0, 1};
  query.row = RowKind::kTuple;
  EXPECT_EQ(Fetched(query, rows), "{(1, 2): ((1, 2), 3)}");
}

std::string ErrorOf(const program::Query& query, std::vector<Cells> rows) {
  try {
    FetchValue(query, std::move(rows));
  } catch (const PythonError& error) {
    return error.django_name + ": " + error.message;
  }
  return "none";
}

TEST(Rows, MissingAndManyAreDjangosErrors) {
  program::Query query = QueryOf(RowKind::kFlat, {"id"}, FetchKind::kGet);
  EXPECT_EQ(ErrorOf(query, {}), "DoesNotExist: Order matching query does not exist.");
  EXPECT_EQ(ErrorOf(query, std::vector<Cells>(2, Cells{Value::Int(1)})),
            "MultipleObjectsReturned: get() returned more than one Order -- it returned 2!");
  EXPECT_EQ(ErrorOf(query, std::vector<Cells>(21, Cells{Value::Int(1)})),
            "MultipleObjectsReturned: get() returned more than one Order -- it returned more than "
            "20!");
  query.fetch = FetchKind::kEarliest;
  query.missing = "IndexError";
  EXPECT_EQ(ErrorOf(query, {}), "IndexError: list index out of range");
}

TEST(Rows, InstancesHoldTheirPlannedRelations) {
  auto customer = std::make_shared<program::InstanceShape>();
  customer->label = "shop.Customer";
  customer->name = "Customer";
  customer->primary_key = {"id"};
  customer->fields = {{"id", 1}, {"name", 2}};
  auto order = std::make_shared<program::InstanceShape>();
  order->label = "shop.Order";
  order->name = "Order";
  order->primary_key = {"id"};
  order->fields = {{"id", 0}};
  order->annotations = {{"lines", 3}};
  order->related = {{"customer", customer, false}};
  program::Query query = QueryOf(RowKind::kInstance, {"id", "", "", "lines"});
  query.instance = order;

  const Value value = FetchValue(query, {{Value::Int(7), Value::Int(1), Text("Ann"), Value::Int(3)},
                                         {Value::Int(8), {}, {}, Value::Int(0)}});
  const auto& with = **value.list()->items[0].As<std::shared_ptr<const Instance>>();
  EXPECT_EQ(Repr(with.fields[0]), "7");
  EXPECT_EQ(Repr(with.annotations[0]), "3");
  const auto& related = **with.related[0].As<std::shared_ptr<const Instance>>();
  EXPECT_EQ(Repr(related.fields[1]), "'Ann'");
  const auto& without = **value.list()->items[1].As<std::shared_ptr<const Instance>>();
  EXPECT_TRUE(without.related[0].is_none());
}

std::string Converted(Convert convert, Value value, int32_t places = -1) {
  program::Column column;
  column.convert = convert;
  column.decimal_places = places;
  column.zone = "Europe/Berlin";
  Cells cells = {std::move(value)};
  ConvertCells({column}, cells);
  return Repr(cells[0]);
}

Value Dec(std::string_view text) { return DecimalValue(Decimal::FromText(text)); }

TEST(Convert, DoesWhatDjangosConvertersDo) {
  EXPECT_EQ(Converted(Convert::kInteger, Dec("3.9")), "3");
  EXPECT_EQ(Converted(Convert::kInteger, Value::Float(-2.5)), "-2");
  EXPECT_EQ(Converted(Convert::kInteger, Value::None()), "None");
  EXPECT_EQ(Converted(Convert::kFloat, Dec("2.50")), "2.5");
  EXPECT_EQ(Converted(Convert::kFloat, Value::Int(2)), "2.0");
  EXPECT_EQ(Converted(Convert::kDecimal, Value::Int(2)), "Decimal('2')");
  EXPECT_EQ(Converted(Convert::kDecimal, Value::Float(0.125), 2), "Decimal('0.12')");
  EXPECT_EQ(Converted(Convert::kDecimal, Dec("1.50"), 1), "Decimal('1.50')");
  EXPECT_EQ(Converted(Convert::kBoolean, Value::Int(1)), "True");
  EXPECT_EQ(Converted(Convert::kCount, Value::None()), "0");
  EXPECT_EQ(Converted(Convert::kEmptyText, Value::None()), "''");
  const Value moment = Value(Value::Storage(DateTime{{2024, 7, 1}, {.hour = 2, .zone = nullptr}}));
  EXPECT_EQ(Converted(Convert::kDate, moment), "datetime.date(2024, 7, 1)");
  EXPECT_EQ(Converted(Convert::kTime, moment), "datetime.time(2, 0)");
  EXPECT_EQ(Converted(Convert::kAware, moment),
            "datetime.datetime(2024, 7, 1, 2, 0, tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))");
}

TEST(Convert, ReadsHstore) {
  EXPECT_EQ(Converted(Convert::kHstore, Text(R"("a"=>"1", "b\"\\"=>NULL, "c, d"=>"NULL")")),
            R"({'a': '1', 'b"\\': None, 'c, d': 'NULL'})");
  EXPECT_EQ(Converted(Convert::kHstore, Text("")), "{}");
}

TEST(Convert, LoadsJsonAsPythonDoes) {
  EXPECT_EQ(Converted(Convert::kJson, Text(R"({"a": [1, 2.50, -1e2, null, true, "x\u00e9\n"]})")),
            "{'a': [1, 2.5, -100.0, None, True, 'xé\\n']}");
  EXPECT_EQ(Converted(Convert::kJson, Text("123456789012345678901234567890")),
            "123456789012345678901234567890");
  EXPECT_EQ(Converted(Convert::kJson, Text("null")), "None");
  EXPECT_EQ(Converted(Convert::kJson, Text(R"("\ud834\udd1e")")), "'𝄞'");
  EXPECT_EQ(Converted(Convert::kJson, Text("1" + std::string(400, '0') + ".0")), "inf");
  EXPECT_EQ(Converted(Convert::kJson, Text("0." + std::string(400, '0') + "1")), "0.0");
  EXPECT_EQ(Converted(Convert::kJson, Text("[]")), "[]");
  EXPECT_EQ(Converted(Convert::kJsonItems, Value::ListOf({Text("{}"), Value::None(), Text("1")})),
            "[{}, None, 1]");
  EXPECT_THROW(LoadJson("[1"), PythonError);
  EXPECT_THROW(LoadJson(std::string(100'000, '[')), LimitError);
}

TEST(MaskTest, ShowsNoMoreThanItsKind) {
  EXPECT_EQ(Repr(Masked(Text("ann@example.com"), Mask::kDomainOnly)), "'***@example.com'");
  EXPECT_EQ(Repr(Masked(Text("nobody"), Mask::kDomainOnly)), "'***'");
  EXPECT_EQ(Repr(Masked(Text("4111111111111234"), Mask::kLastFour)), "'***1234'");
  EXPECT_EQ(Repr(Masked(Text("12345"), Mask::kLastFour)), "'***'");
  EXPECT_EQ(Repr(Masked(Text("éééééééééö"), Mask::kLastFour)), "'***éééö'");
  EXPECT_EQ(Repr(Masked(Value::Int(5), Mask::kFixed)), "'***'");
  EXPECT_EQ(Repr(Masked(Value::None(), Mask::kFixed)), "None");
  const std::string hash = Repr(Masked(Text("x"), Mask::kHash));
  EXPECT_EQ(hash.size(), 15U);
  EXPECT_EQ(hash, Repr(Masked(Text("x"), Mask::kHash)));
  EXPECT_NE(hash, Repr(Masked(Text("y"), Mask::kHash)));
}

}  // namespace
}  // namespace ormc::execute
