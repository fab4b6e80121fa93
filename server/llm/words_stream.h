// The words of a model's answer as they come: what stands before the snippet, without the title and
// without what the model thinks aloud. answer_parser.h has the last word when all is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ormc::server {

class WordsStream {
 public:
  // What is to be shown now that `piece` has come: often nothing.
  std::string Take(std::string_view piece);

 private:
  enum class Mode : uint8_t { kUndecided, kWords, kSkippedLine, kThought, kOver };
  void Decide(std::string& shown);

  Mode mode_ = Mode::kUndecided;
  std::string line_;  // of kUndecided, kThought
  bool said_ = false;
  size_t bytes_ = 0;
};

}  // namespace ormc::server
