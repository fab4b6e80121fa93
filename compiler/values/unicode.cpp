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

// Lower case in its context (final sigma), code point by code point of the whole.
std::u32string LowerPoints(std::string_view text) { return ToCodePoints(Lower(text)); }

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
  for (char32_t c : ToCodePoints(text)) {
    if (in_word) {
      out += icu::UnicodeString(Point(c)).toLower(icu::Locale::getRoot());
    } else {
      AppendTitle(out, c);
    }
    in_word = IsCased(c);
  }
  return Utf8Of(out);
}

std::string Capitalize(std::string_view text) {
  const std::u32string points = ToCodePoints(text);
  if (points.empty()) return "";
  icu::UnicodeString out;
  AppendTitle(out, points.front());
  return Utf8Of(out) + ToUtf8(LowerPoints(ToUtf8(std::u32string_view(points).substr(1))));
}

std::string SwapCase(std::string_view text) {
  icu::UnicodeString out;
  for (char32_t c : ToCodePoints(text)) {
    icu::UnicodeString one(Point(c));
    if (IsUpper(c)) {
      out += one.toLower(icu::Locale::getRoot());
    } else if (IsLower(c)) {
      out += one.toUpper(icu::Locale::getRoot());
    } else {
      out += one;
    }
  }
  return Utf8Of(out);
}

}  // namespace ormc
