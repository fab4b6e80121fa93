// str() and repr() as Python's, float's shortest digits among them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/values/meter.h"
#include "compiler/values/value.h"

namespace ormc {

// str() of an instance, where its model says one: whoever can evaluate it provides this.
class InstanceText {
 public:
  virtual ~InstanceText() = default;
  virtual std::string Of(const Instance& instance) = 0;
};

std::string Str(const Value& value, Meter* meter = nullptr, InstanceText* instances = nullptr);
std::string Repr(const Value& value, Meter* meter = nullptr, InstanceText* instances = nullptr);

std::string FloatRepr(double value);  // "0.1", "1e+16", "nan"
std::string StrRepr(std::string_view text, bool ascii = false);
std::string UuidText(const Uuid& uuid);
// As uuid.UUID(text): 32 hexadecimal digits among braces, hyphens and "urn:uuid:".
std::optional<Uuid> ParseUuid(std::string_view text);
// int's digits; ValueError beyond Python's 4300.
std::string IntText(const Value& integer);

// The shortest decimal digits that read back as `value` (finite), and the exponent of the first.
struct ShortestDigits {
  std::string digits;
  int exponent;
};
ShortestDigits ShortestOf(double value);

}  // namespace ormc
