// A prepared parameter in PostgreSQL's text form, with the type that it declares: that of the
// literal which psycopg would have written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/program/program.h"
#include "compiler/values/value.h"

namespace ormc::eval {

struct WireParameter {
  std::optional<std::string> text;  // none: NULL
  uint32_t oid = 0;                 // 0: unknown, as a quoted literal
};

// ProgrammingError for what PostgreSQL has no form of (an instance, a dict).
WireParameter ToWire(const Value& value, program::ParameterType type);

}  // namespace ormc::eval
