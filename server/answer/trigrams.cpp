#include "server/answer/trigrams.h"

#include <algorithm>

namespace ormc::server {

Trigrams TrigramsOf(std::string_view text) {
  Trigrams grams;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find(' ', at), text.size());
    uint32_t gram = (' ' << 8) | ' ';
    const auto add = [&](char c) {
      gram = ((gram << 8U) | static_cast<unsigned char>(c)) & 0xff'ffffU;
      grams.push_back(gram);
    };
    for (const char c : text.substr(at, end - at)) add(c);
    if (end > at) add(' ');
    at = end + 1;
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

size_t Common(const Trigrams& a, const Trigrams& b) {
  size_t common = 0;
  auto at_a = a.begin();
  auto at_b = b.begin();
  while (at_a != a.end() && at_b != b.end()) {
    if (*at_a == *at_b) ++common;
    const uint32_t least = std::min(*at_a, *at_b);
    if (*at_a == least) ++at_a;
    if (*at_b == least) ++at_b;
  }
  return common;
}

double Similarity(const Trigrams& a, const Trigrams& b) {
  const auto shared = static_cast<double>(Common(a, b));
  const double all = static_cast<double>(a.size() + b.size()) - shared;
  return all > 0 ? shared / all : 0;
}

}  // namespace ormc::server
