// What a model wrote, taken apart. It is presumed hostile: the snippet is data for the compiler,
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
};

ModelAnswer ParseModelAnswer(std::string_view text);

}  // namespace ormc::server
