// A Python exception: the name of its class and its message as CPython and Django word them.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace ormc {

struct PythonError : std::exception {
  PythonError(std::string name, std::string text)
      : django_name(std::move(name)), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }

  std::string django_name;  // "ZeroDivisionError", "KeyError", "DoesNotExist", ...
  std::string message;
};

[[noreturn]] inline void Raise(std::string name, std::string message) {
  throw PythonError(std::move(name), std::move(message));
}
[[noreturn]] inline void RaiseType(std::string message) {
  throw PythonError("TypeError", std::move(message));
}
[[noreturn]] inline void RaiseValue(std::string message) {
  throw PythonError("ValueError", std::move(message));
}

}  // namespace ormc
