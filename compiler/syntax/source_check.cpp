#include "compiler/syntax/source_check.h"

#include <unicode/utf8.h>

#include <string>

#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"

namespace ormc::syntax {
namespace {

bool IsControl(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n' && c != '\r' && c != '\f';
  if (c >= 0x7f && c <= 0x9f) return true;
  // Marks that reorder or hide text: what a reader sees would not be what is compiled.
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xe0000 && c <= 0xe007f) || c == 0xad || c == 0x61c || c == 0x180e;
}

std::string Spelled(char32_t c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "U+";
  for (int shift = c > 0xffff ? 20 : 12; shift >= 0; shift -= 4)
    out += kDigits[(c >> shift) & 0xfU];
  return out;
}

// Models like to wrap their answer in a fence; the fix takes both fences away.
void CheckFence(std::string_view text) {
  constexpr std::string_view kFence = "```";
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text.substr(begin, kFence.size()) != kFence) return;
  size_t line_end = text.find('\n', begin);
  line_end = line_end == std::string_view::npos ? text.size() : line_end + 1;
  const auto begin32 = static_cast<uint32_t>(begin);
  Diagnostic fence = MakeDiagnostic(Kind::CodeFence, Span{begin32, begin32 + 3});
  fence.fixes.push_back(Fix{Span{0, static_cast<uint32_t>(line_end)}, ""});
  const size_t closing = text.find(kFence, line_end);
  if (closing != std::string_view::npos) {
    fence.fixes.push_back(
        Fix{Span{static_cast<uint32_t>(closing), static_cast<uint32_t>(text.size())}, ""});
  }
  throw Rejection(std::move(fence));
}

}  // namespace

CodePoint DecodeUtf8(std::string_view text, size_t at) {
  int32_t i = 0;
  const auto left = static_cast<int32_t>(text.size() - at);
  UChar32 c = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"  // of ICU's macro
  U8_NEXT(text.data() + at, i, left, c);       // NOLINT
#pragma GCC diagnostic pop
  return CodePoint{static_cast<char32_t>(c), static_cast<uint32_t>(i)};
}

void AppendUtf8(std::string& out, char32_t value) {
  const auto continuation = [&](int shift) {
    out += static_cast<char>(0x80U | ((value >> shift) & 0x3fU));
  };
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xc0U | (value >> 6));
    continuation(0);
  } else if (value < 0x10000) {
    out += static_cast<char>(0xe0U | (value >> 12));
    continuation(6);
    continuation(0);
  } else {
    out += static_cast<char>(0xf0U | (value >> 18));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

void CheckSource(std::string_view text, const Limits& limits) {
  if (text.size() > limits.snippet_bytes) {
    Reject(Kind::SnippetTooLong, Span{}, std::to_string(text.size()),
           std::to_string(limits.snippet_bytes));
  }
  for (uint32_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f) {
      ++i;
      continue;
    }
    const CodePoint c = DecodeUtf8(text, i);
    const Span span{i, i + c.bytes};
    if (static_cast<int32_t>(c.value) < 0) Reject(Kind::InvalidUtf8, span);
    if (IsControl(c.value) && !Planted("control-characters"))
      Reject(Kind::ControlCharacter, span, Spelled(c.value));
    i += c.bytes;
  }
  CheckFence(text);
}

}  // namespace ormc::syntax
