// One call of an OpenAI-compatible Chat Completions API: HTTPS (or HTTP where the operator says so
// or the host is this machine) with the peer verified, no redirects, an absolute deadline. The
// answer is asked for as a stream, and read whole where the provider sends none.
//
//   payload.h            the request's body
//   provider_links.h     connections, kept from one call to the next
//   completion_reader.h  the answer's body, as a stream or whole
//   endpoint.h           where a key may be sent
//   docs/model_failures.md  what each failure is told as
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/llm/payload.h"
#include "server/settings/settings_store.h"

namespace ormc::server {

class ProviderLinks;

enum class Reply : uint8_t {
  kOk,
  kTimeout,
  kUnauthorised,
  kModelNotFound,
  kRateLimited,
  kUnreachable,
  kGarbage,
  kNotAllowed,  // the address is not one that a key may be sent to
  kRejected,    // the provider refuses the request itself
};
std::string_view NameOf(Reply reply);  // as settings/check says it

struct Completion {
  Reply reply = Reply::kUnreachable;
  std::optional<int> retry_after_seconds;
  std::string text;
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  std::string detail;  // for the log: never a key, never the provider's body
};

// Hears the answer's text as it comes.
using TextListener = std::function<void(std::string_view)>;

// Never throws. `most_bytes` bounds the answer's body. Afterwards the payload is what was sent, byte
// for byte, without what the provider refused; the key is not in it.
boost::asio::awaitable<Completion> Complete(ProviderLinks& links, ModelSettings settings,
                                            Payload payload,
                                            std::chrono::steady_clock::duration time,
                                            size_t most_bytes, TextListener listener);

}  // namespace ormc::server
