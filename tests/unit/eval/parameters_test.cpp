// Django's preparation of values, and their form on the wire.
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "compiler/eval/parameter.h"
#include "compiler/eval/prepare.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/json.h"
#include "compiler/values/temporal.h"
#include "tests/unit/eval/build_expr.h"

namespace ormc::eval {
namespace {

using program::ParameterType;

Context Berlin() {
  Context context;
  context.zone = "America/New_York";
  context.default_zone = "Europe/Berlin";
  return context;
}

std::string Prepared(program::Prepare what, const Value& value) {
  return Repr(Prepare({what, "", 5, 2, ""}, value, Berlin(), "x"));
}

TEST(Prepare, NumbersAsDjangoSaysThem) {
  EXPECT_EQ(Prepared(program::Prepare::kInteger, Value::Str(" 12 ")), "12");
  EXPECT_EQ(Prepared(program::Prepare::kInteger, Value::Float(1.9)), "1");
  EXPECT_EQ(ErrorOf([] { Prepared(program::Prepare::kInteger, Value::ListOf({})); }),
            "TypeError: Field 'x' expected a number but got [].");
  EXPECT_EQ(Prepared(program::Prepare::kDecimal, Value::Float(1.2345678)), "Decimal('1.2346')");
  EXPECT_EQ(Prepared(program::Prepare::kDecimal, Value::Str("1.50")), "Decimal('1.50')");
  EXPECT_EQ(ErrorOf([] { Prepared(program::Prepare::kDecimal, Value::Str("abc")); }),
            "ValidationError: ['“abc” value must be a decimal number.']");
  EXPECT_EQ(ErrorOf([] { Prepared(program::Prepare::kBoolean, Value::Str("yes")); }),
            "ValidationError: ['“yes” value must be either True or False.']");
}

TEST(Prepare, DatesAsDjangoReadsThem) {
  const auto date = [](const char* text) {
    return Prepared(program::Prepare::kDate, Value::Str(text));
  };
  EXPECT_EQ(date("2024-2-9"), "datetime.date(2024, 2, 9)");
  EXPECT_EQ(ErrorOf([&] { date("2024-02-30"); }),
            "ValidationError: ['“2024-02-30” value has the correct format (YYYY-MM-DD) but it is "
            "an invalid date.']");
  EXPECT_EQ(ErrorOf([&] { date("x"); }),
            "ValidationError: ['“x” value has an invalid date format. It must be in YYYY-MM-DD "
            "format.']");
  // An aware moment's date is that in settings.TIME_ZONE.
  const Value late(Value::Storage(DateTime{Date{2024, 6, 1}, MakeTime(23, 0, 0, 0, Utc())}));
  EXPECT_EQ(Prepared(program::Prepare::kDate, late), "datetime.date(2024, 6, 2)");
}

TEST(Prepare, NaiveMomentsAreInTheDefaultZone) {
  EXPECT_EQ(Prepared(program::Prepare::kDateTime, Value::Str("2024-06-01 10:00")),
            "datetime.datetime(2024, 6, 1, 10, 0, "
            "tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))");
  EXPECT_EQ(Prepared(program::Prepare::kDateTime, Value(Value::Storage(Date{2024, 6, 1}))),
            "datetime.datetime(2024, 6, 1, 0, 0, "
            "tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))");
  EXPECT_EQ(Prepared(program::Prepare::kDateTime, Value::Str("2024-06-01T10:00:00.5+02")),
            "datetime.datetime(2024, 6, 1, 10, 0, 0, 500000, "
            "tzinfo=datetime.timezone(datetime.timedelta(seconds=7200)))");
}

TEST(Prepare, PatternsAreEscaped) {
  EXPECT_EQ(Prepared(program::Prepare::kLikeContains, Value::Str("50%_\\")),
            "'%50\\\\%\\\\_\\\\\\\\%'");
  EXPECT_EQ(Prepared(program::Prepare::kLikeStartsWith, Value::Int(5)), "'5%'");
}

TEST(Prepare, ListsElementByElement) {
  std::vector<program::PrepareStep> steps(2);
  steps[0].what = program::Prepare::kListOf;
  steps[1].what = program::Prepare::kInteger;
  const Value list = Value::TupleOf({Value::Str("1"), Value::None(), Value::Int(2)});
  EXPECT_EQ(Repr(PrepareAll(steps, list, Berlin())), "[1, 2]");
}

TEST(Prepare, JsonAsPythonDumpsIt) {
  Dict dict;
  dict.Set(Value::Int(1), Value::ListOf({Value::Float(0.1), Value::None(), Value::Str("é\"")}));
  EXPECT_EQ(Prepared(program::Prepare::kJson, DictValue(dict)),
            "'{\"1\": [0.1, null, \"\\\\u00e9\\\\\"\"]}'");
  EXPECT_EQ(ErrorOf([] { Prepared(program::Prepare::kJson, DecimalValue(Decimal())); }),
            "TypeError: Object of type Decimal is not JSON serializable");
}

std::string Wire(const Value& value, ParameterType type = ParameterType::kByValue) {
  const WireParameter wire = ToWire(value, type);
  return wire.text.value_or("NULL") + ":" + std::to_string(wire.oid);
}

TEST(Parameters, DeclareTheTypeOfTheLiteral) {
  EXPECT_EQ(Wire(Value::Int(1)), "1:23");
  EXPECT_EQ(Wire(Value::Int(-3'000'000'000)), "-3000000000:20");
  EXPECT_EQ(Wire(Value::IntFromDigits("9223372036854775808")), "9223372036854775808:1700");
  EXPECT_EQ(Wire(Value::Float(0.1)), "0.1:1700");
  EXPECT_EQ(Wire(Value::Float(std::nan(""))), "NaN:701");
  EXPECT_EQ(Wire(Value::Str("a")), "a:0");
  EXPECT_EQ(Wire(Value::None()), "NULL:0");
  EXPECT_EQ(Wire(Value::Bool(true)), "t:16");
  EXPECT_EQ(Wire(DecimalValue(Decimal::FromText("1.50"))), "1.50:1700");
  EXPECT_EQ(Wire(Value(Value::Storage(Date{999, 1, 2}))), "0999-01-02:1082");
  EXPECT_EQ(Wire(Value(Value::Storage(TimeDelta{-1, 3600, 5}))),
            "-1 days 3600 seconds 5 microseconds:1186");
  const DateTime naive{Date{2024, 6, 1}, MakeTime(10, 0, 0, 0)};
  EXPECT_EQ(Wire(Value(Value::Storage(naive))), "2024-06-01 10:00:00:1114");
  DateTime aware = naive;
  aware.time.zone = FindZone("Europe/Berlin");
  EXPECT_EQ(Wire(Value(Value::Storage(aware))), "2024-06-01 10:00:00+02:00:1184");
  EXPECT_EQ(Wire(Value::Str("{}"), ParameterType::kJsonb), "{}:3802");
  EXPECT_EQ(Wire(Value::Int(1), ParameterType::kInt8), "1:20");
}

TEST(Parameters, ListsAreArrayLiterals) {
  const Value list = Value::ListOf({Value::Str("a \"b\"\\,{}"), Value::None(), Value::Str("")});
  EXPECT_EQ(Wire(list), "{\"a \\\"b\\\"\\\\,{}\",NULL,\"\"}:0");
  EXPECT_EQ(Wire(Value::ListOf({Value::Int(1), Value::Int(2)})), "{1,2}:0");
  EXPECT_EQ(Wire(Value::ListOf({Value::ListOf({Value::Int(1)})})), "{{1}}:0");
  EXPECT_EQ(Wire(Value::ListOf({})), "{}:0");
  RangeValue range;
  range.lower = Value::Int(1);
  EXPECT_EQ(Wire(Value(Value::Storage(std::make_shared<const RangeValue>(range)))), "[\"1\",):0");
  EXPECT_EQ(ErrorOf([] { Wire(DictValue(Dict())); }),
            "ProgrammingError: cannot adapt type 'dict' using placeholder '%s' (format: AUTO)");
}

TEST(Json, FollowsTheContract) {
  const auto text = [](const Value& value) { return boost::json::serialize(ToJson(value)); };
  const DateTime aware{Date{2024, 6, 1}, MakeTime(10, 0, 0, 5, FindZone("Europe/Berlin"))};
  EXPECT_EQ(text(Value(Value::Storage(aware))), "\"2024-06-01T08:00:00.000005+00:00\"");
  EXPECT_EQ(text(Value(Value::Storage(TimeDelta{1, 7384, 0}))), "\"P1DT02H03M04S\"");
  EXPECT_EQ(text(Value(Value::Storage(TimeDelta{-1, 0, 500}))), "\"-P0DT23H59M59.999500S\"");
  EXPECT_EQ(text(DecimalValue(Decimal::FromText("1.50"))), "\"1.50\"");
  EXPECT_EQ(text(Value::Float(std::nan(""))), "\"NaN\"");
  EXPECT_EQ(text(Value::TupleOf({Value::Int(1), Value::None()})), "[1,null]");
  Dict dict;
  dict.Set(Value(Value::Storage(Date{2024, 1, 2})), Value::Bool(true));
  dict.Set(Value::Int(1), Value::Int(2));
  EXPECT_EQ(text(DictValue(dict)), "{\"2024-01-02\":true,\"1\":2}");
}

}  // namespace
}  // namespace ormc::eval
