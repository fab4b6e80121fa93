#pragma once

#include <string>
#include <string_view>

namespace ormc::postgres {

// What a second parser, PostgreSQL's own (libpg_query), finds wrong with a statement of ours: "" for
// exactly one SELECT that writes nothing, locks nothing, and calls nothing on the list of functions
// that do more than compute.  The walk is total: every node of the tree is looked at.
std::string WhatIsWrongWith(std::string_view sql);

}  // namespace ormc::postgres
