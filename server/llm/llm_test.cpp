#include <gtest/gtest.h>

#include <array>

#include "server/llm/answer_parser.h"
#include "server/llm/endpoint.h"
#include "server/llm/words_stream.h"

namespace ormc::server {
namespace {

using Kind = ModelAnswer::Kind;

TEST(AnswerParser, TakesTitleWordsAndTheFirstSnippet) {
  const ModelAnswer answer = ParseModelAnswer(
      "**Title:** Users today\nUsers who joined today.\n\n```python\nresult = 1\n```\nMore\n"
      "```python\nresult = 2\n```");
  EXPECT_EQ(answer.kind, Kind::kSnippet);
  EXPECT_EQ(answer.title, "Users today");
  EXPECT_EQ(answer.text, "Users who joined today.");
  EXPECT_EQ(answer.snippet, "result = 1");
}

TEST(AnswerParser, SaysWhatItFound) {
  struct Case {
    const char* text;
    const char* found;
    const char* snippet;
  };
  for (const Case& c : {
           Case{"Hello!", "no fence", ""},
           Case{"result = 1", "no fence, but code", "result = 1"},
           Case{"a = 2\nresult = a", "no fence, but code", "a = 2\nresult = a"},
           Case{"The result = 1 is right.", "no fence", ""},
           Case{"```\nresult = 1\n```", "one fence", "result = 1"},
           Case{"```sql\nSELECT 1\n```\n```python\nresult = 1\n```", "several fences",
                "result = 1"},
           Case{"```python\nresult = 1\n```\n```python\nresult = 2\n```", "several fences",
                "result = 1"},
           Case{"```python\nresult = 1", "a fence that is not closed", ""},
           Case{"```python\n\n```", "an empty fence", ""},
           Case{"<think>```\nresult = 0\n```</think>\n```\nresult = 1\n```", "one fence",
                "result = 1"},
           Case{"<think>for ever", "no fence", ""},
       }) {
    const ModelAnswer answer = ParseModelAnswer(c.text);
    EXPECT_EQ(answer.found, c.found) << c.text;
    EXPECT_EQ(answer.snippet, c.snippet) << c.text;
  }
}

// Whatever the pieces are that an answer comes in, the same words are shown.
TEST(WordsStream, ShowsTheWordsBeforeTheSnippet) {
  const std::string answer =
      "<think>hm, `result`?</think>\n**Title:** Users today\nUsers who joined\n\ntoday, in all.\n"
      "```python\nresult = 1\n```\nMore.";
  for (const size_t size : std::array<size_t, 5>{1, 2, 5, 7, 1'000}) {
    WordsStream words;
    std::string shown;
    for (size_t at = 0; at < answer.size(); at += size)
      shown += words.Take(std::string_view(answer).substr(at, size));
    EXPECT_EQ(shown, "Users who joined\ntoday, in all.") << size;
  }
}

TEST(WordsStream, ShowsWordsAsTheyCome) {
  WordsStream words;
  EXPECT_EQ(words.Take("Tit"), "");
  EXPECT_EQ(words.Take("anic"), "Titanic");
  EXPECT_EQ(words.Take(" survivors"), " survivors");
  EXPECT_EQ(words.Take("\nCANNOT: say"), "");
  EXPECT_EQ(words.Take(" more\nand more"), "");
}

TEST(AnswerParser, KnowsARefusal) {
  const ModelAnswer answer = ParseModelAnswer("CANNOT: there are no prices; there are orders.");
  EXPECT_EQ(answer.kind, Kind::kRefuse);
  EXPECT_EQ(answer.text, "there are no prices; there are orders.");
}

TEST(AnswerParser, KnowsAQuestionBack) {
  const ModelAnswer answer = ParseModelAnswer("CLARIFY: Which date?\n- placed\n- shipped\n");
  EXPECT_EQ(answer.kind, Kind::kClarify);
  EXPECT_EQ(answer.text, "Which date?");
  EXPECT_EQ(answer.choices, (std::vector<std::string>{"placed", "shipped"}));
}

TEST(AnswerParser, CallsTheRestGarbage) {
  for (const char* text :
       {"", "Hello!", "```", "```python\nresult = 1", "```python\n\n```", "\xff\xfe```"}) {
    EXPECT_EQ(ParseModelAnswer(text).kind, Kind::kGarbage) << text;
  }
}

TEST(AnswerParser, CutsAtACharacter) {
  std::string words(1'999, 'a');
  words += "äää";
  const ModelAnswer answer = ParseModelAnswer(words + "\n```\nresult = 1\n```");
  EXPECT_EQ(answer.text, std::string(1'999, 'a') + "…");
}

TEST(Endpoint, ReadsABaseUrl) {
  const auto endpoint = ParseEndpoint("https://api.openai.com/v1/");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->host, "api.openai.com");
  EXPECT_EQ(endpoint->port, "443");
  EXPECT_EQ(endpoint->path, "/v1");
  EXPECT_TRUE(endpoint->tls);
  EXPECT_EQ(ParseEndpoint("http://[::1]:8080")->host, "::1");
  for (const char* url : {"", "ftp://a/", "file:///etc/passwd", "https://u:p@a/", "https://a/?x=1",
                          "not a url", "http://127.0.0.1.evil.example/v1"}) {
    EXPECT_FALSE(ParseEndpoint(url)) << url;
  }
}

TEST(Endpoint, SendsAKeyOnlyToKnownHosts) {
  const auto may = [](std::string_view url, bool trusted) {
    return MayCall(*ParseEndpoint(url), trusted);
  };
  EXPECT_TRUE(may("https://api.openai.com/v1", false));
  EXPECT_TRUE(may("http://127.0.0.1:11434/v1", false));
  EXPECT_FALSE(may("http://api.openai.com/v1", false));
  EXPECT_FALSE(may("https://evil.example/v1", false));
  EXPECT_FALSE(may("https://api.openai.com.evil.example/v1", false));
  EXPECT_TRUE(may("https://llm.intern.example/v1", true));
}

TEST(Endpoint, NeverCallsLinkLocalAddresses) {
  const auto forbidden = [](const char* address) {
    return IsForbidden(boost::asio::ip::make_address(address));
  };
  EXPECT_TRUE(forbidden("169.254.169.254"));
  EXPECT_TRUE(forbidden("::ffff:169.254.169.254"));
  EXPECT_TRUE(forbidden("64:ff9b::a9fe:a9fe"));
  EXPECT_TRUE(forbidden("100.100.100.200"));
  EXPECT_TRUE(forbidden("192.0.0.192"));
  EXPECT_TRUE(forbidden("fe80::1"));
  EXPECT_TRUE(forbidden("fd00:ec2::254"));
  EXPECT_FALSE(forbidden("64:ff9b::808:808"));
  EXPECT_FALSE(forbidden("192.0.0.193"));
  EXPECT_FALSE(forbidden("127.0.0.1"));
  EXPECT_FALSE(forbidden("10.0.0.1"));
}

}  // namespace
}  // namespace ormc::server
