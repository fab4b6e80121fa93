#include "compiler/manifest/node.h"

#include <algorithm>
#include <limits>

namespace ormc::manifest {
namespace {

bool HasControlCharacter(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F) return true;
  }
  return false;
}

}  // namespace

std::string Node::Place() const {
  if (parent_ == nullptr) return {};
  std::string place = parent_->Place();
  if (key_.data() != nullptr) {
    if (!place.empty()) place += '.';
    place += key_;
  } else {
    place += '[' + std::to_string(index_) + ']';
  }
  if (!label_.empty()) place.append(" (").append(label_).append(")");
  return place;
}

void Node::Fail(std::string_view message) const {
  const std::string place = Place();
  throw DocumentError(place.empty() ? std::string(message) : place + ": " + std::string(message));
}

const boost::json::object& Node::Object() const {
  const boost::json::object* object = value_->if_object();
  if (object == nullptr) Fail("an object is expected");
  return *object;
}

const boost::json::array& Node::Items() const {
  const boost::json::array* array = value_->if_array();
  if (array == nullptr) Fail("a list is expected");
  return *array;
}

std::string_view Node::Text() const {
  const boost::json::string* text = value_->if_string();
  if (text == nullptr) Fail("text is expected");
  return {text->data(), text->size()};
}

int64_t Node::Integer() const {
  const int64_t* integer = value_->if_int64();
  if (integer == nullptr) Fail("an integer is expected");
  return *integer;
}

bool Node::Flag() const {
  const bool* flag = value_->if_bool();
  if (flag == nullptr) Fail("true or false is expected");
  return *flag;
}

// Members are asked for in about the order in which the exporter writes them, so the search goes on
// behind the last one found.
const boost::json::value* Node::Lookup(std::string_view key) const {
  const boost::json::object& object = Object();
  const auto* const members = object.begin();
  for (size_t left = object.size(), at = next_; left > 0; --left, ++at) {
    if (at >= object.size()) at = 0;
    const boost::json::string_view name = members[at].key();
    if (name.size() != key.size() || !std::equal(name.begin(), name.end(), key.begin())) continue;
    next_ = at + 1;
    return &members[at].value();
  }
  return nullptr;
}

std::optional<Node> Node::Find(std::string_view key) const& {
  const boost::json::value* value = Lookup(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return Node(*this, key, *value);
}

Node Node::Member(std::string_view key) const& {
  std::optional<Node> node = Find(key);
  if (!node) Fail("`" + std::string(key) + "` is missing");
  return *node;
}

Node Node::ValueAt(std::string_view key) const& {
  const boost::json::value* value = Lookup(key);
  if (value == nullptr) Fail("`" + std::string(key) + "` is missing");
  return {*this, key, *value};
}

std::string Node::TextOr(std::string_view key, std::string_view otherwise) const {
  const std::optional<Node> node = Find(key);
  return std::string(node ? node->Text() : otherwise);
}

std::string Node::NameAt(std::string_view key) const {
  const Node node = Member(key);
  const std::string_view name = node.Text();
  if (name.empty()) node.Fail("a name is expected");
  if (HasControlCharacter(name)) node.Fail("a control character in a name");
  return std::string(name);
}

bool Node::FlagOr(std::string_view key, bool otherwise) const {
  const std::optional<Node> node = Find(key);
  return node ? node->Flag() : otherwise;
}

std::optional<int32_t> Node::IntegerAt(std::string_view key) const {
  const std::optional<Node> node = Find(key);
  if (!node) return std::nullopt;
  const int64_t integer = node->Integer();
  if (integer < std::numeric_limits<int32_t>::min() ||
      integer > std::numeric_limits<int32_t>::max()) {
    node->Fail("the integer is out of range");
  }
  return static_cast<int32_t>(integer);
}

std::vector<std::string> Node::TextsAt(std::string_view key) const {
  std::vector<std::string> texts;
  EachAt(key, [&](const Node& item) { texts.emplace_back(item.Text()); });
  return texts;
}

}  // namespace ormc::manifest
