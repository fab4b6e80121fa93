// A provider's answer as any bytes, a stream or one document: what is heard is what is kept, and it is
// the same wherever the bytes were cut on their way.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/base/check.h"
#include "server/llm/completion_reader.h"

namespace {

using ormc::server::Completion;
using ormc::server::CompletionReader;
using ormc::server::Reply;

// Come in so many parts.
Completion Read(std::string_view body, bool stream, size_t parts) {
  std::string heard;
  const ormc::server::TextListener listener = [&](std::string_view text) { heard += text; };
  CompletionReader reader(stream ? "text/event-stream" : "application/json", listener);
  for (size_t part = 1; part <= parts && !reader.done(); ++part) {
    reader.Read(body.substr(0, body.size() * part / parts));
  }
  Completion completion = reader.Finish(body);
  const bool ok = completion.reply == Reply::kOk;
  ormc::Check(ok || completion.reply == Reply::kGarbage, "read, or garbage");
  ormc::Check(ok || completion.text.empty(), "of garbage nothing is kept");
  ormc::Check(!ok || !stream || heard == completion.text, "what is heard is what is kept");
  ormc::Check(completion.text.find('\0') == std::string::npos, "no NUL comes to the store");
  return completion;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const bool stream : {true, false}) {
    const Completion whole = Read(body, stream, 1);
    const Completion cut = Read(body, stream, 7);
    ormc::Check(whole.reply == cut.reply && whole.text == cut.text, "cuts change nothing");
  }
  return 0;
}
