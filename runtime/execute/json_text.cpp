#include <charconv>
#include <cstdlib>
#include <string>

#include "compiler/values/dict.h"
#include "compiler/values/error.h"
#include "compiler/values/meter.h"
#include "compiler/values/nesting.h"
#include "runtime/execute/rows.h"

namespace ormc::execute {
namespace {

// Recursive descent; PostgreSQL has checked the text, and wrote it without needless space.
class Loader {
 public:
  explicit Loader(std::string_view text) : rest_(text) {}

  Value Load() {
    Value value = Item(0);
    SkipSpace();
    if (!rest_.empty()) Fail();
    return value;
  }

 private:
  [[noreturn]] static void Fail() { Raise("JSONDecodeError", "not JSON"); }

  void SkipSpace() {
    const size_t at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }
  bool Take(std::string_view word) {
    SkipSpace();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void Require(std::string_view word) {
    if (!Take(word)) Fail();
  }

  Value Item(uint32_t depth) {
    if (depth > kMaxNesting) throw LimitError("nesting_depth");
    if (Take("{")) return Object(depth);
    if (Take("[")) return Array(depth);
    if (Take("\"")) return Value::Str(Text());
    if (Take("null")) return Value::None();
    if (Take("true")) return Value::Bool(true);
    if (Take("false")) return Value::Bool(false);
    return Number();
  }

  Value Object(uint32_t depth) {
    Dict dict;
    if (Take("}")) return DictValue(std::move(dict));
    do {
      Require("\"");
      Value key = Value::Str(Text());
      Require(":");
      dict.Set(std::move(key), Item(depth + 1));
    } while (Take(","));
    Require("}");
    return DictValue(std::move(dict));
  }

  Value Array(uint32_t depth) {
    std::vector<Value> items;
    if (Take("]")) return Value::ListOf({});
    do {
      items.push_back(Item(depth + 1));
    } while (Take(","));
    Require("]");
    return Value::ListOf(std::move(items));
  }

  // An int of any size, or a float as strtod reads it.
  Value Number() {
    const std::string_view number =
        rest_.substr(0, std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size()));
    if (number.empty()) Fail();
    rest_.remove_prefix(number.size());
    if (number.find_first_of(".eE") == std::string_view::npos) {
      return Value::IntFromDigits(number);
    }
    double value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    if (read.ec == std::errc::result_out_of_range) {
      value = std::strtod(std::string(number).c_str(), nullptr);  // infinite, or nearly zero
    } else if (read.ec != std::errc()) {
      Fail();
    }
    return Value::Float(value);
  }

  std::string Text() {
    std::string out;
    for (;;) {
      const size_t plain = rest_.find_first_of("\"\\");
      if (plain == std::string_view::npos) Fail();
      out += rest_.substr(0, plain);
      const char stop = rest_[plain];
      rest_.remove_prefix(plain + 1);
      if (stop == '"') return out;
      Escape(out);
    }
  }

  void Escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) Fail();
    const char name = rest_.front();
    rest_.remove_prefix(1);
    if (name == 'u') return AppendUtf8(CodePoint(), out);
    const size_t at = kNames.find(name);
    if (at == std::string_view::npos) Fail();
    out += kMeanings[at];
  }

  uint32_t Unit() {
    if (rest_.size() < 4) Fail();
    uint32_t unit = 0;
    const auto read = std::from_chars(rest_.data(), rest_.data() + 4, unit, 16);
    if (read.ptr != rest_.data() + 4) Fail();
    rest_.remove_prefix(4);
    return unit;
  }

  uint32_t CodePoint() {
    const uint32_t high = Unit();
    if (high < 0xD800U || high > 0xDBFFU || !rest_.starts_with("\\u")) return high;
    rest_.remove_prefix(2);
    return 0x10000U + ((high - 0xD800U) << 10U) + (Unit() - 0xDC00U);
  }

  static void AppendUtf8(uint32_t point, std::string& out) {
    const auto byte = [&](uint32_t bits) { out += static_cast<char>(bits); };
    if (point < 0x80U) {
      byte(point);
    } else if (point < 0x800U) {
      byte(0xC0U | (point >> 6U));
      byte(0x80U | (point & 0x3FU));
    } else if (point < 0x10000U) {
      byte(0xE0U | (point >> 12U));
      byte(0x80U | ((point >> 6U) & 0x3FU));
      byte(0x80U | (point & 0x3FU));
    } else {
      byte(0xF0U | (point >> 18U));
      byte(0x80U | ((point >> 12U) & 0x3FU));
      byte(0x80U | ((point >> 6U) & 0x3FU));
      byte(0x80U | (point & 0x3FU));
    }
  }

  std::string_view rest_;
};

}  // namespace

Value LoadJson(std::string_view text) { return Loader(text).Load(); }

}  // namespace ormc::execute
