#include "compiler/values/unicode.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace ormc {

bool IsAscii(std::string_view utf8) {
  for (char c : utf8) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

size_t CodePointCount(std::string_view utf8) {
  size_t count = 0;
  for (char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
  return count;
}

std::u32string ToCodePoints(std::string_view utf8) {
  std::u32string points;
  points.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
    for (size_t k = 1; k < length && i + k < utf8.size(); ++k) {
      point = point << 6U | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    }
    points += point;
    i += length;
  }
  return points;
}

void AppendUtf8(std::string& text, char32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
    return;
  }
  const int tails = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  const unsigned lead = tails == 1 ? 0xC0U : tails == 2 ? 0xE0U : 0xF0U;
  text += static_cast<char>(lead | (c >> (6U * static_cast<unsigned>(tails))));
  for (int i = tails; i-- > 0;) {
    text += static_cast<char>(0x80U | ((c >> (6U * static_cast<unsigned>(i))) & 0x3FU));
  }
}

std::string ToUtf8(std::u32string_view code_points) {
  std::string text;
  text.reserve(code_points.size());
  for (char32_t c : code_points) AppendUtf8(text, c);
  return text;
}

namespace {

UChar32 Point(char32_t c) { return static_cast<UChar32>(c); }

int32_t NumericType(char32_t c) { return u_getIntPropertyValue(Point(c), UCHAR_NUMERIC_TYPE); }

icu::UnicodeString FromUtf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string Utf8Of(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

// One character in title case: "ß" becomes "Ss", "ǆ" becomes "ǅ".
void AppendTitle(icu::UnicodeString& out, char32_t c) {
  icu::UnicodeString one(Point(c));
  out += one.toTitle(nullptr, icu::Locale::getRoot(),
                     U_TITLECASE_NO_LOWERCASE | U_TITLECASE_NO_BREAK_ADJUSTMENT);
}

// Does a word end with the sigma at `at`?  As CPython asks: a letter before it, none after it.
bool IsFinalSigma(std::u32string_view text, size_t at) {
  const auto is_ignorable = [](char32_t c) {
    return u_hasBinaryProperty(Point(c), UCHAR_CASE_IGNORABLE) != 0;
  };
  size_t before = at;
  while (before > 0 && is_ignorable(text[before - 1])) --before;
  size_t after = at + 1;
  while (after < text.size() && is_ignorable(text[after])) ++after;
  return before > 0 && IsCased(text[before - 1]) && (after == text.size() || !IsCased(text[after]));
}

// One character in lower case, in its context.
void AppendLower(icu::UnicodeString& out, std::u32string_view text, size_t at) {
  constexpr char32_t kSigma = U'\u03A3';
  if (text[at] == kSigma) {
    out += IsFinalSigma(text, at) ? u'\u03C2' : u'\u03C3';
  } else {
    out += icu::UnicodeString(Point(text[at])).toLower(icu::Locale::getRoot());
  }
}

}  // namespace

bool IsPrintable(char32_t c) {
  if (c == ' ') return true;
  switch (u_charType(Point(c))) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_SURROGATE:
    case U_PRIVATE_USE_CHAR:
    case U_UNASSIGNED:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_SPACE_SEPARATOR:
      return false;
    default:
      return true;
  }
}

bool IsSpace(char32_t c) {
  if ((c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85) return true;
  return c > 0x85 && u_isUWhiteSpace(Point(c)) != 0;
}

bool IsAlpha(char32_t c) { return u_isalpha(Point(c)) != 0; }
bool IsDecimalDigit(char32_t c) { return u_charType(Point(c)) == U_DECIMAL_DIGIT_NUMBER; }
bool IsDigit(char32_t c) {
  const int32_t type = NumericType(c);
  return type == U_NT_DECIMAL || type == U_NT_DIGIT;
}
bool IsNumeric(char32_t c) { return NumericType(c) != U_NT_NONE; }
bool IsLower(char32_t c) { return u_isULowercase(Point(c)) != 0; }
bool IsUpper(char32_t c) { return u_isUUppercase(Point(c)) != 0; }
bool IsTitle(char32_t c) { return u_istitle(Point(c)) != 0; }
bool IsCased(char32_t c) { return IsLower(c) || IsUpper(c) || IsTitle(c); }
int DigitValue(char32_t c) { return u_charDigitValue(Point(c)); }

std::string Upper(std::string_view text) {
  return Utf8Of(FromUtf8(text).toUpper(icu::Locale::getRoot()));
}

std::string Lower(std::string_view text) {
  return Utf8Of(FromUtf8(text).toLower(icu::Locale::getRoot()));
}

std::string CaseFold(std::string_view text) { return Utf8Of(FromUtf8(text).foldCase()); }

std::string Title(std::string_view text) {
  icu::UnicodeString out;
  bool in_word = false;
  const std::u32string points = ToCodePoints(text);
  for (size_t i = 0; i < points.size(); ++i) {
    if (in_word) {
      AppendLower(out, points, i);
    } else {
      AppendTitle(out, points[i]);
    }
    in_word = IsCased(points[i]);
  }
  return Utf8Of(out);
}

std::string Capitalize(std::string_view text) {
  const std::u32string points = ToCodePoints(text);
  if (points.empty()) return "";
  icu::UnicodeString out;
  AppendTitle(out, points.front());
  for (size_t i = 1; i < points.size(); ++i) AppendLower(out, points, i);
  return Utf8Of(out);
}

std::string SwapCase(std::string_view text) {
  icu::UnicodeString out;
  const std::u32string points = ToCodePoints(text);
  for (size_t i = 0; i < points.size(); ++i) {
    icu::UnicodeString one(Point(points[i]));
    if (IsUpper(points[i])) {
      AppendLower(out, points, i);
    } else if (IsLower(points[i])) {
      out += one.toUpper(icu::Locale::getRoot());
    } else {
      out += one;
    }
  }
  return Utf8Of(out);
}

}  // namespace ormc
