#include "compiler/syntax/literals.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/diagnostics/diagnostic.h"

namespace ormc::syntax {
namespace {

Span All(std::string_view text) { return Span{0, static_cast<uint32_t>(text.size())}; }

std::string Integer(std::string_view text) {
  return std::get<ast::IntLiteral>(ReadNumber(text, All(text))).digits;
}
double Float(std::string_view text) {
  return std::get<ast::FloatLiteral>(ReadNumber(text, All(text))).value;
}

Kind KindOf(std::string_view text) {
  try {
    ReadNumber(text, All(text));
  } catch (const Rejection& rejection) {
    return rejection.diagnostic().kind;
  }
  return Kind::EmptySnippet;
}

std::string Decoded(std::string_view text, bool raw = false, bool bytes = false) {
  StringPrefix prefix;
  prefix.raw = raw;
  prefix.bytes = bytes;
  return DecodeText(text, All(text), prefix);
}

TEST(ReadNumber, Integers) {
  EXPECT_EQ(Integer("1_000"), "1000");
  EXPECT_EQ(Integer("0000"), "0");
  EXPECT_EQ(Integer("0xFF_ff"), "65535");
  EXPECT_EQ(Integer("0b101"), "5");
  EXPECT_EQ(Integer("0o777"), "511");
  EXPECT_EQ(Integer("0xffffffffffffffffffffffffffffffff"),
            "340282366920938463463374607431768211455");
  EXPECT_EQ(Integer("0x10000000000000000000000"), "309485009821345068724781056");
}

TEST(ReadNumber, Floats) {
  EXPECT_EQ(Float("1_0.5e-1_0"), 10.5e-10);
  EXPECT_EQ(Float("1e400"), INFINITY);
  EXPECT_EQ(Float("1e-400"), 0.0);
  EXPECT_EQ(Float("0e999"), 0.0);
  EXPECT_EQ(Float("4.9e-324"), 4.9e-324);
  EXPECT_EQ(Float("." + std::string(400, '0') + "1"), 0.0);
}

TEST(ReadNumber, Refusals) {
  EXPECT_EQ(KindOf("1j"), Kind::ImaginaryNumber);
  EXPECT_EQ(KindOf("1.5J"), Kind::ImaginaryNumber);
  EXPECT_EQ(KindOf("012"), Kind::LeadingZero);
  EXPECT_EQ(KindOf("0b12"), Kind::InvalidNumber);
  EXPECT_EQ(KindOf("1_"), Kind::InvalidNumber);
  EXPECT_EQ(KindOf("0x"), Kind::InvalidNumber);
  EXPECT_EQ(KindOf("1._5"), Kind::InvalidNumber);
  EXPECT_EQ(KindOf(std::string(5000, '9')), Kind::NumberTooLong);
}

TEST(DecodeText, Escapes) {
  EXPECT_EQ(Decoded("\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\""), "\a\b\f\n\r\t\v\\'\"");
  EXPECT_EQ(Decoded("\\101\\60\\18"), "A0\0018");
  EXPECT_EQ(Decoded("\\x41\\u20ac\\U0001f389"), "A\xe2\x82\xac\xf0\x9f\x8e\x89");
  EXPECT_EQ(Decoded("a\\\nb\\\r\nc"), "abc");
  EXPECT_EQ(Decoded("a\r\nb\rc"), "a\nb\nc");
  EXPECT_EQ(Decoded("\\d"), "\\d");
  EXPECT_EQ(Decoded("\\n", true), "\\n");
  EXPECT_EQ(Decoded("\\xff\\777", false, true), "\xff\xff");
}

TEST(DecodeText, Refusals) {
  EXPECT_THROW(Decoded("\\x1"), Rejection);
  EXPECT_THROW(Decoded("\\ud800"), Rejection);
  EXPECT_THROW(Decoded("\\U00110000"), Rejection);
  EXPECT_THROW(Decoded("\\N{DASH}"), Rejection);
  EXPECT_THROW(Decoded("\xc3\xa9", false, true), Rejection);
}

}  // namespace
}  // namespace ormc::syntax
