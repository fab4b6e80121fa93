// Values in the JSON of the command line's and the server's contract (language.md, "Values in
// JSON").
#pragma once

#include <boost/json/value.hpp>

#include "compiler/values/meter.h"
#include "compiler/values/value.h"

namespace ormc {

struct JsonOptions {
  // Integers beyond 2^53 as text, for readers in JavaScript.
  bool large_integers_as_text = false;
};

boost::json::value ToJson(const Value& value, const JsonOptions& options = {},
                          Meter* meter = nullptr);

}  // namespace ormc
