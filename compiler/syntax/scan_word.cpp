#include "compiler/syntax/scan_word.h"

#include <array>
#include <utility>

namespace ormc::syntax {
namespace {

using Row = std::pair<std::string_view, tok::Type>;

// In the order of their first bytes.
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

// In the order of their first bytes; longer marks before their beginnings.
constexpr std::array kMarks = {
    Row{"!=", tok::NOT_EQUAL},    Row{"!", tok::BANG},         Row{"%=", tok::AUGMENT},
    Row{"%", tok::PERCENT},       Row{"&=", tok::AUGMENT},     Row{"&", tok::AMPERSAND},
    Row{"(", tok::LPAREN},        Row{")", tok::RPAREN},       Row{"**=", tok::AUGMENT},
    Row{"**", tok::POWER},        Row{"*=", tok::AUGMENT},     Row{"*", tok::STAR},
    Row{"+=", tok::AUGMENT},      Row{"+", tok::PLUS},         Row{",", tok::COMMA},
    Row{"->", tok::ARROW},        Row{"-=", tok::AUGMENT},     Row{"-", tok::MINUS},
    Row{"...", tok::ELLIPSIS},    Row{".", tok::DOT},          Row{"//=", tok::AUGMENT},
    Row{"//", tok::DOUBLE_SLASH}, Row{"/=", tok::AUGMENT},     Row{"/", tok::SLASH},
    Row{":=", tok::WALRUS},       Row{":", tok::COLON},        Row{";", tok::SEMICOLON},
    Row{"<<=", tok::AUGMENT},     Row{"<<", tok::SHIFT_LEFT},  Row{"<=", tok::LESS_EQUAL},
    Row{"<", tok::LESS},          Row{"==", tok::EQUAL_EQUAL}, Row{"=", tok::EQUAL},
    Row{">>=", tok::AUGMENT},     Row{">>", tok::SHIFT_RIGHT}, Row{">=", tok::GREATER_EQUAL},
    Row{">", tok::GREATER},       Row{"@=", tok::AUGMENT},     Row{"@", tok::AT},
    Row{"[", tok::LBRACKET},      Row{"]", tok::RBRACKET},     Row{"^=", tok::AUGMENT},
    Row{"^", tok::CARET},         Row{"{", tok::LBRACE},       Row{"|=", tok::AUGMENT},
    Row{"|", tok::PIPE},          Row{"}", tok::RBRACE},       Row{"~", tok::TILDE},
};

// Where the rows of a table begin whose words have this first byte: those of byte c are
// [first[c], first[c + 1]).
template <size_t kRows>
constexpr std::array<uint8_t, 129> ByFirstByte(const std::array<Row, kRows>& table) {
  std::array<uint8_t, 129> first{};
  for (size_t c = 0, row = 0; c < first.size(); ++c) {
    while (row < kRows && static_cast<size_t>(table[row].first[0]) < c) ++row;
    first[c] = static_cast<uint8_t>(row);
  }
  return first;
}
constexpr auto kFirstKeyword = ByFirstByte(kKeywords);
constexpr auto kFirstMark = ByFirstByte(kMarks);

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

size_t SkipWord(std::string_view text, size_t at) {
  while (at < text.size() && IsWordPart(text[at])) ++at;
  return at;
}

}  // namespace

tok::Type WordType(std::string_view word) {
  const auto first = static_cast<unsigned char>(word[0]);
  if (first >= kFirstKeyword.size() - 1) return tok::NAME;
  for (size_t i = kFirstKeyword[first]; i < kFirstKeyword[first + 1]; ++i) {
    if (kKeywords[i].first == word) return kKeywords[i].second;
  }
  return tok::NAME;
}

Mark MarkAt(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first >= kFirstMark.size() - 1) return {tok::END, 0};
  for (size_t i = kFirstMark[first]; i < kFirstMark[first + 1]; ++i) {
    const auto& [mark, type] = kMarks[i];
    if (mark.size() == 1 || text.starts_with(mark)) {
      return {type, static_cast<uint32_t>(mark.size())};
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
