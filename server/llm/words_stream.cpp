#include "server/llm/words_stream.h"

#include <algorithm>
#include <array>

namespace ormc::server {
namespace {

constexpr size_t kMostBytes = 2'000;
constexpr std::string_view kThoughtEnd = "</think>";

// How a line begins that is not words. A question back and a refusal come whole, with `done`.
constexpr std::array<std::string_view, 5> kBeginnings = {"title:", "<think>", "```",
                                                         "cannot:", "clarify:"};

// Without emphasis, in lower case.
std::string Bare(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of("*# \t\r"), line.size()));
  std::string bare(line);
  std::transform(bare.begin(), bare.end(), bare.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return bare;
}

}  // namespace

void WordsStream::Decide(std::string& shown) {
  const std::string bare = Bare(line_);
  for (size_t i = 0; i < kBeginnings.size(); ++i) {
    if (kBeginnings[i].starts_with(bare)) return;  // may still become one
    if (!bare.starts_with(kBeginnings[i])) continue;
    mode_ = i == 0 ? Mode::kSkippedLine : i == 1 ? Mode::kThought : Mode::kOver;
    line_.clear();
    return;
  }
  mode_ = Mode::kWords;
  shown.append(said_ ? "\n" : "").append(line_);
  said_ = true;
  line_.clear();
}

std::string WordsStream::Take(std::string_view piece) {
  std::string shown;
  for (const char c : piece) {
    switch (mode_) {
      case Mode::kUndecided:
        if (c == '\n') {
          line_.clear();
        } else {
          line_ += c;
          Decide(shown);
        }
        break;
      case Mode::kWords:
      case Mode::kSkippedLine:
        if (c == '\n') {
          mode_ = Mode::kUndecided;
        } else if (mode_ == Mode::kWords) {
          shown += c;
        }
        break;
      case Mode::kThought:
        line_ += c;
        if (line_.ends_with(kThoughtEnd)) {
          mode_ = Mode::kUndecided;
          line_.clear();
        }
        break;
      case Mode::kOver:
        break;
    }
  }
  bytes_ += shown.size();
  if (bytes_ > kMostBytes) mode_ = Mode::kOver;
  return shown;
}

}  // namespace ormc::server
