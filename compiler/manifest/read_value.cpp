#include <memory>

#include "compiler/manifest/builder.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/error.h"
#include "compiler/values/temporal.h"

namespace ormc::manifest {
namespace {

std::optional<Value> ReadUuid(std::string_view text) {
  Uuid uuid;
  size_t digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos || digits == 32) return std::nullopt;
    const auto half = static_cast<uint8_t>(digit << (digits % 2 == 0 ? 4U : 0U));
    uuid.bytes[digits / 2] = static_cast<uint8_t>(uuid.bytes[digits / 2] | half);
    ++digits;
  }
  if (digits != 32) return std::nullopt;
  return Value(Value::Storage(uuid));
}

std::optional<Value> ReadTagged(std::string_view tag, std::string_view text) {
  if (tag == "$decimal") {
    return Value(Value::Storage(std::make_shared<const Decimal>(Decimal::FromText(text))));
  }
  if (tag == "$date") {
    if (const auto date = ParseIsoDate(text)) return Value(Value::Storage(*date));
  }
  if (tag == "$datetime") {
    if (const auto moment = ParseIsoDateTime(text)) return Value(Value::Storage(*moment));
  }
  if (tag == "$time") {
    if (const auto time = ParseIsoTime(text)) return Value(Value::Storage(*time));
  }
  if (tag == "$uuid") return ReadUuid(text);
  return std::nullopt;
}

// [[key, value], ...]
std::optional<Value> ReadDict(const Node& pairs) {
  Dict dict;
  bool known = true;
  pairs.Each([&](const Node& pair) {
    const std::optional<Value> read = ReadValue(pair);
    const List* items = read ? read->list() : nullptr;
    known = known && items != nullptr && items->items.size() == 2;
    if (known) dict.Set(items->items[0], items->items[1]);
  });
  if (!known) return std::nullopt;
  return DictValue(std::move(dict));
}

// {"$decimal": "1.5"} and its kin.
std::optional<Value> ReadObject(const Node& node) {
  std::optional<Value> value;
  size_t members = 0;
  node.EachMember([&](std::string_view tag, const Node& member) {
    if (++members > 1) member.Fail("one member is expected");
    if (tag == "$dict") {
      value = ReadDict(member);
      return;
    }
    try {
      value = ReadTagged(tag, member.Text());
    } catch (const PythonError& error) {
      member.Fail(error.message);
    }
  });
  return value;
}

}  // namespace

std::optional<Value> ReadValue(const Node& node) {
  const boost::json::value& value = node.value();
  switch (value.kind()) {
    case boost::json::kind::null:
      return Value::None();
    case boost::json::kind::bool_:
      return Value::Bool(value.get_bool());
    case boost::json::kind::int64:
      return Value::Int(value.get_int64());
    case boost::json::kind::uint64:
      return Value::IntFromDigits(std::to_string(value.get_uint64()));
    case boost::json::kind::double_:
      return Value::Float(value.get_double());
    case boost::json::kind::string:
      return Value::Str(std::string(node.Text()));
    case boost::json::kind::array: {
      std::vector<Value> items;
      bool known = true;
      node.Each([&](const Node& item) {
        std::optional<Value> read = ReadValue(item);
        known = known && read.has_value();
        if (read) items.push_back(*std::move(read));
      });
      if (!known) return std::nullopt;
      return Value::ListOf(std::move(items));
    }
    case boost::json::kind::object:
      return ReadObject(node);
  }
  return std::nullopt;
}

}  // namespace ormc::manifest
