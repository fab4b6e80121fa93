#include <optional>
#include <string>
#include <vector>

#include "compiler/values/error.h"
#include "runtime/postgres/decode_parts.h"
#include "runtime/postgres/types.h"

namespace ormc::postgres {
namespace {

// Elements of arrays and bounds of ranges: bare, or quoted with escapes.
class Reader {
 public:
  Reader(std::string_view text, const DecodeOptions& options) : text_(text), options_(options) {}

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  void Require(char c) {
    if (!Take(c)) RaiseValue("not an array or range");
  }
  void SkipBounds() {  // "[0:2]={...}"
    if (Peek() != '[') return;
    const size_t equals = text_.find('=');
    if (equals == std::string_view::npos) RaiseValue("not an array");
    at_ = equals + 1;
  }

  // Up to one of `ends`; `quoted` tells NULL from "NULL" and an absent bound from "".
  std::string Token(std::string_view ends, bool& quoted) {
    std::string token;
    quoted = false;
    bool inside = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (!inside && ends.find(c) != std::string_view::npos) break;
      if (c == '\\' && at_ + 1 < text_.size()) {
        token += text_[++at_];
      } else if (c == '"' && inside && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        token += text_[++at_];
      } else if (c == '"') {
        inside = !inside;
        quoted = true;
      } else {
        token += c;
      }
    }
    return token;
  }

  // PostgreSQL's arrays have at most six dimensions.
  Value Array(uint32_t element, int depth = 0) {
    constexpr int kDimensions = 6;
    if (depth == kDimensions) RaiseValue("too many dimensions");
    std::vector<Value> items;
    Require('{');
    while (!Take('}')) {
      if (Peek() == '{') {
        items.push_back(Array(element, depth + 1));
      } else {
        bool quoted = false;
        const std::string token = Token(",}", quoted);
        const bool null = !quoted && token == "NULL";
        items.push_back(null ? Value::None() : Decode(element, token, options_));
      }
      if (Peek() != '}') Require(',');
    }
    return Value::ListOf(std::move(items));
  }

  Value Range(uint32_t element) {
    auto range = std::make_shared<RangeValue>();
    range->lower_inclusive = Take('[');
    if (!range->lower_inclusive) Require('(');
    range->lower = Bound(element, ",");
    Require(',');
    range->upper = Bound(element, "])");
    range->upper_inclusive = Take(']');
    if (!range->upper_inclusive) Require(')');
    return Value(Value::Storage(std::shared_ptr<const RangeValue>(std::move(range))));
  }

 private:
  std::optional<Value> Bound(uint32_t element, std::string_view ends) {
    bool quoted = false;
    const std::string token = Token(ends, quoted);
    if (token.empty() && !quoted) return std::nullopt;
    return Decode(element, token, options_);
  }

  std::string_view text_;
  const DecodeOptions& options_;
  size_t at_ = 0;
};

}  // namespace

Value DecodeArray(uint32_t element, std::string_view text, const DecodeOptions& options) {
  Reader reader(text, options);
  reader.SkipBounds();
  return reader.Array(element);
}

Value DecodeRange(uint32_t element, std::string_view text, const DecodeOptions& options) {
  if (text == "empty") {
    auto range = std::make_shared<RangeValue>();
    range->empty = true;
    return Value(Value::Storage(std::shared_ptr<const RangeValue>(std::move(range))));
  }
  return Reader(text, options).Range(element);
}

Value DecodeMultirange(uint32_t range, std::string_view text, const DecodeOptions& options) {
  const ComposedType* composed = FindComposed(range);
  std::vector<Value> items;
  Reader reader(text, options);
  reader.Require('{');
  while (!reader.Take('}')) {
    items.push_back(reader.Range(composed->element));
    if (reader.Peek() != '}') reader.Require(',');
  }
  return Value::ListOf(std::move(items));
}

}  // namespace ormc::postgres
