#pragma once

#include <cstdint>

namespace ormc {

// How a masked column is shown.
enum class Mask : uint8_t { kNone, kLastFour, kHash, kDomainOnly, kFixed };

}  // namespace ormc
