// Methods of str that ask about its characters.
#include "compiler/eval/table.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

// Is there a character, and is each of the kind?
template <bool (*test)(char32_t)>
Value Every(Call& call) {
  const std::u32string points = ToCodePoints(*call.self.text());
  for (char32_t c : points) {
    if (!test(c)) return Value::Bool(false);
  }
  return Value::Bool(!points.empty());
}

bool IsAlnum(char32_t c) { return IsAlpha(c) || IsDecimalDigit(c) || IsDigit(c) || IsNumeric(c); }

Value Ascii(Call& call) { return Value::Bool(IsAscii(*call.self.text())); }

Value Printable(Call& call) {
  for (char32_t c : ToCodePoints(*call.self.text())) {
    if (!IsPrintable(c)) return Value::Bool(false);
  }
  return Value::Bool(true);
}

// Some cased character, and none of the other case.
template <bool (*wanted)(char32_t), bool (*other)(char32_t)>
Value InCase(Call& call) {
  bool cased = false;
  for (char32_t c : ToCodePoints(*call.self.text())) {
    if (other(c) || IsTitle(c)) return Value::Bool(false);
    cased = cased || wanted(c);
  }
  return Value::Bool(cased);
}

Value InTitle(Call& call) {
  bool cased = false;
  bool in_word = false;
  for (char32_t c : ToCodePoints(*call.self.text())) {
    if (IsUpper(c) || IsTitle(c)) {
      if (in_word) return Value::Bool(false);
      in_word = cased = true;
    } else if (IsLower(c)) {
      if (!in_word) return Value::Bool(false);
      cased = true;
    } else {
      in_word = false;
    }
  }
  return Value::Bool(cased);
}

}  // namespace

const Rows& StrTestMethods() {
  static const Rows rows = {
      {"str", "isdigit", "", Every<IsDigit>, "whether all are digits"},
      {"str", "isdecimal", "", Every<IsDecimalDigit>, "whether all are decimal digits"},
      {"str", "isnumeric", "", Every<IsNumeric>, "whether all are numeric"},
      {"str", "isalpha", "", Every<IsAlpha>, "whether all are letters"},
      {"str", "isalnum", "", Every<IsAlnum>, "whether all are letters or numbers"},
      {"str", "isspace", "", Every<IsSpace>, "whether all are blanks"},
      {"str", "isascii", "", Ascii, "whether all are ASCII"},
      {"str", "isprintable", "", Printable, "whether all can be printed"},
      {"str", "isupper", "", InCase<IsUpper, IsLower>, "whether cased ones are upper case"},
      {"str", "islower", "", InCase<IsLower, IsUpper>, "whether cased ones are lower case"},
      {"str", "istitle", "", InTitle, "whether each word is capitalised"},
  };
  return rows;
}

}  // namespace ormc::eval
