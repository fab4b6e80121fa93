// The body of a provider's answer with status 200: server-sent events whose deltas are heard as they
// come, or one JSON document. Whatever else it is, is garbage.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "server/llm/chat_client.h"

namespace ormc::server {

class CompletionReader {
 public:
  CompletionReader(std::string_view content_type, const TextListener& listener)
      : is_stream_(content_type.starts_with("text/event-stream")), listener_(listener) {}

  // `body` as far as it has come.
  void Read(std::string_view body);
  bool done() const { return done_; }  // the stream said so; what follows is not waited for
  Completion Finish(std::string_view body);

 private:
  void ReadEvent(std::string_view data);

  bool is_stream_;
  const TextListener& listener_;
  size_t read_ = 0;
  bool done_ = false;
  bool broken_ = false;
  Completion completion_;
};

}  // namespace ormc::server
