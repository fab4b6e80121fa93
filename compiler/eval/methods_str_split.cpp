// Methods of str that take text apart and put it together.
#include <algorithm>

#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

const std::string& Self(const Call& call) { return *call.self.text(); }
Value Made(Call& call, std::string text) { return call.machine.NewStr(std::move(text)); }

Value Strip(Call& call, bool left, bool right) {
  const std::u32string points = ToCodePoints(Self(call));
  std::u32string chars;
  const bool given = call.Has(0) && !call[0].is_none();
  if (given) {
    if (!call[0].text()) RaiseType("strip arg must be None or str");
    chars = ToCodePoints(*call[0].text());
  }
  const auto cut = [&](char32_t c) {
    return given ? chars.find(c) != std::u32string::npos : IsSpace(c);
  };
  size_t begin = 0;
  size_t end = points.size();
  while (left && begin < end && cut(points[begin])) ++begin;
  while (right && end > begin && cut(points[end - 1])) --end;
  return Made(call, ToUtf8(std::u32string_view(points).substr(begin, end - begin)));
}

Value StripBoth(Call& call) { return Strip(call, true, true); }
Value StripLeft(Call& call) { return Strip(call, true, false); }
Value StripRight(Call& call) { return Strip(call, false, true); }

Value ListOfTexts(Call& call, std::vector<std::string> parts) {
  std::vector<Value> items;
  items.reserve(parts.size());
  for (std::string& part : parts) items.push_back(Made(call, std::move(part)));
  return call.machine.NewList(std::move(items));
}

// Runs of blanks separate; `limit` splits at most, from the left or from the right.
std::vector<std::string> SplitBlanks(std::string_view text, int64_t limit, bool from_right) {
  const std::u32string points = ToCodePoints(text);
  std::vector<std::pair<size_t, size_t>> words;
  for (size_t i = 0; i < points.size();) {
    if (IsSpace(points[i])) {
      ++i;
      continue;
    }
    const size_t begin = i;
    while (i < points.size() && !IsSpace(points[i])) ++i;
    words.emplace_back(begin, i);
  }
  const std::u32string_view all = points;
  std::vector<std::string> parts;
  const auto kept = static_cast<size_t>(limit < 0 ? INT64_MAX : limit);
  size_t end = points.size();
  while (end > 0 && IsSpace(points[end - 1])) --end;
  size_t begin = 0;
  while (begin < points.size() && IsSpace(points[begin])) ++begin;
  if (words.size() <= kept) {
    for (const auto& [from, to] : words) parts.push_back(ToUtf8(all.substr(from, to - from)));
    return parts;
  }
  if (from_right) {
    const size_t first = words.size() - kept;
    const size_t stop = words[first - 1].second;
    parts.push_back(ToUtf8(all.substr(0, stop)));
    if (kept == 0) parts.back() = ToUtf8(all.substr(0, end));
    for (size_t i = first; i < words.size(); ++i) {
      parts.push_back(ToUtf8(all.substr(words[i].first, words[i].second - words[i].first)));
    }
    return parts;
  }
  for (size_t i = 0; i < kept; ++i) {
    parts.push_back(ToUtf8(all.substr(words[i].first, words[i].second - words[i].first)));
  }
  const size_t rest = kept == 0 ? begin : words[kept].first;
  parts.push_back(ToUtf8(all.substr(rest)));
  return parts;
}

std::vector<std::string> SplitAt(std::string_view text, std::string_view separator, int64_t limit,
                                 bool from_right) {
  std::vector<std::string> parts;
  std::string_view left = text;
  while (limit < 0 || static_cast<int64_t>(parts.size()) < limit) {
    const size_t at = from_right ? left.rfind(separator) : left.find(separator);
    if (at == std::string_view::npos) break;
    if (from_right) {
      parts.emplace_back(left.substr(at + separator.size()));
      left = left.substr(0, at);
    } else {
      parts.emplace_back(left.substr(0, at));
      left.remove_prefix(at + separator.size());
    }
  }
  parts.emplace_back(left);
  if (from_right) std::reverse(parts.begin(), parts.end());
  return parts;
}

Value SplitFrom(Call& call, bool from_right) {
  const int64_t limit = call.Has(1) ? NeedIndex(call[1]) : -1;
  call.machine.meter().Step(Self(call).size() / 8 + 1);
  if (!call.Has(0) || call[0].is_none()) {
    return ListOfTexts(call, SplitBlanks(Self(call), limit, from_right));
  }
  if (!call[0].text()) RaiseType("must be str or None, not " + FullTypeName(call[0]));
  if (call[0].text()->empty()) RaiseValue("empty separator");
  return ListOfTexts(call, SplitAt(Self(call), *call[0].text(), limit, from_right));
}

Value Split(Call& call) { return SplitFrom(call, false); }
Value RSplit(Call& call) { return SplitFrom(call, true); }

bool IsLineEnd(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

Value SplitLines(Call& call) {
  const bool keep = call.Has(0) && call.machine.Truth(call[0]);
  const std::u32string points = ToCodePoints(Self(call));
  std::vector<std::string> lines;
  for (size_t i = 0; i < points.size();) {
    const size_t begin = i;
    while (i < points.size() && !IsLineEnd(points[i])) ++i;
    size_t end = i;
    if (i < points.size()) {
      i += points[i] == U'\r' && i + 1 < points.size() && points[i + 1] == U'\n' ? 2 : 1;
      if (keep) end = i;
    }
    lines.push_back(ToUtf8(std::u32string_view(points).substr(begin, end - begin)));
  }
  return ListOfTexts(call, std::move(lines));
}

Value Join(Call& call) {
  std::string text;
  int64_t index = 0;
  call.ForEach(0, [&](const Value& item) {
    if (!item.text()) {
      RaiseType("sequence item " + std::to_string(index) + ": expected str instance, " +
                FullTypeName(item) + " found");
    }
    if (index++ > 0) text += Self(call);
    call.machine.meter().Bytes(item.text()->size() + Self(call).size());
    text += *item.text();
    return true;
  });
  return Value::Str(std::move(text));
}

Value PartitionAt(Call& call, bool from_right) {
  const std::string& separator = NeedStr(call, 0, "partition()");
  if (separator.empty()) RaiseValue("empty separator");
  const std::string& text = Self(call);
  const size_t at = from_right ? text.rfind(separator) : text.find(separator);
  if (at == std::string::npos) {
    return from_right ? call.machine.NewTuple({Value::Str(""), Value::Str(""), call.self})
                      : call.machine.NewTuple({call.self, Value::Str(""), Value::Str("")});
  }
  return call.machine.NewTuple(
      {Made(call, text.substr(0, at)), call[0], Made(call, text.substr(at + separator.size()))});
}

Value Partition(Call& call) { return PartitionAt(call, false); }
Value RPartition(Call& call) { return PartitionAt(call, true); }

}  // namespace

const Rows& StrSplitMethods() {
  static const Rows rows = {
      {"str", "strip", "chars=, /", StripBoth, "without blanks at both ends"},
      {"str", "lstrip", "chars=, /", StripLeft, "without blanks at its start"},
      {"str", "rstrip", "chars=, /", StripRight, "without blanks at its end"},
      {"str", "split", "sep=, maxsplit=", Split, "its parts between separators"},
      {"str", "rsplit", "sep=, maxsplit=", RSplit, "the same, counted from the right"},
      {"str", "splitlines", "keepends=", SplitLines, "its lines"},
      {"str", "join", "iterable, /", Join, "texts with this one between them"},
      {"str", "partition", "sep, /", Partition, "before, separator, after"},
      {"str", "rpartition", "sep, /", RPartition, "the same at the last separator"},
  };
  return rows;
}

}  // namespace ormc::eval
