#include "server/answer/export_text.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace ormc::server {
namespace {

namespace json = boost::json;

std::string Written(std::string_view format, bool truncated) {
  std::string text;
  const auto writer = FindExportFormat(format)->make([&](std::string piece) {
    text += piece;
    return true;
  });
  writer->Columns(json::parse(R"([{"label":"=ID","type":"integer"},{"label":"Sum","type":"decimal"},
                                 {"label":"Name, full","type":"text"}])")
                      .as_array());
  writer->Row({1, "-2.50", "=HYPERLINK(1)"});
  writer->Row({-3, nullptr, "a \"b\"\nc"});
  writer->Row({4, "1.00", {{"value", "p"}, {"label", "@Paid"}}});
  writer->End(truncated);
  return text;
}

TEST(ExportText, WritesCsvThatASpreadsheetDoesNotCalculate) {
  EXPECT_EQ(Written("csv", false),
            "\xef\xbb\xbf'=ID,Sum,\"Name, full\"\r\n"
            "1,-2.50,'=HYPERLINK(1)\r\n"
            "-3,,\"a \"\"b\"\"\nc\"\r\n"
            "4,1.00,'@Paid\r\n");
  EXPECT_NE(Written("csv", true).find("(cut here"), std::string::npos);
}

TEST(ExportText, QuotesWhatBeginsAFormula) {
  for (const char* text : {"=1", "+1", "-1", "@a", "\ta"})
    EXPECT_EQ(CsvCell(text), std::string("'") + text);
  EXPECT_EQ(CsvCell("\ra"), "\"'\ra\"");
  EXPECT_EQ(CsvCell(-1), "-1");
  EXPECT_EQ(CsvCell(true), "true");
  EXPECT_EQ(CsvCell(json::array{1, "a"}), "\"[1,\"\"a\"\"]\"");
}

TEST(ExportText, WritesJson) {
  const json::value whole = json::parse(Written("json", false));
  EXPECT_EQ(whole.at("rows").as_array().size(), 3U);
  EXPECT_EQ(whole.at("rows").at(0).at(1), "-2.50");
  EXPECT_EQ(whole.at("columns").at(0).at("label"), "=ID");
  EXPECT_FALSE(whole.at("truncated").as_bool());
  EXPECT_TRUE(json::parse(Written("json", true)).at("truncated").as_bool());
}

TEST(ExportText, KnowsNoOtherFormat) { EXPECT_EQ(FindExportFormat("xlsx"), nullptr); }

}  // namespace
}  // namespace ormc::server
