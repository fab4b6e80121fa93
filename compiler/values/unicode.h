// Python's str is a sequence of code points; ours is UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ormc {

bool IsAscii(std::string_view utf8);
size_t CodePointCount(std::string_view utf8);
std::u32string ToCodePoints(std::string_view utf8);
std::string ToUtf8(std::u32string_view code_points);
void AppendUtf8(std::string& text, char32_t code_point);

// As str's methods of these names classify one character (Unicode's tables, by ICU).
bool IsPrintable(char32_t c);
bool IsSpace(char32_t c);
bool IsAlpha(char32_t c);
bool IsDecimalDigit(char32_t c);
bool IsDigit(char32_t c);
bool IsNumeric(char32_t c);
bool IsLower(char32_t c);
bool IsUpper(char32_t c);
bool IsTitle(char32_t c);
bool IsCased(char32_t c);
// The value of a decimal digit of any script, or -1.
int DigitValue(char32_t c);

std::string Upper(std::string_view text);
std::string Lower(std::string_view text);
std::string Title(std::string_view text);
std::string Capitalize(std::string_view text);
std::string SwapCase(std::string_view text);
std::string CaseFold(std::string_view text);

}  // namespace ormc
