#include <array>
#include <bit>
#include <random>
#include <string>

#include "compiler/values/text.h"
#include "runtime/execute/rows.h"

namespace ormc::execute {
namespace {

constexpr std::string_view kHidden = "***";

// SipHash-2-4.  Its key is drawn once a process: equal values of one answer show as equal, but
// nobody can try values out against what they see.
class KeyedDigest {
 public:
  KeyedDigest() {
    std::random_device random;
    for (uint64_t& half : key_) half = (uint64_t{random()} << 32U) | random();
  }

  uint64_t operator()(std::string_view text) const {
    State s{key_[0] ^ 0x736f6d6570736575U, key_[1] ^ 0x646f72616e646f6dU,
            key_[0] ^ 0x6c7967656e657261U, key_[1] ^ 0x7465646279746573U};
    const uint64_t length = static_cast<uint64_t>(text.size()) << 56U;
    while (text.size() >= 8) {
      Absorb(s, Word(text.substr(0, 8)));
      text.remove_prefix(8);
    }
    Absorb(s, length | Word(text));
    s[2] ^= 0xFFU;
    for (int i = 0; i < 4; ++i) Round(s);
    return s[0] ^ s[1] ^ s[2] ^ s[3];
  }

 private:
  using State = std::array<uint64_t, 4>;

  static uint64_t Word(std::string_view bytes) {
    uint64_t word = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
      word |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8U * i);
    }
    return word;
  }
  static void Absorb(State& s, uint64_t word) {
    s[3] ^= word;
    Round(s);
    Round(s);
    s[0] ^= word;
  }
  static void Round(State& s) {
    s[0] += s[1];
    s[1] = std::rotl(s[1], 13) ^ s[0];
    s[0] = std::rotl(s[0], 32);
    s[2] += s[3];
    s[3] = std::rotl(s[3], 16) ^ s[2];
    s[0] += s[3];
    s[3] = std::rotl(s[3], 21) ^ s[0];
    s[2] += s[1];
    s[1] = std::rotl(s[1], 17) ^ s[2];
    s[2] = std::rotl(s[2], 32);
  }

  std::array<uint64_t, 2> key_{};
};

std::string Hashed(std::string_view text) {
  static const KeyedDigest digest;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "#";
  for (uint64_t bits = digest(text), i = 0; i < 12; ++i, bits >>= 4U) out += kDigits[bits & 0xFU];
  return out;
}

// The last four characters, of a text that is long enough to keep its secret.
std::string LastFour(std::string_view text) {
  constexpr size_t kShown = 4;
  constexpr size_t kShortest = 8;
  size_t characters = 0;
  size_t begin = text.size();
  for (size_t i = text.size(); i > 0; --i) {
    if ((static_cast<uint8_t>(text[i - 1]) & 0xC0U) == 0x80U) continue;
    if (++characters <= kShown) begin = i - 1;
  }
  return std::string(kHidden) + std::string(characters < kShortest ? "" : text.substr(begin));
}

std::string DomainOnly(std::string_view text) {
  const size_t at = text.rfind('@');
  return std::string(kHidden) + std::string(at == std::string_view::npos ? "" : text.substr(at));
}

}  // namespace

Value Masked(const Value& value, Mask mask) {
  if (value.is_none()) return value;
  switch (mask) {
    case Mask::kNone:
      return value;
    case Mask::kLastFour:
      return Value::Str(LastFour(Str(value)));
    case Mask::kHash:
      return Value::Str(Hashed(Str(value)));
    case Mask::kDomainOnly:
      return Value::Str(DomainOnly(Str(value)));
    case Mask::kFixed:
      return Value::Str(std::string(kHidden));
  }
  return Value::Str(std::string(kHidden));
}

}  // namespace ormc::execute
