// Text for the log. A value that somebody compares with a masked field is as private as the field:
// what names one is logged without its literals.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ormc::server {

// `masked` are names of fields in lower case ("email", "card number"). Quoted texts, numbers of two
// digits and more, and words with `@` or a digit in them become `…`.
std::string RedactLiterals(std::string_view text, const std::vector<std::string>& masked);

}  // namespace ormc::server
