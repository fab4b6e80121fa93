// json.dumps(value)
#include <cmath>

#include "compiler/eval/prepare.h"
#include "compiler/values/big_int.h"
#include "compiler/values/dict.h"
#include "compiler/values/error.h"
#include "compiler/values/text.h"
#include "compiler/values/unicode.h"

namespace ormc::eval {

namespace {

std::string Quoted(const std::string& text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  const auto unit = [&](uint32_t code) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) {
      out += kHex[code >> static_cast<unsigned>(shift) & 0xFU];
    }
  };
  for (char32_t c : ToCodePoints(text)) {
    if (c == U'"' || c == U'\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c >= 0x20 && c < 0x7F) {
      out += static_cast<char>(c);
    } else if (c == U'\n') {
      out += "\\n";
    } else if (c == U'\r') {
      out += "\\r";
    } else if (c == U'\t') {
      out += "\\t";
    } else if (c == U'\b') {
      out += "\\b";
    } else if (c == U'\f') {
      out += "\\f";
    } else if (c < 0x10000) {
      unit(static_cast<uint32_t>(c));
    } else {
      unit(0xD800U + (static_cast<uint32_t>(c - 0x10000) >> 10U));
      unit(0xDC00U + (static_cast<uint32_t>(c - 0x10000) & 0x3FFU));
    }
  }
  return out + "\"";
}

// A scalar that JSON has; none else.
std::optional<std::string> Scalar(const Value& value) {
  if (value.is_none()) return "null";
  if (const auto* b = value.As<bool>()) return *b ? "true" : "false";
  if (IntegerOf(value)) return IntText(value);
  if (const auto* f = value.As<double>()) {
    if (std::isnan(*f)) return "NaN";
    if (std::isinf(*f)) return *f < 0 ? "-Infinity" : "Infinity";
    return FloatRepr(*f);
  }
  return std::nullopt;
}

std::string Key(const Value& key) {
  if (key.text()) return Quoted(*key.text());
  const auto scalar = Scalar(key);
  if (!scalar) {
    RaiseType("keys must be str, int, float, bool or None, not " + std::string(TypeName(key)));
  }
  return "\"" + *scalar + "\"";
}

}  // namespace

std::string JsonText(const Value& value) {
  if (value.text()) return Quoted(*value.text());
  if (auto scalar = Scalar(value)) return *scalar;
  if (value.list() || value.tuple()) {
    std::string out = "[";
    for (const Value& item : value.list() ? value.list()->items : value.tuple()->items) {
      if (out.size() > 1) out += ", ";
      out += JsonText(item);
    }
    return out + "]";
  }
  if (const auto* dict = value.As<std::shared_ptr<Dict>>()) {
    std::string out = "{";
    for (const auto& [key, held] : (*dict)->entries()) {
      if (out.size() > 1) out += ", ";
      out += Key(key) + ": " + JsonText(held);
    }
    return out + "}";
  }
  RaiseType("Object of type " + std::string(TypeName(value)) + " is not JSON serializable");
}

}  // namespace ormc::eval
