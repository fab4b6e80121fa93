#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/values/value.h"

namespace ormc::postgres {

struct DecodeOptions {
  // Django's USE_TZ: timestamptz is aware in UTC; else naive, on the session's clock.
  bool use_tz = true;
};

// A column's text in the session's formats (ISO dates, postgres intervals, hex bytea), as psycopg
// reads it under Django.  A type that is not known here is text.  DataRefused for what Python has
// no value for: infinite dates, years before 1 and after 9999.
Value Decode(uint32_t type, std::string_view text, const DecodeOptions& options);

}  // namespace ormc::postgres
