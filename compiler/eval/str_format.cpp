// "...".format(...)
#include "compiler/eval/format.h"
#include "compiler/values/big_int.h"

namespace ormc::eval {

namespace {

class Formatter {
 public:
  Formatter(Machine& machine, const std::vector<Value>& arguments,
            const std::vector<std::pair<std::string, Value>>& named)
      : machine_(machine), arguments_(arguments), named_(named) {}

  std::string Format(std::string_view text, int depth) {
    if (depth > 2) RaiseValue("Max string recursion exceeded");
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c != '{' && c != '}') {
        out += c;
      } else if (i + 1 < text.size() && text[i + 1] == c) {
        out += c;
        ++i;
      } else if (c == '}') {
        RaiseValue("Single '}' encountered in format string");
      } else {
        const size_t end = FieldEnd(text, i + 1);
        out += Field(text.substr(i + 1, end - i - 1), depth);
        i = end;
      }
      if (out.size() > 1024) {
        machine_.meter().Bytes(out.size());
        done_ += out;
        out.clear();
      }
    }
    machine_.meter().Bytes(out.size());
    if (depth > 1) return out;
    return done_ + out;
  }

 private:
  static size_t FieldEnd(std::string_view text, size_t from) {
    if (from >= text.size()) RaiseValue("Single '{' encountered in format string");
    int open = 1;
    for (size_t i = from; i < text.size(); ++i) {
      if (text[i] == '{') ++open;
      if (text[i] == '}' && --open == 0) return i;
    }
    RaiseValue("expected '}' before end of string");
  }

  std::string Field(std::string_view field, int depth) {
    size_t end = 0;
    int brackets = 0;
    while (end < field.size() && (brackets > 0 || (field[end] != '!' && field[end] != ':'))) {
      if (field[end] == '[') ++brackets;
      if (field[end] == ']') --brackets;
      ++end;
    }
    Value value = Named(field.substr(0, end));
    std::string_view rest = field.substr(end);
    if (!rest.empty() && rest[0] == '!') {
      if (rest.size() < 2) RaiseValue("end of string while looking for conversion specifier");
      const char conversion = rest[1];
      if (conversion != 's' && conversion != 'r' && conversion != 'a') {
        RaiseValue(std::string("Unknown conversion specifier '") + conversion + "'");
      }
      if (rest.size() > 2 && rest[2] != ':') {
        RaiseValue("expected ':' after conversion specifier");
      }
      value = Value::Str(conversion == 's' ? machine_.Str(value) : machine_.Repr(value));
      rest.remove_prefix(2);
    }
    std::string spec(rest.empty() ? rest : rest.substr(1));
    if (spec.find_first_of("{}") != std::string::npos) spec = Format(spec, depth + 1);
    return FormatValue(machine_, value, spec);
  }

  Value Positional(std::string_view digits) {
    const bool automatic = digits.empty();
    if (mode_ != 0 && (mode_ == 1) != automatic) {
      RaiseValue(automatic
                     ? "cannot switch from manual field specification to automatic field numbering"
                     : "cannot switch from automatic field numbering to manual field "
                       "specification");
    }
    mode_ = automatic ? 1 : 2;
    if (digits.size() > 9) RaiseValue("Too many decimal digits in format string");
    const size_t index = automatic ? next_++ : std::stoul(std::string(digits));
    if (index >= arguments_.size()) {
      Raise("IndexError", "Replacement index " + std::to_string(index) +
                              " out of range for positional args tuple");
    }
    return arguments_[index];
  }

  Value Named(std::string_view path) {
    const size_t end = std::min(path.find_first_of(".["), path.size());
    const std::string_view name = path.substr(0, end);
    Value value;
    if (name.find_first_not_of("0123456789") == std::string_view::npos) {
      value = Positional(name);
    } else {
      const Value* found = nullptr;
      for (const auto& [key, given] : named_) {
        if (key == name) found = &given;
      }
      if (!found) Raise("KeyError", "'" + std::string(name) + "'");
      value = *found;
    }
    std::string_view rest = path.substr(end);
    while (!rest.empty()) {
      if (rest[0] == '.') {
        const size_t stop = std::min(rest.find_first_of(".[", 1), rest.size());
        if (stop == 1) RaiseValue("Empty attribute in format string");
        value = GetAttribute(machine_, value, std::string(rest.substr(1, stop - 1)));
        rest.remove_prefix(stop);
      } else if (rest[0] == '[') {
        const size_t stop = rest.find(']');
        if (stop == std::string_view::npos) RaiseValue("Missing ']' in format string");
        const std::string key(rest.substr(1, stop - 1));
        if (key.empty()) RaiseValue("Empty attribute in format string");
        const bool number = key.find_first_not_of("0123456789") == std::string::npos;
        value = Index(machine_, value, number ? Value::IntFromDigits(key) : Value::Str(key));
        rest.remove_prefix(stop + 1);
      } else {
        RaiseValue("Only '.' or '[' may follow ']' in format field specifier");
      }
    }
    return value;
  }

  Machine& machine_;
  const std::vector<Value>& arguments_;
  const std::vector<std::pair<std::string, Value>>& named_;
  std::string done_;
  size_t next_ = 0;
  int mode_ = 0;  // 1: automatic numbers, 2: given ones
};

}  // namespace

std::string StrFormat(Machine& machine, std::string_view text, const std::vector<Value>& arguments,
                      const std::vector<std::pair<std::string, Value>>& named) {
  return Formatter(machine, arguments, named).Format(text, 1);
}

}  // namespace ormc::eval
