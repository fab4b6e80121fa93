// What the runtime gives, in the shapes of docs/contract/http.md.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>

#include "compiler/base/limits.h"
#include "compiler/values/json.h"
#include "runtime/execute/execute.h"
#include "server/engine/engine.h"

namespace ormc::server {

inline constexpr JsonOptions kHttp{.large_integers_as_text = true};

boost::json::value CellJson(const Value& value, const program::Column& column, size_t most_bytes);
boost::json::object ColumnJson(const program::Column& column);
boost::json::object ResultJson(const execute::ResultSet& set, const Page& page,
                               const Limits& limits);
uint64_t RowsOf(const execute::ResultSet& set);
// Whose move it is after a failed run, by the kind of the failure.
AnswerError RunError(const execute::Failure& failure);

}  // namespace ormc::server
