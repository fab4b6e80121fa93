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

// "<think>...</think>" of models that reason aloud; one that is not closed hides the rest.
std::string WithoutThoughts(std::string_view text) {
  constexpr std::string_view kOpen = "<think>";
  constexpr std::string_view kClose = "</think>";
  std::string kept;
  while (true) {
    const size_t open = text.find(kOpen);
    kept.append(text.substr(0, open));
    if (open == std::string_view::npos) return kept;
    const size_t close = text.find(kClose, open);
    if (close == std::string_view::npos) return kept;
    text.remove_prefix(close + kClose.size());
  }
}

bool AssignsResult(std::string_view code) {
  const auto lines = Lines(code);
  return std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    constexpr std::string_view kResult = "result";
    return line.starts_with(kResult) && Trim(line.substr(kResult.size())).starts_with('=');
  });
}

struct Found {
  std::string_view words;  // before the first fence
  std::string_view code;
  const char* said = "no fence";
};

Found FindSnippet(std::string_view text) {
  Found found{text, {}, "no fence"};
  size_t fences = 0;
  bool assigns = false;
  size_t at = text.find(kFence);
  if (at == std::string_view::npos) {
    const auto lines = Lines(text);
    const bool code =
        std::count_if(lines.begin(), lines.end(),
                      [](auto line) {
                        return line.find(' ') != std::string_view::npos && line.ends_with('.');
                      }) == 0 &&
        AssignsResult(text);
    if (code) return {{}, Trim(text), "no fence, but code"};
    return found;
  }
  found.words = text.substr(0, at);
  while (at != std::string_view::npos) {
    const size_t line_end = text.find('\n', at);
    const size_t close =
        line_end == std::string_view::npos ? line_end : text.find(kFence, line_end);
    if (close == std::string_view::npos) {
      // Cut off: half a snippet is none.
      if (fences == 0) found.said = "a fence that is not closed";
      break;
    }
    const std::string_view code = Trim(text.substr(line_end + 1, close - line_end - 1));
    ++fences;
    if (!code.empty() && !assigns && (found.code.empty() || AssignsResult(code))) {
      found.code = code;
      assigns = AssignsResult(code);
    }
    at = text.find(kFence, close + kFence.size());
  }
  if (fences > 0)
    found.said = found.code.empty() ? "an empty fence"
                 : fences == 1      ? "one fence"
                                    : "several fences";
  return found;
}

}  // namespace

ModelAnswer ParseModelAnswer(std::string_view text) {
  ModelAnswer answer;
  const std::string spoken = WithoutThoughts(text);
  const Found found = FindSnippet(spoken);
  answer.found = found.said;
  std::string words;
  for (const std::string_view line : Lines(found.words)) {
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
  if (!found.code.empty()) {
    answer.kind = ModelAnswer::Kind::kSnippet;
    answer.snippet = std::string(found.code);
    answer.choices.clear();
  }
  return answer;
}

}  // namespace ormc::server
