// Methods of str that search, replace and pad text.
#include <algorithm>

#include "compiler/eval/format.h"
#include "compiler/eval/operators.h"
#include "compiler/eval/table.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

const std::string& Self(const Call& call) { return *call.self.text(); }
Value Made(Call& call, std::string text) { return call.machine.NewStr(std::move(text)); }

template <std::string (*function)(std::string_view)>
Value Mapped(Call& call) {
  return Made(call, function(Self(call)));
}

// ---- search -----------------------------------------------------------------------------------

// The part that start and end choose, in code points; none where start is beyond the end.
struct Window {
  std::u32string points;
  size_t begin = 0;
  size_t end = 0;
  bool valid = true;
};

Window WindowOf(Call& call, size_t first) {
  Window window{ToCodePoints(Self(call))};
  call.machine.meter().Step(window.points.size() / 8 + 1);
  const auto size = static_cast<int64_t>(window.points.size());
  const auto bound = [&](size_t place, int64_t absent) {
    if (!call.Has(place) || call[place].is_none()) return absent;
    const auto index = IndexOf(call[place]);
    if (!index) {
      RaiseType("slice indices must be integers or None or have an __index__ method");
    }
    return *index < 0 ? std::max<int64_t>(*index + size, 0) : *index;
  };
  const int64_t begin = bound(first, 0);
  const int64_t end = std::min(bound(first + 1, size), size);
  window.valid = begin <= end;
  if (window.valid) {
    window.begin = static_cast<size_t>(begin);
    window.end = static_cast<size_t>(end);
  }
  return window;
}

int64_t FindIn(Call& call, bool from_right) {
  const std::u32string wanted = ToCodePoints(NeedStr(call, 0, "find()"));
  const Window window = WindowOf(call, 1);
  if (!window.valid) return -1;
  const auto text =
      std::u32string_view(window.points).substr(window.begin, window.end - window.begin);
  const size_t at = from_right ? text.rfind(wanted) : text.find(wanted);
  if (at == std::u32string_view::npos) return -1;
  return static_cast<int64_t>(at + window.begin);
}

Value Find(Call& call) { return Value::Int(FindIn(call, false)); }
Value RFind(Call& call) { return Value::Int(FindIn(call, true)); }
Value FindOrFail(Call& call, bool from_right) {
  const int64_t at = FindIn(call, from_right);
  if (at < 0) RaiseValue("substring not found");
  return Value::Int(at);
}
Value IndexIn(Call& call) { return FindOrFail(call, false); }
Value RIndexIn(Call& call) { return FindOrFail(call, true); }

Value Count(Call& call) {
  const std::u32string wanted = ToCodePoints(NeedStr(call, 0, "count()"));
  const Window window = WindowOf(call, 1);
  if (!window.valid) return Value::Int(0);
  if (wanted.empty()) return Value::Int(static_cast<int64_t>(window.end - window.begin + 1));
  const auto text =
      std::u32string_view(window.points).substr(window.begin, window.end - window.begin);
  int64_t count = 0;
  for (size_t at = 0; (at = text.find(wanted, at)) != std::u32string_view::npos;) {
    ++count;
    at += wanted.size();
  }
  return Value::Int(count);
}

Value Affixed(Call& call, const char* name, bool at_end) {
  const Window window = WindowOf(call, 1);
  std::vector<Value> candidates{call[0]};
  if (const auto* tuple = call[0].tuple()) {
    candidates = tuple->items;
  } else if (!call[0].text()) {
    RaiseType(std::string(name) + " first arg must be str or a tuple of str, not " +
              FullTypeName(call[0]));
  }
  for (const Value& candidate : candidates) {
    if (!candidate.text()) {
      RaiseType("tuple for " + std::string(name) + " must only contain str, not " +
                FullTypeName(candidate));
    }
    if (!window.valid) continue;
    const std::u32string affix = ToCodePoints(*candidate.text());
    const auto text =
        std::u32string_view(window.points).substr(window.begin, window.end - window.begin);
    if (at_end ? text.ends_with(affix) : text.starts_with(affix)) return Value::Bool(true);
  }
  return Value::Bool(false);
}

Value StartsWith(Call& call) { return Affixed(call, "startswith", false); }
Value EndsWith(Call& call) { return Affixed(call, "endswith", true); }

Value RemovePrefix(Call& call) {
  const std::string& prefix = NeedStr(call, 0, "removeprefix()");
  const std::string& text = Self(call);
  return text.starts_with(prefix) ? Made(call, text.substr(prefix.size())) : call.self;
}
Value RemoveSuffix(Call& call) {
  const std::string& suffix = NeedStr(call, 0, "removesuffix()");
  const std::string& text = Self(call);
  return !suffix.empty() && text.ends_with(suffix)
             ? Made(call, text.substr(0, text.size() - suffix.size()))
             : call.self;
}

// ---- replace, pad, format ---------------------------------------------------------------------

Value Replace(Call& call) {
  const std::string& text = Self(call);
  const std::string& from = NeedStr(call, 0, "replace()");
  const std::string& to = NeedStr(call, 1, "replace()");
  int64_t left = call.Has(2) ? NeedIndex(call[2]) : -1;
  std::string out;
  const auto put = [&](std::string_view part) {
    call.machine.meter().Bytes(part.size());
    out += part;
  };
  if (from.empty()) {
    // Between all characters and at both ends.
    for (char32_t c : ToCodePoints(text)) {
      if (left != 0) put(to);
      if (left > 0) --left;
      AppendUtf8(out, c);
    }
    if (left != 0) put(to);
    return Value::Str(std::move(out));
  }
  size_t at = 0;
  while (left != 0) {
    const size_t found = text.find(from, at);
    if (found == std::string::npos) break;
    put(std::string_view(text).substr(at, found - at));
    put(to);
    at = found + from.size();
    if (left > 0) --left;
  }
  put(std::string_view(text).substr(at));
  return Value::Str(std::move(out));
}

Value Pad(Call& call, char align, const char* name) {
  const int64_t width = NeedIndex(call[0]);
  const std::string fill = call.Has(1) ? NeedStr(call, 1, name) : " ";
  if (CodePointCount(fill) != 1) {
    RaiseType("The fill character must be exactly one character long");
  }
  const int64_t missing = width - static_cast<int64_t>(CodePointCount(Self(call)));
  if (missing <= 0) return call.self;
  call.machine.meter().Bytes(static_cast<uint64_t>(missing) * fill.size());
  // center() puts the odd one on the left where the width is odd.
  const int64_t left = align == '<'   ? 0
                       : align == '>' ? missing
                                      : missing / 2 + (missing & width & 1);
  std::string text;
  for (int64_t i = 0; i < left; ++i) text += fill;
  text += Self(call);
  for (int64_t i = left; i < missing; ++i) text += fill;
  return Made(call, std::move(text));
}

Value Center(Call& call) { return Pad(call, '^', "center()"); }
Value LJust(Call& call) { return Pad(call, '<', "ljust()"); }
Value RJust(Call& call) { return Pad(call, '>', "rjust()"); }

Value ZFill(Call& call) {
  const std::string& text = Self(call);
  const int64_t missing = NeedIndex(call[0]) - static_cast<int64_t>(CodePointCount(text));
  if (missing <= 0) return call.self;
  call.machine.meter().Bytes(static_cast<uint64_t>(missing));
  const size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return Made(call, text.substr(0, sign) + std::string(static_cast<size_t>(missing), '0') +
                        text.substr(sign));
}

Value ExpandTabs(Call& call) {
  const int64_t size = call.Has(0) ? NeedIndex(call[0]) : 8;
  std::string out;
  int64_t column = 0;
  for (char32_t c : ToCodePoints(Self(call))) {
    if (c == U'\t') {
      const int64_t gap = size > 0 ? size - column % size : 0;
      call.machine.meter().Bytes(static_cast<uint64_t>(gap));
      out += std::string(static_cast<size_t>(gap), ' ');
      column += gap;
      continue;
    }
    AppendUtf8(out, c);
    column = c == U'\n' || c == U'\r' ? 0 : column + 1;
  }
  return Made(call, std::move(out));
}

Value FormatSelf(Call& call) {
  return Value::Str(StrFormat(call.machine, Self(call), call.rest, call.named));
}

Value Encode(Call& call) {
  const std::string encoding = call.Has(0) ? NeedStr(call, 0, "encode()") : "utf-8";
  const std::string name = Lower(encoding);
  if (name != "utf-8" && name != "utf8" && name != "ascii") throw LimitError("encoding");
  if (name == "ascii" && !IsAscii(Self(call))) {
    Raise("UnicodeEncodeError", "'ascii' codec can't encode characters");
  }
  return Value(Value::Storage(std::make_shared<const Bytes>(Bytes{Self(call)})));
}

Value Decode(Call& call) {
  const std::string& data = (*call.self.As<std::shared_ptr<const Bytes>>())->data;
  const std::string encoding = call.Has(0) ? NeedStr(call, 0, "decode()") : "utf-8";
  const std::string name = Lower(encoding);
  if (name != "utf-8" && name != "utf8") throw LimitError("encoding");
  if (ToUtf8(ToCodePoints(data)) != data) {
    Raise("UnicodeDecodeError", "'utf-8' codec can't decode bytes");
  }
  return Made(call, data);
}

Value Hex(Call& call) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (char c : (*call.self.As<std::shared_ptr<const Bytes>>())->data) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return Made(call, std::move(text));
}

}  // namespace

const Rows& StrMethods() {
  static const Rows rows = {
      {"str", "upper", "", Mapped<Upper>, "in upper case"},
      {"str", "lower", "", Mapped<Lower>, "in lower case"},
      {"str", "title", "", Mapped<Title>, "each word capitalised"},
      {"str", "capitalize", "", Mapped<Capitalize>, "the first character capitalised"},
      {"str", "swapcase", "", Mapped<SwapCase>, "upper and lower case exchanged"},
      {"str", "casefold", "", Mapped<CaseFold>, "for comparing without case"},
      {"str", "find", "sub, start=, end=, /", Find, "the first place of a text, or -1"},
      {"str", "rfind", "sub, start=, end=, /", RFind, "the last place of a text, or -1"},
      {"str", "index", "sub, start=, end=, /", IndexIn, "the first place of a text"},
      {"str", "rindex", "sub, start=, end=, /", RIndexIn, "the last place of a text"},
      {"str", "count", "sub, start=, end=, /", Count, "how often a text is in it"},
      {"str", "startswith", "prefix, start=, end=, /", StartsWith, "whether it starts so"},
      {"str", "endswith", "suffix, start=, end=, /", EndsWith, "whether it ends so"},
      {"str", "removeprefix", "prefix, /", RemovePrefix, "without a prefix"},
      {"str", "removesuffix", "suffix, /", RemoveSuffix, "without a suffix"},
      {"str", "replace", "old, new, count=, /", Replace, "a text replaced by another"},
      {"str", "center", "width, fillchar=, /", Center, "in the middle of a width"},
      {"str", "ljust", "width, fillchar=, /", LJust, "on the left of a width"},
      {"str", "rjust", "width, fillchar=, /", RJust, "on the right of a width"},
      {"str", "zfill", "width, /", ZFill, "filled with zeros on the left"},
      {"str", "expandtabs", "tabsize=", ExpandTabs, "tabs made blanks"},
      {"str", "format", "*args, **kwargs", FormatSelf, "its fields filled in"},
      {"str", "encode", "encoding=", Encode, "as bytes"},
      {"bytes", "decode", "encoding=", Decode, "as text"},
      {"bytes", "hex", "", Hex, "as hexadecimal digits"},
  };
  return rows;
}

}  // namespace ormc::eval
