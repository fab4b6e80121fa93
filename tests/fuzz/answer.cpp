// ParseModelAnswer() on any bytes: a kind, and words and a snippet that stand in what was written.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compiler/base/check.h"
#include "server/llm/answer_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using Kind = ormc::server::ModelAnswer::Kind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ormc::server::ModelAnswer answer = ormc::server::ParseModelAnswer(text);
  ormc::Check((answer.kind == Kind::kSnippet) == !answer.snippet.empty(),
              "a snippet if and only if it is said to be one");
  ormc::Check(answer.snippet.size() <= size, "no snippet is longer than what was written");
  ormc::Check(!answer.found.empty(), "the log knows what was found");
  return 0;
}
