#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ormc::manifest {

// What is wrong with a document, and where.  Caught by each Load.
class DocumentError : public std::exception {
 public:
  explicit DocumentError(std::string message) : message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string message_;
};

// A JSON value that knows its place in the document.  A node refers to its parent: children live
// shorter than their parents.
class Node {
 public:
  explicit Node(const boost::json::value& root) : value_(&root) {}
  Node(const Node& parent, std::string_view key, const boost::json::value& value)
      : value_(&value), parent_(&parent), key_(key) {}
  Node(const Node& parent, size_t index, const boost::json::value& value)
      : value_(&value), parent_(&parent), index_(index) {}

  // Shown after the place: "models[3] (shop.Order)".
  void set_label(std::string_view label) { label_ = label; }
  [[noreturn]] void Fail(std::string_view message) const;

  const boost::json::value& value() const { return *value_; }
  bool is_object() const { return value_->is_object(); }
  bool is_array() const { return value_->is_array(); }
  size_t size() const { return Items().size(); }  // of an array
  std::string_view Text() const;
  int64_t Integer() const;
  bool Flag() const;

  // Absent and null are the same.  Not of a temporary, which the child would outlive.
  std::optional<Node> Find(std::string_view key) const&;
  std::optional<Node> Find(std::string_view key) && = delete;
  Node Member(std::string_view key) const&;
  Node Member(std::string_view key) && = delete;
  Node ValueAt(std::string_view key) const&;  // may be null
  Node ValueAt(std::string_view key) && = delete;

  std::string TextOf(std::string_view key) const { return std::string(Member(key).Text()); }
  std::string TextOr(std::string_view key, std::string_view otherwise) const;
  // A name of the database or of Python: not empty, no control characters.
  std::string NameAt(std::string_view key) const;
  bool FlagOr(std::string_view key, bool otherwise) const;
  std::optional<int32_t> IntegerAt(std::string_view key) const;
  std::vector<std::string> TextsAt(std::string_view key) const;

  // visit(const Node&) for each element of an array.
  template <class Visit>
  void Each(Visit visit) const {
    size_t index = 0;
    for (const boost::json::value& item : Items()) visit(Node(*this, index++, item));
  }
  template <class Visit>
  void EachAt(std::string_view key, Visit visit) const {
    if (const std::optional<Node> node = Find(key)) node->Each(visit);
  }
  // visit(name, const Node&) for each member of an object.
  template <class Visit>
  void EachMember(Visit visit) const {
    for (const auto& [name, item] : Object()) {
      const std::string_view key(name.data(), name.size());
      visit(key, Node(*this, key, item));
    }
  }

 private:
  const boost::json::array& Items() const;
  const boost::json::object& Object() const;
  const boost::json::value* Lookup(std::string_view key) const;
  std::string Place() const;

  const boost::json::value* value_;
  const Node* parent_ = nullptr;
  std::string_view key_;
  size_t index_ = 0;
  std::string_view label_;
  mutable size_t next_ = 0;  // where Lookup begins to look
};

}  // namespace ormc::manifest
