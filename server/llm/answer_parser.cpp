#include "server/llm/answer_parser.h"

#include <algorithm>
#include <optional>

#include "server/answer/text.h"

namespace ormc::server {
namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kSpace = " \t\r\n";
constexpr size_t kMostText = 2'000;
constexpr size_t kMostTitle = 80;
constexpr size_t kMostChoices = 6;

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(Trim(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// What stands after `word` at the beginning of a line: "Title: Orders today" -> "Orders today".
std::optional<std::string_view> After(std::string_view line, std::string_view word) {
  while (!line.empty() && (line.front() == '*' || line.front() == '#' || line.front() == ' '))
    line.remove_prefix(1);
  if (line.size() < word.size()) return std::nullopt;
  const bool same = std::equal(word.begin(), word.end(), line.begin(), [](char a, char b) {
    return a == b || (b >= 'A' && b <= 'Z' && a == b - 'A' + 'a');
  });
  if (!same) return std::nullopt;
  std::string_view rest = line.substr(word.size());
  while (rest.starts_with('*')) rest.remove_prefix(1);
  return Trim(rest);
}

struct Fenced {
  std::string_view before;
  std::string_view code;
};

std::optional<Fenced> FindFence(std::string_view text) {
  const size_t open = text.find(kFence);
  if (open == std::string_view::npos) return std::nullopt;
  const size_t line_end = text.find('\n', open);
  if (line_end == std::string_view::npos) return std::nullopt;
  const size_t close = text.find(kFence, line_end);
  if (close == std::string_view::npos) return std::nullopt;  // cut off: half a snippet is none
  return Fenced{text.substr(0, open), text.substr(line_end + 1, close - line_end - 1)};
}

}  // namespace

ModelAnswer ParseModelAnswer(std::string_view text) {
  ModelAnswer answer;
  const auto fenced = FindFence(text);
  std::string words;
  for (const std::string_view line : Lines(fenced ? fenced->before : text)) {
    if (const auto title = After(line, "title:")) {
      answer.title = CutText(*title, kMostTitle);
    } else if (const auto missing = After(line, "cannot:")) {
      answer.kind = ModelAnswer::Kind::kRefuse;
      words = std::string(*missing);
    } else if (const auto question = After(line, "clarify:")) {
      answer.kind = ModelAnswer::Kind::kClarify;
      words = std::string(*question);
    } else if (answer.kind == ModelAnswer::Kind::kClarify && line.starts_with("- ")) {
      if (answer.choices.size() < kMostChoices)
        answer.choices.push_back(CutText(Trim(line.substr(2)), kMostTitle));
    } else if (!line.empty()) {
      words.append(words.empty() ? "" : "\n").append(line);
    }
  }
  answer.text = CutText(words, kMostText);
  if (fenced && !Trim(fenced->code).empty()) {
    answer.kind = ModelAnswer::Kind::kSnippet;
    answer.snippet = std::string(Trim(fenced->code));
    answer.choices.clear();
  }
  return answer;
}

}  // namespace ormc::server
