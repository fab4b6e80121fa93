#include "runtime/postgres/types.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ormc::postgres {
namespace {

using enum Composition;

constexpr ComposedType kComposed[] = {
    // type, made as, of
    {143, kArray, 142},    // xml
    {199, kArray, 114},    // json
    {651, kArray, 650},    // cidr
    {1000, kArray, 16},    // bool
    {1001, kArray, 17},    // bytea
    {1002, kArray, 18},    // "char"
    {1003, kArray, 19},    // name
    {1005, kArray, 21},    // int2
    {1007, kArray, 23},    // int4
    {1009, kArray, 25},    // text
    {1014, kArray, 1042},  // bpchar
    {1015, kArray, 1043},  // varchar
    {1016, kArray, 20},    // int8
    {1021, kArray, 700},   // float4
    {1022, kArray, 701},   // float8
    {1028, kArray, 26},    // oid
    {1040, kArray, 829},   // macaddr
    {1041, kArray, 869},   // inet
    {1115, kArray, 1114},  // timestamp
    {1182, kArray, 1082},  // date
    {1183, kArray, 1083},  // time
    {1185, kArray, 1184},  // timestamptz
    {1187, kArray, 1186},  // interval
    {1231, kArray, 1700},  // numeric
    {1270, kArray, 1266},  // timetz
    {2951, kArray, 2950},  // uuid
    {3643, kArray, 3614},  // tsvector
    {3807, kArray, 3802},  // jsonb
    {3904, kRange, 23},    // int4range
    {3905, kArray, 3904},  //
    {3906, kRange, 1700},  // numrange
    {3907, kArray, 3906},  //
    {3908, kRange, 1114},  // tsrange
    {3909, kArray, 3908},  //
    {3910, kRange, 1184},  // tstzrange
    {3911, kArray, 3910},  //
    {3912, kRange, 1082},  // daterange
    {3913, kArray, 3912},  //
    {3926, kRange, 20},    // int8range
    {3927, kArray, 3926},  //
    {4451, kMultirange, 3904}, {4532, kMultirange, 3906}, {4533, kMultirange, 3908},
    {4534, kMultirange, 3910}, {4535, kMultirange, 3912}, {4536, kMultirange, 3926},
    {6150, kArray, 4451},      {6151, kArray, 4532},      {6152, kArray, 4533},
    {6153, kArray, 4534},      {6155, kArray, 4535},      {6157, kArray, 4536},
};
static_assert(std::ranges::is_sorted(kComposed, {}, &ComposedType::type));

}  // namespace

std::string_view TypeName(uint32_t type) {
  constexpr std::pair<uint32_t, std::string_view> kNames[] = {
      {kBoolOid, "boolean"},        {kByteaOid, "bytea"},
      {kInt8Oid, "bigint"},         {kInt4Oid, "integer"},
      {kTextOid, "text"},           {kFloat8Oid, "double precision"},
      {kDateOid, "date"},           {kTimeOid, "time"},
      {kTimestampOid, "timestamp"}, {kTimestamptzOid, "timestamptz"},
      {kIntervalOid, "interval"},   {kTimetzOid, "timetz"},
      {kNumericOid, "numeric"},     {kUuidOid, "uuid"},
      {kJsonbOid, "jsonb"},
  };
  for (const auto& [known, name] : kNames) {
    if (known == type) return name;
  }
  return "text";
}

const ComposedType* FindComposed(uint32_t type) {
  const auto* found = std::ranges::lower_bound(kComposed, type, {}, &ComposedType::type);
  return found != std::end(kComposed) && found->type == type ? found : nullptr;
}

}  // namespace ormc::postgres
