#include "compiler/manifest/builder.h"

namespace ormc::manifest {

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
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace ormc::manifest
