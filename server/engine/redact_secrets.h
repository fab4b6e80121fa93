// What nobody should find in a log, whatever the question is about: keys, cards, e-mail addresses.
#pragma once

#include <string>
#include <string_view>

namespace ormc::server {

// Each becomes `…`: private keys in PEM, tokens by their providers' prefixes, long runs of letters
// and digits as keys are, card numbers (by their check digit), e-mail addresses.
std::string RedactSecrets(std::string_view text);

}  // namespace ormc::server
