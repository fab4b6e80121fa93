#include "server/answer/verified.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include "server/answer/trigrams.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr double kNear = 0.3;  // below it, what is offered has little to do with the question
constexpr const char* kLoad =
    "SELECT question, ai_assistant_normalize(question), snippet, slots, explanation,"
    " ai_assistant_normalize($1::text) FROM ai_assistant_verifiedquery WHERE enabled"
    " UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, ai_assistant_normalize($1::text)";

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

int Number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// "2026-11-22" -> "date(2026, 11, 22)"
std::optional<std::string> DateLiteral(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = text.substr(0, 4);
  const auto month = text.substr(5, 2);
  const auto day = text.substr(8, 2);
  if (!AllDigits(year) || !AllDigits(month) || !AllDigits(day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(Number(year)),
                                         std::chrono::month(static_cast<unsigned>(Number(month))),
                                         std::chrono::day(static_cast<unsigned>(Number(day)))};
  if (!date.ok() || Number(year) < 1) return std::nullopt;
  return "date(" + std::to_string(Number(year)) + ", " + std::to_string(Number(month)) + ", " +
         std::to_string(Number(day)) + ")";
}

// Digits with one optional sign and point; the text itself is then a literal of the language.
std::optional<std::string> NumberLiteral(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  const bool fits = AllDigits(whole) && whole.size() <= 18 &&
                    (point == std::string_view::npos || AllDigits(digits.substr(point + 1)));
  if (!fits || digits.size() > 30) return std::nullopt;
  std::string literal(whole.substr(std::min(whole.find_first_not_of('0'), whole.size() - 1)));
  if (point != std::string_view::npos) literal.append(digits.substr(point));
  return (text.starts_with('-') ? "-" : "") + literal;
}

std::string TextLiteral(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') literal.push_back('\\');
    literal.push_back(c);
  }
  return literal + "'";
}

std::optional<std::string> LiteralOf(const Slot& slot, std::string_view text) {
  if (slot.type == "date") return DateLiteral(text);
  if (slot.type == "number") return NumberLiteral(text);
  if (slot.type != "choice") return std::nullopt;
  for (const std::string& choice : slot.choices) {
    if (LowerAscii(choice) == text) return TextLiteral(choice);
  }
  return std::nullopt;
}

const Slot* FindSlot(const std::vector<Slot>& slots, std::string_view name) {
  const auto found = std::find_if(slots.begin(), slots.end(),
                                  [&](const Slot& s) { return LowerAscii(s.name) == name; });
  return found == slots.end() ? nullptr : &*found;
}

using Literals = std::map<std::string, std::string, std::less<>>;

// Fits `text` to `pattern`; a slot ends where the text after it begins, tried from the left.
bool FitSlots(std::string_view pattern, std::string_view text, const std::vector<Slot>& slots,
              Literals& literals) {
  const size_t open = pattern.find(kOpen);
  if (open == std::string_view::npos) return pattern == text;
  const size_t close = pattern.find(kClose, open);
  if (close == std::string_view::npos || !text.starts_with(pattern.substr(0, open))) return false;
  const Slot* slot = FindSlot(slots, pattern.substr(open + 2, close - open - 2));
  if (slot == nullptr) return false;
  const std::string_view rest = pattern.substr(close + 2);
  text.remove_prefix(open);
  for (size_t length = 1; length <= text.size(); ++length) {
    const auto literal = LiteralOf(*slot, text.substr(0, length));
    if (!literal || !FitSlots(rest, text.substr(length), slots, literals)) continue;
    const auto [known, fresh] = literals.emplace(slot->name, *literal);
    return fresh || known->second == *literal;
  }
  return false;
}

// None where the snippet names a slot that the question did not fill.
std::optional<std::string> FillSnippet(std::string_view snippet, const Literals& literals) {
  std::string filled;
  while (true) {
    const size_t open = snippet.find(kOpen);
    if (open == std::string_view::npos) break;
    const size_t close = snippet.find(kClose, open);
    if (close == std::string_view::npos) return std::nullopt;
    const auto literal = literals.find(snippet.substr(open + 2, close - open - 2));
    if (literal == literals.end()) return std::nullopt;
    filled.append(snippet.substr(0, open)).append(literal->second);
    snippet.remove_prefix(close + 2);
  }
  return filled.append(snippet);
}

std::vector<Slot> ReadSlots(const std::string& text) {
  std::vector<Slot> slots;
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_array()) return slots;
  for (const json::value& item : value.get_array()) {
    if (!item.is_object()) continue;
    const auto member = [&](std::string_view name) -> std::string {
      const json::value* found = item.get_object().if_contains(name);
      return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
    };
    Slot slot{member("name"), member("type"), {}};
    if (const json::value* choices = item.get_object().if_contains("choices");
        choices != nullptr && choices->is_array()) {
      for (const json::value& choice : choices->get_array()) {
        if (choice.is_string()) slot.choices.emplace_back(choice.get_string());
      }
    }
    slots.push_back(std::move(slot));
  }
  return slots;
}

}  // namespace

std::optional<VerifiedAnswer> MatchVerified(const std::vector<VerifiedQuery>& queries,
                                            std::string_view normalized) {
  for (const VerifiedQuery& query : queries) {
    if (query.slots.empty() && query.normalized == normalized)
      return VerifiedAnswer{query.snippet, query.explanation};
  }
  for (const VerifiedQuery& query : queries) {
    Literals literals;
    if (query.slots.empty() || !FitSlots(query.normalized, normalized, query.slots, literals))
      continue;
    if (auto snippet = FillSnippet(query.snippet, literals))
      return VerifiedAnswer{std::move(*snippet), query.explanation};
  }
  return std::nullopt;
}

std::vector<const VerifiedQuery*> NearVerified(const std::vector<VerifiedQuery>& queries,
                                               std::string_view normalized) {
  std::vector<std::pair<double, const VerifiedQuery*>> near;
  const Trigrams asked = TrigramsOf(normalized);
  for (const VerifiedQuery& query : queries) {
    const double similarity = Similarity(TrigramsOf(query.normalized), asked);
    if (query.slots.empty() && similarity >= kNear) near.emplace_back(similarity, &query);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const VerifiedQuery*> queries_only;
  for (const auto& [similarity, query] : near) queries_only.push_back(query);
  return queries_only;
}

Statement AskVerified(std::string question) { return Statement::Of(kLoad, std::move(question)); }

VerifiedQueries ReadVerified(const Rows& rows) {
  VerifiedQueries loaded;
  for (int row = 0; row < rows.size(); ++row) {
    if (rows.null(row, 0)) {
      loaded.normalized = rows.text(row, 5);
      continue;
    }
    loaded.queries.push_back({rows.text(row, 0), rows.text(row, 1), rows.text(row, 2),
                              ReadSlots(rows.text(row, 3)), rows.text(row, 4)});
  }
  return loaded;
}

}  // namespace ormc::server
