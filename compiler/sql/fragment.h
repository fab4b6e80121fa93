// sql: a plan becomes text, and nowhere else does.
//
//   fragment.h    text with numbered values in it
//   printer.h     expressions -> fragments
//   select.h      a Query -> the fragment of its SELECT (Django's compiler.py)
//
// There is no node that writes, identifiers come from the manifest or are ours (t0, c1), and every
// value is a parameter.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/program/program.h"

namespace ormc::sql {

// A place for a value.  Two places with one id are one parameter of the statement; two with one
// content would send the same value.
struct Placeholder {
  uint32_t id = 0;
  uint32_t content = 0;
};

// SQL text in which kMark stands for a placeholder, in order.
inline constexpr char kMark = '\x01';

struct Fragment {
  std::string text;
  std::vector<Placeholder> values;

  Fragment() = default;
  Fragment(const char* sql) : text(sql) {}             // NOLINT(google-explicit-constructor)
  Fragment(std::string sql) : text(std::move(sql)) {}  // NOLINT(google-explicit-constructor)

  Fragment& operator+=(const Fragment& other) {
    text += other.text;
    values.insert(values.end(), other.values.begin(), other.values.end());
    return *this;
  }
  // Without a Fragment made of it.
  template <std::convertible_to<std::string_view> Text>
  Fragment& operator+=(const Text& sql) {
    text += std::string_view(sql);
    return *this;
  }
};
inline Fragment operator+(Fragment left, const Fragment& right) {
  left += right;
  return left;
}
template <std::convertible_to<std::string_view> Text>
Fragment operator+(Fragment left, const Text& right) {
  left += right;
  return left;
}

// Equal text over equal values.
bool Same(const Fragment& a, const Fragment& b);

struct SameFragment {
  bool operator()(const Fragment& a, const Fragment& b) const { return Same(a, b); }
};
// Of the sizes, the text's end and the outermost values: each part of a long expression is printed
// into the next, and is not to be read again for each.
struct HashOfEnds {
  size_t operator()(const Fragment& fragment) const;
};

// `template` with {0}, {1} replaced.
Fragment Fill(std::string_view pattern, std::span<const Fragment> arguments);
inline Fragment Fill(std::string_view pattern, std::initializer_list<Fragment> arguments) {
  return Fill(pattern, std::span(arguments.begin(), arguments.size()));
}
Fragment Joined(const std::vector<Fragment>& parts, std::string_view separator);
// Of an identifier: "as it is", its own quotes doubled.
void AppendQuoted(std::string& out, std::string_view identifier);
std::string Quoted(std::string_view identifier);

}  // namespace ormc::sql
