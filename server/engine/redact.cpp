#include "server/engine/redact.h"

#include <algorithm>

namespace ormc::server {
namespace {

constexpr std::string_view kCut = "…";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Bytes of other scripts belong to words.
bool IsWord(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// As a name of its own, or between the `__` of a path.
bool Names(const std::string& lower, const std::string& name) {
  for (size_t at = lower.find(name); at != std::string::npos; at = lower.find(name, at + 1)) {
    const size_t end = at + name.size();
    const bool begins =
        at == 0 || !IsWord(lower[at - 1]) || (at >= 2 && lower.compare(at - 2, 2, "__") == 0);
    const bool ends = end == lower.size() || !IsWord(lower[end]) ||
                      lower.compare(end, 2, "__") == 0 || lower[end] == 's';
    if (begins && ends) return true;
  }
  return false;
}

// Where the quoted text that begins at `at` ends, or `at` where it is no quote.
size_t QuoteEnd(std::string_view text, size_t at) {
  const char quote = text[at];
  if (quote != '"' && quote != '\'') return at;
  const bool apostrophe = quote == '\'' && at > 0 && IsWord(text[at - 1]);  // user's
  if (apostrophe) return at;
  for (size_t end = at + 1; end < text.size(); ++end) {
    if (text[end] == '\\') {
      ++end;
    } else if (text[end] == quote) {
      return end;
    }
  }
  return text.size();  // never closed: the rest is a literal
}

// Where the word ends that begins at `at`: with what an address or a date holds between its parts.
size_t WordEnd(std::string_view text, size_t at) {
  size_t end = at;
  const auto joins = [&](char c) { return c == '@' || c == '-' || c == '+' || c == '.'; };
  while (end < text.size() && (IsWord(text[end]) || (joins(text[end]) && end + 1 < text.size() &&
                                                     IsWord(text[end + 1]))))
    ++end;
  return end;
}

// One digit is a count, not a person.
bool IsPrivate(std::string_view word) {
  const auto digits = std::count_if(word.begin(), word.end(), IsDigit);
  return digits > 1 || word.find('@') != std::string_view::npos;
}

}  // namespace

std::string RedactLiterals(std::string_view text, const std::vector<std::string>& masked) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), Lower);
  const bool named = std::any_of(masked.begin(), masked.end(),
                                 [&](const std::string& name) { return Names(lower, name); });
  if (!named) return std::string(text);
  std::string redacted;
  for (size_t at = 0; at < text.size();) {
    const size_t quote_end = QuoteEnd(text, at);
    if (quote_end != at) {
      redacted.append(1, text[at]).append(kCut);
      if (quote_end < text.size()) redacted += text[at];
      at = std::min(quote_end + 1, text.size());
      continue;
    }
    const size_t word_end = WordEnd(text, at);
    if (word_end == at) {
      redacted += text[at++];
      continue;
    }
    const std::string_view word = text.substr(at, word_end - at);
    redacted.append(IsPrivate(word) ? kCut : word);
    at = word_end;
  }
  return redacted;
}

}  // namespace ormc::server
