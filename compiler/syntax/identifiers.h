#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ormc::syntax {

// Rejects a word at `offset` that Python would not read as a name, or that mixes scripts: the
// letters of each part between `__` must be of one script, so that names that look alike are alike.
void CheckIdentifier(std::string_view word, uint32_t offset);

// NFKC, as Python compares names.
std::string NormalizeIdentifier(std::string_view word);

// Says what is wrong with a character that begins no token.
[[noreturn]] void RejectCharacter(std::string_view text, uint32_t offset);

}  // namespace ormc::syntax
