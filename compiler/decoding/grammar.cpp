#include <cctype>
#include <string_view>

#include "compiler/decoding/decoding.h"

namespace ormc::decoding {
namespace {

// A line is `name = body`.  Capital names are tokens, and each token takes the blanks behind it.  A line with
// `~` stands twice: outside of brackets, and within (`_in`), where blanks may be line ends.  `$name` is
// filled by Words.  No token needs a priority: where two fit, the rules decide.
constexpr std::string_view kTemplate =
#include "compiler/decoding/template.inc"
    ;

constexpr std::string_view kAnyName = "[A-Za-z] [A-Za-z0-9_]*";
constexpr std::string_view kAnyTitle = "[A-Z] [A-Za-z0-9_]*";
// A name of the snippet's own: without `__`, which chains.
constexpr std::string_view kOwnName = "[a-z] [A-Za-z0-9]* (\"_\" [A-Za-z0-9]+)*";

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool IsCapital(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }

std::string AnyOf(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "\"" : " | \"") + name + "\"";
  return out;
}

std::string Filling(std::string_view place, const Words& words) {
  if (place == "callables") return AnyOf(words.callables);
  if (place == "methods") return AnyOf(words.methods);
  if (place == "titles") return words.titles.empty() ? std::string(kAnyTitle) : AnyOf(words.titles);
  if (place == "attributes") {
    std::string any = "\"_default_manager\" | \"_base_manager\" | ";
    if (words.members.empty()) return any + std::string(kAnyName);
    return any + "[a-z] [A-Za-z0-9_]* | [A-Z] [A-Z0-9_]* | " + AnyOf(words.members);
  }
  if (words.fields.empty()) return std::string(kAnyName);
  return "(FIELD (\"__\" FIELD)* | " + std::string(kOwnName) + ") (\"__\" LOOKUP)*";
}

// A name of the template as the notation writes it.
std::string Spelled(Notation notation, std::string_view name) {
  if (notation == Notation::kGbnf && name == "start") return "root";
  const bool lower = notation == Notation::kGbnf || !IsCapital(name.front());
  std::string spelled;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const char cased = static_cast<char>(lower ? std::tolower(byte) : std::toupper(byte));
    spelled += notation == Notation::kGbnf && c == '_' ? '-' : cased;
  }
  return spelled;
}

class Writer {
 public:
  Writer(Notation notation, const Words& words) : notation_(notation), words_(words) {}

  std::string Run() {
    for (std::string_view rest = kTemplate; !rest.empty();) {
      const size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      Rule(line, false);
      if (line.find('~') != std::string_view::npos) Rule(line, true);
      rest.remove_prefix(end + 1);
    }
    if (!words_.fields.empty()) {
      Rule("FIELD = " + AnyOf(words_.fields), false);
      Rule("LOOKUP = " + AnyOf(words_.lookups), false);
    }
    return std::move(out_);
  }

 private:
  void Rule(std::string_view line, bool within) {
    const size_t equal = line.find(" = ");
    out_ += Body(line.substr(0, equal), within);
    out_ += notation_ == Notation::kLark ? ": " : " ::= ";
    out_ += Body(line.substr(equal + 3), within) + "\n";
  }

  std::string Body(std::string_view text, bool within) const {
    std::string out;
    for (size_t at = 0; at < text.size();) {
      const char c = text[at];
      size_t end = at + 1;
      if (c == '"' || c == '[') {
        const char close = c == '"' ? '"' : ']';
        while (text[end] != close) end += text[end] == '\\' ? 2 : 1;
        ++end;
        const std::string_view literal = text.substr(at, end - at);
        const bool as_regex = c == '[' && notation_ == Notation::kLark;
        out.append(as_regex ? "/" : "").append(literal).append(as_regex ? "/" : "");
      } else if (c == '$') {
        while (end < text.size() && IsNameCharacter(text[end])) ++end;
        out += Body(Filling(text.substr(at + 1, end - at - 1), words_), within);
      } else if (IsNameCharacter(c)) {
        while (end < text.size() && IsNameCharacter(text[end])) ++end;
        std::string name(text.substr(at, end - at));
        if (end < text.size() && text[end] == '~') {
          ++end;
          if (within) name += "_in";
        }
        out += Spelled(notation_, name);
      } else {
        out += c;
      }
      at = end;
    }
    return out;
  }

  Notation notation_;
  const Words& words_;
  std::string out_;
};

}  // namespace

std::string Grammar(Notation notation, const Words& words) { return Writer(notation, words).Run(); }

}  // namespace ormc::decoding
