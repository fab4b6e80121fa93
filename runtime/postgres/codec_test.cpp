#include <gtest/gtest.h>

#include "compiler/values/text.h"
#include "runtime/postgres/decode.h"
#include "runtime/postgres/failure.h"
#include "runtime/postgres/types.h"

namespace ormc::postgres {
namespace {

std::string Read(uint32_t type, std::string_view text) { return Repr(Decode(type, text, {})); }

TEST(Redacted, IsOneLineWithoutWhatIsQuoted) {
  EXPECT_EQ(Redacted("invalid \"a\nb\"\r\nLINE 1: 'x'"), "invalid \"…\"  LINE 1: '…'");
  EXPECT_EQ(Redacted("never \"closed: secret"), "never \"…");
}

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
