#include <algorithm>

#include "compiler/diagnostics/render.h"

namespace ormc {
namespace {

constexpr size_t kLongestLine = 160;  // code points of a shown line; more is cut around the span

bool IsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }

size_t Characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), IsCharacter));
}

// The first `count` code points.
std::string_view Prefix(std::string_view text, size_t count) {
  size_t end = 0;
  while (end < text.size() && (count > 0 || !IsCharacter(text[end]))) {
    count -= IsCharacter(text[end]) ? 1 : 0;
    ++end;
  }
  return text.substr(0, end);
}

// Marks without a width, and those that reorder text: U+200B to U+200F, U+202A to U+202E, U+2060 to U+2069.
bool HidesText(std::string_view character) {
  if (character.size() != 3 || character[0] != '\xe2') return false;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  if (second == 0x81) return third >= 0xa0 && third <= 0xa9;
  return second == 0x80 && ((third >= 0x8b && third <= 0x8f) || (third >= 0xaa && third <= 0xae));
}

// What a terminal would not show as one cell: control characters and broken UTF-8 as `?`, tabs as a
// blank.
std::string Printable(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\t') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7f) {
      out += '?';
    } else if (byte < 0x80) {
      out += text[i];
    } else {
      // A whole sequence is shown as it is, anything else as one `?`; columns count its first byte.
      const size_t bytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
      const std::string_view rest = text.substr(i, bytes);
      const bool whole = bytes != 0 && rest.size() == bytes && Characters(rest) == 1;
      const bool control = whole && byte == 0xc2 && static_cast<unsigned char>(rest[1]) < 0xa0;
      if (whole && !control && !HidesText(rest)) {
        out += rest;
      } else if (IsCharacter(text[i])) {
        out += '?';
      }
      if (whole) i += bytes - 1;
    }
  }
  return out;
}

class TextRenderer {
 public:
  TextRenderer(const Diagnostic& diagnostic, const NamedSource& source)
      : diagnostic_(diagnostic),
        source_(source),
        begin_(PositionOf(source.text, diagnostic.span.begin)) {
    margin_ = std::string(std::to_string(begin_.line).size(), ' ');
  }

  std::string Run() {
    out_ = "error[" + CodeOf(diagnostic_.kind) + "]: " + Printable(MessageOf(diagnostic_)) + "\n";
    out_ += margin_ + "--> " + std::string(source_.name) + ":" + std::to_string(begin_.line) + ":" +
            std::to_string(begin_.column) + "\n";
    Line();
    if (const std::string hint = HintOf(diagnostic_); !hint.empty()) {
      out_ += margin_ + " = help: " + Printable(hint) + "\n";
    }
    for (const Fix& fix : diagnostic_.fixes) {
      const Position at = PositionOf(source_.text, fix.span.begin);
      out_ += margin_ +
              " = fix: " + (fix.text.empty() ? "remove" : "write `" + Printable(fix.text) + "`") +
              " at " + std::to_string(at.line) + ":" + std::to_string(at.column) + "\n";
    }
    return std::move(out_);
  }

 private:
  // The line of the span's begin with carets below the part of the span that is on it.
  void Line() {
    std::string_view line = LineAt(source_.text, diagnostic_.span.begin);
    while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    size_t before = std::min<size_t>(begin_.column - 1, Characters(line));
    const size_t line_begin = diagnostic_.span.begin - Prefix(line, before).size();
    const size_t end = std::min<size_t>(diagnostic_.span.end, line_begin + line.size());
    const size_t inside =
        end > diagnostic_.span.begin
            ? Characters(source_.text.substr(diagnostic_.span.begin, end - diagnostic_.span.begin))
            : 0;
    size_t carets = std::max<size_t>(inside, 1);
    std::string shown(line);
    if (Characters(line) > kLongestLine) Cut(shown, before, carets);
    out_ += margin_ + " |\n";
    out_ += std::to_string(begin_.line) + " | " + Printable(shown) + "\n";
    out_ += margin_ + " | " + std::string(before, ' ') + std::string(carets, '^') + "\n";
  }

  static void Cut(std::string& line, size_t& before, size_t& carets) {
    const size_t skipped = before > kLongestLine / 2 ? before - kLongestLine / 2 : 0;
    const std::string_view rest = std::string_view(line).substr(Prefix(line, skipped).size());
    const std::string_view kept = Prefix(rest, kLongestLine);
    std::string cut =
        (skipped > 0 ? "..." : "") + std::string(kept) + (kept.size() < rest.size() ? "..." : "");
    before = before - skipped + (skipped > 0 ? 3 : 0);
    carets = std::min(carets, Characters(cut) > before ? Characters(cut) - before : 1);
    line = std::move(cut);
  }

  const Diagnostic& diagnostic_;
  const NamedSource& source_;
  Position begin_;
  std::string margin_;
  std::string out_;
};

}  // namespace

std::string RenderText(const std::vector<Diagnostic>& diagnostics, const NamedSource& source) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += "\n";
    out += TextRenderer(diagnostic, source).Run();
  }
  return out;
}

std::string ApplyFixes(const std::vector<Diagnostic>& diagnostics, std::string_view text) {
  std::vector<Fix> fixes;
  for (const Diagnostic& diagnostic : diagnostics) {
    fixes.insert(fixes.end(), diagnostic.fixes.begin(), diagnostic.fixes.end());
  }
  std::stable_sort(fixes.begin(), fixes.end(),
                   [](const Fix& a, const Fix& b) { return a.span.begin < b.span.begin; });
  std::string out;
  size_t at = 0;
  for (const Fix& fix : fixes) {
    if (fix.span.begin < at) continue;
    out += text.substr(at, fix.span.begin - at);
    out += fix.text;
    at = fix.span.end;
  }
  return out + std::string(text.substr(at));
}

}  // namespace ormc
