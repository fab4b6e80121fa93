// What a model wrote, taken apart: thoughts are left out; the snippet is the only fence, of several
// the first that assigns `result`, and without any fence a text that does so from its first line.
// It is presumed hostile: the snippet is data for the compiler,
// the words are text that is shown as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ormc::server {

struct ModelAnswer {
  enum class Kind : uint8_t { kSnippet, kClarify, kRefuse, kGarbage };
  Kind kind = Kind::kGarbage;
  std::string title;
  std::string text;  // explanation, question back, or what is missing
  std::string snippet;
  std::vector<std::string> choices;  // of kClarify
  std::string found;                 // for the log: "one fence", "no fence", "a fence not closed"
};

ModelAnswer ParseModelAnswer(std::string_view text);

}  // namespace ormc::server
