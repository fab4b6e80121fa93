// The inside of decode: one function a family of types.
#pragma once

#include <string_view>

#include "compiler/values/value.h"
#include "runtime/postgres/decode.h"

namespace ormc::postgres {

enum class ClockKind : uint8_t { kNaive, kUtc, kDropZone };

// decode_temporal.cpp
Value DecodeDate(std::string_view text);
Value DecodeTime(std::string_view text);  // with a fixed offset where the text has one
Value DecodeTimestamp(std::string_view text, ClockKind kind);
Value DecodeInterval(std::string_view text);

// decode_composed.cpp
Value DecodeArray(uint32_t element, std::string_view text, const DecodeOptions& options);
Value DecodeRange(uint32_t element, std::string_view text, const DecodeOptions& options);
Value DecodeMultirange(uint32_t range, std::string_view text, const DecodeOptions& options);

}  // namespace ormc::postgres
