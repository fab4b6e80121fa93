#pragma once

#include <boost/json/object.hpp>

#include "compiler/values/json.h"
#include "runtime/execute/execute.h"

namespace ormc::execute {

// {"result", "kind", "columns", "truncated", "queries"}
boost::json::object ToJson(const ResultSet& result, const JsonOptions& options = {});
// {"error": {"code", "django", "message", "hint"}, "queries"}
boost::json::object ToJson(const Failure& failure);

// [{"type": "date", "value": "2026-11-22"}]
boost::json::array ToJson(const std::vector<postgres::TypedText>& parameters);
boost::json::object ToJson(const program::Column& column);

}  // namespace ormc::execute
