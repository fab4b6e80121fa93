#include "server/engine/redact_secrets.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace ormc::server {
namespace {

constexpr std::string_view kCut = "…";
constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPemEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
// How the keys of common providers begin.
constexpr std::array<std::string_view, 15> kPrefixes = {
    "sk-",   "sk_live_", "rk_live_", "pk_live_", "ghp_", "gho_", "github_pat_", "glpat-",
    "xoxb-", "xoxp-",    "AKIA",     "ASIA",     "AIza", "eyJ",  "hf_",
};
constexpr size_t kPrefixedKey = 16;
constexpr size_t kPlainKey = 32;
constexpr int kKeySwitches = 6;   // between letters and digits: a name has one or two
constexpr size_t kMostName = 64;  // of an address before its @ (RFC 5321)
constexpr size_t kLeastCard = 13;
constexpr size_t kMostCard = 19;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsKeyPart(char c) { return IsDigit(c) || IsLetter(c) || c == '_' || c == '-' || c == '.'; }
bool IsAddressPart(char c) { return IsKeyPart(c) || c == '+' || c == '%'; }

template <class Is>
size_t End(std::string_view text, size_t at, Is is) {
  while (at < text.size() && is(text[at])) ++at;
  return at;
}

// Each rule gives where the secret ends that begins at `at`, or `at`.
size_t PemEnd(std::string_view text, size_t at) {
  if (!text.substr(at).starts_with(kPemBegin)) return at;
  const size_t last = text.find(kPemEnd, at);
  if (last == std::string_view::npos) return text.size();
  const size_t dashes = text.find(kDashes, last + kPemEnd.size());
  return dashes == std::string_view::npos ? text.size() : dashes + kDashes.size();
}

bool Begins(std::string_view text, size_t at) {
  return at == 0 || !(IsDigit(text[at - 1]) || IsLetter(text[at - 1]) || text[at - 1] == '_');
}

size_t PrefixedEnd(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(at);
  const bool known = std::ranges::any_of(
      kPrefixes, [&](std::string_view prefix) { return rest.starts_with(prefix); });
  if (!known) return at;
  const size_t end = End(text, at, IsKeyPart);
  return end - at >= kPrefixedKey ? end : at;
}

// Not across dashes: the parts of a UUID are shorter, and it names a row.
size_t PlainKeyEnd(std::string_view text, size_t at) {
  const size_t end = End(text, at, [](char c) { return IsDigit(c) || IsLetter(c) || c == '_'; });
  int switches = 0;
  for (size_t i = at + 1; i < end; ++i) switches += IsDigit(text[i]) != IsDigit(text[i - 1]);
  return end - at >= kPlainKey && switches >= kKeySwitches ? end : at;
}

size_t AddressEnd(std::string_view text, size_t at) {
  const size_t sign = End(text.substr(0, at + kMostName + 1), at, IsAddressPart);
  if (sign == at || sign >= text.size() || text[sign] != '@') return at;
  size_t end = End(text, sign + 1, IsKeyPart);
  while (end > sign + 1 && !IsDigit(text[end - 1]) && !IsLetter(text[end - 1])) --end;
  const std::string_view host = text.substr(sign + 1, end - sign - 1);
  return host.find('.') == std::string_view::npos ? at : end;
}

// The check digit of ISO/IEC 7812.
bool IsLuhn(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

size_t CardEnd(std::string_view text, size_t at) {
  if (text[at] < '2' || text[at] > '6') return at;
  std::string digits;
  size_t end = at;
  for (size_t i = at; i < text.size() && digits.size() <= kMostCard; ++i) {
    if (IsDigit(text[i])) {
      digits += text[i];
      end = i + 1;
    } else if ((text[i] != ' ' && text[i] != '-') || i != end) {
      break;
    }
  }
  const bool whole = end == text.size() || !(IsDigit(text[end]) || IsLetter(text[end]));
  const bool card = digits.size() >= kLeastCard && digits.size() <= kMostCard && IsLuhn(digits);
  return whole && card ? end : at;
}

constexpr std::array kRules = {PemEnd, AddressEnd, PrefixedEnd, PlainKeyEnd, CardEnd};

}  // namespace

std::string RedactSecrets(std::string_view text) {
  std::string redacted;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    if (Begins(text, at)) {
      for (const auto& rule : kRules) end = std::max(end, rule(text, at));
    }
    if (end == at) {
      redacted += text[at++];
    } else {
      redacted += kCut;
      at = end;
    }
  }
  return redacted;
}

}  // namespace ormc::server
