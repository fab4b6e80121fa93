#pragma once

#include "compiler/program/program.h"
#include "compiler/values/value.h"
#include "runtime/postgres/connection.h"

namespace ormc::postgres {

// `value` as a parameter of the type that psycopg's literal would have had (types.h names them).
// DataRefused where the text holds NUL, as psycopg's DataError.
TypedText Encode(const Value& value, program::ParameterType type);

}  // namespace ormc::postgres
