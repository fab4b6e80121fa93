#include "server/llm/completion_reader.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <utility>

namespace ormc::server {
namespace {

namespace json = boost::json;

Completion Garbage(std::string detail) {
  Completion garbage;
  garbage.reply = Reply::kGarbage;
  garbage.detail = std::move(detail);
  return garbage;
}

int64_t Count(const json::object& usage, std::string_view name) {
  const json::value* value = usage.if_contains(name);
  return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

void ReadUsage(const json::value& document, Completion& completion) {
  const json::object* members = document.if_object();
  const json::value* usage = members != nullptr ? members->if_contains("usage") : nullptr;
  if (usage == nullptr || !usage->is_object()) return;
  completion.prompt_tokens = Count(usage->get_object(), "prompt_tokens");
  completion.completion_tokens = Count(usage->get_object(), "completion_tokens");
}

// Without NUL, which PostgreSQL stores in no text: a question whose answer had one never ended.
std::optional<std::string> TextAt(const json::value& document, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* value = document.find_pointer(pointer, missing);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  std::string text(value->get_string());
  std::erase(text, '\0');
  return text;
}

}  // namespace

void CompletionReader::Read(std::string_view body) {
  if (!is_stream_) return;
  while (!done_) {
    const size_t end = body.find('\n', read_);
    if (end == std::string_view::npos) return;
    std::string_view line = body.substr(read_, end - read_);
    read_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    constexpr std::string_view kData = "data:";
    if (!line.starts_with(kData)) continue;
    line.remove_prefix(kData.size());
    if (line.starts_with(' ')) line.remove_prefix(1);
    ReadEvent(line);
  }
}

void CompletionReader::ReadEvent(std::string_view data) {
  if (data == "[DONE]") {
    done_ = true;
    return;
  }
  boost::system::error_code error;
  const json::value event = json::parse(json::string_view(data), error);
  if (error) {
    broken_ = true;
    return;
  }
  ReadUsage(event, completion_);
  if (const auto text = TextAt(event, "/choices/0/delta/content")) {
    completion_.text.append(*text);
    if (listener_) listener_(*text);
  }
}

Completion CompletionReader::Finish(std::string_view body) {
  if (is_stream_) {
    if (broken_) return Garbage("an event of the stream is not JSON");
    if (completion_.text.empty()) return Garbage("the stream had no text");
    completion_.reply = Reply::kOk;
    return std::move(completion_);
  }
  boost::system::error_code error;
  const json::value document = json::parse(json::string_view(body), error);
  if (body.empty()) return Garbage("the answer is empty");
  if (error) return Garbage("the answer is not JSON");
  auto text = TextAt(document, "/choices/0/message/content");
  if (!text) return Garbage("the answer has no message");
  completion_.reply = Reply::kOk;
  completion_.text = *std::move(text);
  ReadUsage(document, completion_);
  return std::move(completion_);
}

}  // namespace ormc::server
