#include <gtest/gtest.h>

#include <cmath>

#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"
#include "runtime/postgres/decode.h"
#include "runtime/postgres/encode.h"
#include "runtime/postgres/types.h"

namespace ormc::postgres {
namespace {

using program::ParameterType;

// "type:text"
std::string Shown(const Value& value, ParameterType type = ParameterType::kByValue) {
  const TypedText text = Encode(value, type);
  return std::to_string(text.type) + ":" + text.text.value_or("NULL");
}

TEST(Encode, DeclaresWhatALiteralWouldHaveBeen) {
  EXPECT_EQ(Shown(Value::None()), "0:NULL");
  EXPECT_EQ(Shown(Value::Bool(true)), "16:true");
  EXPECT_EQ(Shown(Value::Int(5)), "23:5");
  EXPECT_EQ(Shown(Value::Int(2147483647)), "23:2147483647");
  EXPECT_EQ(Shown(Value::Int(2147483648)), "20:2147483648");
  EXPECT_EQ(Shown(Value::Int(-2147483648)), "20:-2147483648");
  EXPECT_EQ(Shown(Value::IntFromDigits("9223372036854775808")), "1700:9223372036854775808");
  EXPECT_EQ(Shown(Value::Float(1.5)), "1700:1.5");
  EXPECT_EQ(Shown(Value::Float(1e300)), "1700:1e+300");
  EXPECT_EQ(Shown(Value::Float(-HUGE_VAL)), "701:-Infinity");
  EXPECT_EQ(Shown(Value::Str("a'b\"c")), "0:a'b\"c");
  EXPECT_EQ(Shown(Value(Value::Storage(Date{2024, 2, 29}))), "1082:2024-02-29");
  EXPECT_EQ(Shown(Value(Value::Storage(TimeDelta{-1, 3600, 5}))),
            "1186:-1 days 3600 seconds 5 microseconds");
  DateTime moment{{2024, 2, 29}, {.hour = 1, .zone = Utc()}};
  EXPECT_EQ(Shown(Value(Value::Storage(moment))), "1184:2024-02-29 01:00:00+00:00");
  moment.time.zone = nullptr;
  EXPECT_EQ(Shown(Value(Value::Storage(moment))), "1114:2024-02-29 01:00:00");
  const auto decimal = std::make_shared<const Decimal>(Decimal::FromText("1.50"));
  EXPECT_EQ(Shown(Value(Value::Storage(decimal))), "1700:1.50");
}

TEST(Encode, ListsAreArrays) {
  EXPECT_EQ(Shown(Value::ListOf({})), "0:{}");
  EXPECT_EQ(Shown(Value::ListOf({Value::Int(1), Value::None(), Value::Str("a\"b\\c,{NULL}")})),
            R"(0:{"1",NULL,"a\"b\\c,{NULL}"})");
  EXPECT_EQ(Shown(Value::ListOf({Value::ListOf({Value::Int(1)}), Value::ListOf({Value::Int(2)})})),
            R"(0:{{"1"},{"2"}})");
}

TEST(Encode, ADeclaredTypeWins) {
  EXPECT_EQ(Shown(Value::Int(5), ParameterType::kInt8), "20:5");
  EXPECT_EQ(Shown(Value::Str("{}"), ParameterType::kJsonb), "3802:{}");
  EXPECT_EQ(Shown(Value::Str("x"), ParameterType::kText), "25:x");
}

TEST(Encode, NulIsADataError) {
  EXPECT_THROW(Encode(Value::Str(std::string("a\0b", 3)), ParameterType::kText), DatabaseFailure);
}

std::string Read(uint32_t type, std::string_view text) { return Repr(Decode(type, text, {})); }

TEST(Decode, Arrays) {
  EXPECT_EQ(Read(1007, "{1,NULL,-3}"), "[1, None, -3]");
  EXPECT_EQ(Read(1007, "{}"), "[]");
  EXPECT_EQ(Read(1007, "[0:1]={1,2}"), "[1, 2]");
  EXPECT_EQ(Read(1009, R"({"NULL",NULL,"a \"b\" \\","",x y})"),
            R"(['NULL', None, 'a "b" \\', '', 'x y'])");
  EXPECT_EQ(Read(1007, "{{1,2},{3,4}}"), "[[1, 2], [3, 4]]");
}

TEST(Decode, WhatIsNoValueIsADataFailure) {
  for (const char* text : {"{1", "", "1,2}", "{{{{{{{1}}}}}}}"}) {
    EXPECT_THROW(Decode(1007, text, {}), DatabaseFailure) << text;
  }
  for (const char* text : {"infinity", "-infinity", "10000-01-01", "0044-03-15 BC", "2024-02-30"}) {
    EXPECT_THROW(Decode(kDateOid, text, {}), DatabaseFailure) << text;
  }
}

}  // namespace
}  // namespace ormc::postgres
