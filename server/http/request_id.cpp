#include "server/http/request_id.h"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace ormc::server {
namespace {

uint32_t g_seat = 0;

// FNV-1a.
uint32_t Hash(std::string_view text) {
  uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

}  // namespace

void SetSeat(std::string_view seat) { g_seat = Hash(seat); }

std::string SeatPrefix() { return fmt::format("{:08x}-", g_seat); }

std::string NewRequestId() {
  thread_local std::random_device random;
  const uint32_t a = random();
  const uint32_t b = random();
  const uint32_t c = random();
  return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:04x}{:08x}", g_seat, a >> 16U, a & 0xfffU,
                     0x8000U | (b >> 18U), b & 0xffffU, c);
}

}  // namespace ormc::server
