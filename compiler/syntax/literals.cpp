#include "compiler/syntax/literals.h"

#include <algorithm>
#include <charconv>
#include <clocale>
#include <cstdlib>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/source_check.h"

namespace ormc::syntax {
namespace {

constexpr size_t kLongestInteger = 4300;  // Python's own limit on the digits of a literal

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int DigitOf(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// ---- numbers

// Digits of `base`, single underscores between them; false when anything else is there.
bool TakeDigits(std::string_view text, int base, std::string& digits) {
  bool after_digit = false;
  for (const char c : text) {
    if (c == '_' && after_digit) {
      after_digit = false;
    } else if (DigitOf(c) < base) {
      digits += c;
      after_digit = true;
    } else {
      return false;
    }
  }
  return after_digit;
}

std::string ToDecimal(std::string_view digits, uint32_t base) {
  constexpr uint32_t kLimb = 1'000'000'000;
  std::vector<uint32_t> limbs{0};
  for (const char c : digits) {
    uint64_t carry = static_cast<uint64_t>(DigitOf(c));
    for (uint32_t& limb : limbs) {
      carry += uint64_t{limb} * base;
      limb = static_cast<uint32_t>(carry % kLimb);
      carry /= kLimb;
    }
    if (carry > 0) limbs.push_back(static_cast<uint32_t>(carry));
  }
  std::string out = std::to_string(limbs.back());
  for (size_t i = limbs.size() - 1; i-- > 0;) {
    const std::string limb = std::to_string(limbs[i]);
    out += std::string(9 - limb.size(), '0') + limb;
  }
  return out;
}

uint32_t BaseOf(std::string_view spelled) {
  if (spelled.size() < 2 || spelled[0] != '0') return 10;
  switch (spelled[1]) {
    case 'x':
    case 'X':
      return 16;
    case 'o':
    case 'O':
      return 8;
    case 'b':
    case 'B':
      return 2;
    default:
      return 10;
  }
}

std::variant<ast::IntLiteral, ast::FloatLiteral> ReadFloat(std::string_view spelled, Span span) {
  std::string plain;
  const size_t exponent = std::min(spelled.find_first_of("eE"), spelled.size());
  const size_t point = std::min(spelled.find('.'), exponent);
  const auto take = [&](std::string_view part, bool may_be_empty) {
    if (part.empty() && may_be_empty) return;
    if (!TakeDigits(part, 10, plain)) Reject(Kind::InvalidNumber, span, std::string(spelled));
  };
  const std::string_view fraction =
      point < exponent ? spelled.substr(point + 1, exponent - point - 1) : "";
  take(spelled.substr(0, point), !fraction.empty());
  if (point < exponent) {
    plain += '.';
    take(fraction, point > 0);
  }
  if (exponent < spelled.size()) {
    std::string_view digits = spelled.substr(exponent + 1);
    plain += 'e';
    if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
      if (digits[0] == '-') plain += '-';
      digits.remove_prefix(1);
    }
    take(digits, false);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error == std::errc::result_out_of_range) {
    // Too large or too small: infinity, zero or a denormal number, in the "C" locale whatever the
    // process has.
    static const locale_t plain_locale = newlocale(LC_ALL_MASK, "C", nullptr);
    value = strtod_l(plain.c_str(), nullptr, plain_locale);
  }
  return ast::FloatLiteral{value};
}

// ---- strings

class TextDecoder {
 public:
  TextDecoder(std::string_view source, Span span, const StringPrefix& prefix)
      : source_(source), at_(span.begin), end_(span.end), prefix_(prefix) {}

  std::string Run() {
    out_.reserve(end_ - at_);
    while (at_ < end_) {
      const char c = source_[at_];
      if (c == '\\' && !prefix_.raw) {
        Escape();
      } else if (c == '\r') {
        at_ += at_ + 1 < end_ && source_[at_ + 1] == '\n' ? 2U : 1U;
        out_ += '\n';
      } else if (prefix_.format && (c == '{' || c == '}') && at_ + 1 < end_ &&
                 source_[at_ + 1] == c) {
        out_ += c;
        at_ += 2;
      } else {
        if (prefix_.bytes && static_cast<unsigned char>(c) >= 0x80) {
          Reject(Kind::NonAsciiBytes, Span{at_, at_ + DecodeUtf8(source_, at_).bytes});
        }
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  void Escape() {
    const uint32_t begin = at_++;
    const char c = at_ < end_ ? source_[at_] : '\0';
    constexpr std::string_view kLetters = "abfnrtv\\'\"";
    constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\'\"";
    if (const size_t letter = kLetters.find(c); at_ < end_ && letter != std::string_view::npos) {
      out_ += kValues[letter];
      ++at_;
    } else if (c == '\n' || c == '\r') {
      at_ += c == '\r' && at_ + 1 < end_ && source_[at_ + 1] == '\n' ? 2U : 1U;
    } else if (c >= '0' && c <= '7') {
      Octal();
    } else if (c == 'x') {
      Hexadecimal(begin, 2);
    } else if (!prefix_.bytes && (c == 'u' || c == 'U')) {
      Hexadecimal(begin, c == 'u' ? 4 : 8);
    } else if (!prefix_.bytes && c == 'N') {
      Reject(Kind::NamedEscape, Span{begin, begin + 2});
    } else {
      out_ += '\\';  // Python keeps an escape that it does not know
    }
  }

  void Octal() {
    uint32_t value = 0;
    for (int i = 0; i < 3 && at_ < end_ && source_[at_] >= '0' && source_[at_] <= '7'; ++i) {
      value = value * 8 + static_cast<uint32_t>(source_[at_++] - '0');
    }
    Append(value);
  }

  void Hexadecimal(uint32_t begin, int digits) {
    ++at_;
    uint32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      if (at_ >= end_ || DigitOf(source_[at_]) > 15) {
        Reject(Kind::InvalidEscape, Span{begin, at_}, std::string(source_.substr(begin, 2)),
               std::to_string(digits));
      }
      value = value * 16 + static_cast<uint32_t>(DigitOf(source_[at_++]));
    }
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (!prefix_.bytes && (surrogate || value > 0x10ffff)) {
      Reject(Kind::NoCharacter, Span{begin, at_}, std::string(source_.substr(begin, at_ - begin)));
    }
    Append(value);
  }

  void Append(uint32_t value) {
    if (prefix_.bytes) {
      out_ += static_cast<char>(value & 0xffU);
    } else {
      AppendUtf8(out_, value);
    }
  }

  std::string_view source_;
  uint32_t at_;
  uint32_t end_;
  const StringPrefix& prefix_;
  std::string out_;
};

}  // namespace

StringPrefix ReadStringPrefix(std::string_view text, uint32_t begin, uint32_t letters) {
  StringPrefix prefix;
  bool unicode = false;
  bool valid = letters <= 2;
  for (uint32_t i = 0; i < letters && valid; ++i) {
    const char c = static_cast<char>(text[begin + i] | 0x20);
    bool& flag = c == 'r'   ? prefix.raw
                 : c == 'b' ? prefix.bytes
                 : c == 'f' ? prefix.format
                            : unicode;
    valid = !flag && (c == 'r' || c == 'b' || c == 'f' || c == 'u');
    flag = true;
  }
  valid = valid && !(prefix.bytes && prefix.format) && !(unicode && letters > 1);
  if (!valid) {
    Reject(Kind::UnknownStringPrefix, Span{begin, begin + letters},
           std::string(text.substr(begin, letters)));
  }
  const uint32_t at = begin + letters;
  prefix.quote = text[at];
  const bool triple =
      at + 2 < text.size() && text[at + 1] == prefix.quote && text[at + 2] == prefix.quote;
  prefix.quote_bytes = triple ? 3 : 1;
  prefix.opening_bytes = letters + prefix.quote_bytes;
  return prefix;
}

std::string DecodeText(std::string_view source, Span span, const StringPrefix& prefix) {
  return TextDecoder(source, span, prefix).Run();
}

std::variant<ast::IntLiteral, ast::FloatLiteral> ReadNumber(std::string_view source, Span span) {
  const std::string_view spelled = source.substr(span.begin, span.end - span.begin);
  if (spelled.size() > kLongestInteger)
    Reject(Kind::NumberTooLong, span, std::to_string(kLongestInteger));
  const uint32_t base = BaseOf(spelled);
  if (base == 10 && (spelled.back() == 'j' || spelled.back() == 'J'))
    Reject(Kind::ImaginaryNumber, span);
  if (base == 10 && spelled.find_first_of(".eE") != std::string_view::npos)
    return ReadFloat(spelled, span);
  std::string digits;
  // `0x_1f`: an underscore may follow the prefix.
  std::string_view written = spelled.substr(base == 10 ? 0 : 2);
  if (base != 10 && !written.empty() && written[0] == '_') written.remove_prefix(1);
  if (!TakeDigits(written, static_cast<int>(base), digits)) {
    Reject(Kind::InvalidNumber, span, std::string(spelled));
  }
  if (base != 10) return ast::IntLiteral{ToDecimal(digits, base)};
  const size_t significant = digits.find_first_not_of('0');
  if (significant == std::string::npos) return ast::IntLiteral{"0"};
  if (significant > 0)
    Reject(Kind::LeadingZero, span, std::string(spelled), digits.substr(significant));
  return ast::IntLiteral{digits};
}

}  // namespace ormc::syntax
