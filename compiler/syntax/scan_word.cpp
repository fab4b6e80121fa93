#include "compiler/syntax/scan_word.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ormc::syntax {
namespace {

using Row = std::pair<std::string_view, tok::Type>;

// In the order of their bytes, for the binary search.
constexpr std::array kKeywords = {
    Row{"False", tok::FALSE},
    Row{"None", tok::NONE},
    Row{"True", tok::TRUE},
    Row{"and", tok::AND},
    Row{"as", tok::AS},
    Row{"assert", tok::ASSERT},
    Row{"async", tok::ASYNC},
    Row{"await", tok::AWAIT},
    Row{"break", tok::BREAK},
    Row{"class", tok::CLASS},
    Row{"continue", tok::CONTINUE},
    Row{"def", tok::DEF},
    Row{"del", tok::DEL},
    Row{"elif", tok::ELIF},
    Row{"else", tok::ELSE},
    Row{"except", tok::EXCEPT},
    Row{"finally", tok::FINALLY},
    Row{"for", tok::FOR},
    Row{"from", tok::FROM},
    Row{"global", tok::GLOBAL},
    Row{"if", tok::IF},
    Row{"import", tok::IMPORT},
    Row{"in", tok::IN},
    Row{"is", tok::IS},
    Row{"lambda", tok::LAMBDA},
    Row{"nonlocal", tok::NONLOCAL},
    Row{"not", tok::NOT},
    Row{"or", tok::OR},
    Row{"pass", tok::PASS},
    Row{"raise", tok::RAISE},
    Row{"return", tok::RETURN},
    Row{"try", tok::TRY},
    Row{"while", tok::WHILE},
    Row{"with", tok::WITH},
    Row{"yield", tok::YIELD},
};

// Longer marks before their beginnings.
constexpr std::array kMarks = {
    Row{"...", tok::ELLIPSIS},
    Row{"**=", tok::AUGMENT},
    Row{"//=", tok::AUGMENT},
    Row{"<<=", tok::AUGMENT},
    Row{">>=", tok::AUGMENT},
    Row{"**", tok::POWER},
    Row{"//", tok::DOUBLE_SLASH},
    Row{"<<", tok::SHIFT_LEFT},
    Row{">>", tok::SHIFT_RIGHT},
    Row{"<=", tok::LESS_EQUAL},
    Row{">=", tok::GREATER_EQUAL},
    Row{"==", tok::EQUAL_EQUAL},
    Row{"!=", tok::NOT_EQUAL},
    Row{"->", tok::ARROW},
    Row{":=", tok::WALRUS},
    Row{"+=", tok::AUGMENT},
    Row{"-=", tok::AUGMENT},
    Row{"*=", tok::AUGMENT},
    Row{"/=", tok::AUGMENT},
    Row{"%=", tok::AUGMENT},
    Row{"&=", tok::AUGMENT},
    Row{"|=", tok::AUGMENT},
    Row{"^=", tok::AUGMENT},
    Row{"@=", tok::AUGMENT},
    Row{"(", tok::LPAREN},
    Row{")", tok::RPAREN},
    Row{"[", tok::LBRACKET},
    Row{"]", tok::RBRACKET},
    Row{"{", tok::LBRACE},
    Row{"}", tok::RBRACE},
    Row{",", tok::COMMA},
    Row{":", tok::COLON},
    Row{";", tok::SEMICOLON},
    Row{".", tok::DOT},
    Row{"=", tok::EQUAL},
    Row{"!", tok::BANG},
    Row{"@", tok::AT},
    Row{"+", tok::PLUS},
    Row{"-", tok::MINUS},
    Row{"*", tok::STAR},
    Row{"/", tok::SLASH},
    Row{"%", tok::PERCENT},
    Row{"|", tok::PIPE},
    Row{"^", tok::CARET},
    Row{"&", tok::AMPERSAND},
    Row{"~", tok::TILDE},
    Row{"<", tok::LESS},
    Row{">", tok::GREATER},
};

// kFirstMark[c]: the rows of kMarks that begin with c are found from there.
constexpr std::array<uint8_t, 128> FirstMarks() {
  std::array<uint8_t, 128> first{};
  for (auto& row : first) row = static_cast<uint8_t>(kMarks.size());
  for (size_t i = kMarks.size(); i-- > 0;) {
    first[static_cast<size_t>(kMarks[i].first[0])] = static_cast<uint8_t>(i);
  }
  return first;
}
constexpr std::array<uint8_t, 128> kFirstMark = FirstMarks();

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

size_t SkipWord(std::string_view text, size_t at) {
  while (at < text.size() && IsWordPart(text[at])) ++at;
  return at;
}

}  // namespace

bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsWordPart(char c) { return IsWordStart(c) || IsDigit(c); }

tok::Type WordType(std::string_view word) {
  const auto row = std::lower_bound(kKeywords.begin(), kKeywords.end(), word,
                                    [](const Row& a, std::string_view b) { return a.first < b; });
  return row != kKeywords.end() && row->first == word ? row->second : tok::NAME;
}

Mark MarkAt(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first >= kFirstMark.size()) return {tok::END, 0};
  for (size_t i = kFirstMark[first]; i < kMarks.size(); ++i) {
    const Row& row = kMarks[i];
    if (text.substr(0, row.first.size()) == row.first) {
      return {row.second, static_cast<uint32_t>(row.first.size())};
    }
  }
  return {tok::END, 0};
}

uint32_t NumberBytes(std::string_view text) {
  // Letters are taken along (`12px`, `0xZZ`): literals.h says what is wrong with them.
  size_t end = SkipWord(text, 0);
  const bool prefixed = end > 1 && text[0] == '0' && !IsDigit(text[1]) && text[1] != '_' &&
                        text[1] != 'e' && text[1] != 'E' && text[1] != 'j' && text[1] != 'J';
  if (prefixed) return static_cast<uint32_t>(end);
  const auto sign_of_exponent = [&] {
    return end < text.size() && (text[end] == '+' || text[end] == '-') && end > 0 &&
           (text[end - 1] == 'e' || text[end - 1] == 'E') && end + 1 < text.size() &&
           IsDigit(text[end + 1]);
  };
  if (end < text.size() && text[end] == '.') end = SkipWord(text, end + 1);
  if (sign_of_exponent()) end = SkipWord(text, end + 1);
  return static_cast<uint32_t>(end);
}

}  // namespace ormc::syntax
