#pragma once

#include <string_view>

namespace ormc::bind {

// What to write instead of a name that Python or its library has and this language has not; "" where
// there is nothing better to say than that it is unknown.
std::string_view InsteadOf(std::string_view name);

}  // namespace ormc::bind
