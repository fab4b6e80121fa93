#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ormc::server {

// Without padding, and strict: none where a character is outside the alphabet.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace ormc::server
