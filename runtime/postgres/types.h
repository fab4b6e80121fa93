// The object ids of PostgreSQL's own types (pg_type.dat: they never change).
#pragma once

#include <cstdint>
#include <string_view>

namespace ormc::postgres {

enum Oid : uint32_t {
  kUnknownOid = 0,
  kBoolOid = 16,
  kByteaOid = 17,
  kInt8Oid = 20,
  kInt2Oid = 21,
  kInt4Oid = 23,
  kTextOid = 25,
  kOidOid = 26,
  kFloat4Oid = 700,
  kFloat8Oid = 701,
  kDateOid = 1082,
  kTimeOid = 1083,
  kTimestampOid = 1114,
  kTimestamptzOid = 1184,
  kIntervalOid = 1186,
  kTimetzOid = 1266,
  kNumericOid = 1700,
  kUuidOid = 2950,
  kJsonbOid = 3802,
};

// For people: "int4", "date"; "text" where PostgreSQL infers the type.
std::string_view TypeName(uint32_t type);

// What a type is made of: arrays, ranges and multiranges of another.
enum class Composition : uint8_t { kArray, kRange, kMultirange };
struct ComposedType {
  uint32_t type;
  Composition composition;
  uint32_t element;  // of a multirange: its range
};
const ComposedType* FindComposed(uint32_t type);

}  // namespace ormc::postgres
