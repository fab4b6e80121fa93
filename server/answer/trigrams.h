// Trigrams of words, as pg_trgm has them: how much two texts have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ormc::server {

// Each once, in order; a trigram is its three bytes. Words are parted by spaces.
using Trigrams = std::vector<uint32_t>;
Trigrams TrigramsOf(std::string_view text);

size_t Common(const Trigrams& a, const Trigrams& b);

// What they have in common of all that both have, 0 to 1.
double Similarity(const Trigrams& a, const Trigrams& b);

}  // namespace ormc::server
