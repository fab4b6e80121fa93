#include <date/tz.h>

#include <fstream>
#include <map>
#include <mutex>

#include "compiler/values/error.h"
#include "compiler/values/posix_zone.h"
#include "compiler/values/temporal.h"

namespace ormc {

namespace {

constexpr int64_t kUnixOrdinal = 719'163;  // 1970-01-01
// The explicit transitions of tzdata's files end here; the rule in their last line goes on.
constexpr int32_t kLastListedYear = 2036;

struct Rules {
  const date::time_zone* zone = nullptr;
  std::shared_ptr<const PosixZone> later;
};

// The POSIX rule at the end of a zone's file.
std::shared_ptr<const PosixZone> RuleAfterTheList(const std::string& name) {
  for (const char* folder : {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/etc/zoneinfo/"}) {
    std::ifstream file(folder + name, std::ios::binary);
    if (!file) continue;
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    if (bytes.size() < 3 || bytes.back() != '\n') return nullptr;
    const size_t start = bytes.rfind('\n', bytes.size() - 2);
    const std::string rule = bytes.substr(start + 1, bytes.size() - start - 2);
    return PosixZone::Parse(rule);
  }
  return nullptr;
}

// Zones are few and immutable: each is read once a process.
const Rules* FindRules(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, Rules> known;
  const std::scoped_lock lock(mutex);
  const auto found = known.find(name);
  if (found != known.end()) return found->second.zone ? &found->second : nullptr;
  Rules rules;
  try {
    rules.zone = date::locate_zone(name);
    rules.later = RuleAfterTheList(name);
  } catch (const std::exception&) {
    return nullptr;  // not remembered: names come from outside
  }
  return &known.emplace(name, std::move(rules)).first->second;
}

const Rules& RulesOf(const TimeZone& zone) {
  const Rules* rules = FindRules(zone.name);
  if (!rules) Raise("ZoneInfoNotFoundError", "'No time zone found with key " + zone.name + "'");
  return *rules;
}

int64_t WallSeconds(const DateTime& moment) {
  const int64_t micros = WallMicros(moment) - (kUnixOrdinal - 1) * kMicrosPerDay;
  return (micros - moment.time.microsecond) / kMicrosPerSecond;
}

ZoneOffset OffsetOf(const date::sys_info& info) {
  return {static_cast<int32_t>(info.offset.count()), info.abbrev};
}

LocalOffsets LocalInfo(const Rules& rules, const DateTime& moment) {
  const int64_t seconds = WallSeconds(moment);
  if (moment.date.year > kLastListedYear && rules.later) return rules.later->AtWall(seconds);
  const date::local_info info =
      rules.zone->get_info(date::local_seconds(std::chrono::seconds(seconds)));
  const bool unique = info.result == date::local_info::unique;
  return {OffsetOf(info.first), OffsetOf(unique ? info.first : info.second),
          info.result == date::local_info::ambiguous};
}

// Which of the two of a gap or a fold the moment means: in a gap the first is the offset before.
ZoneOffset InfoOf(const Rules& rules, const DateTime& moment) {
  LocalOffsets info = LocalInfo(rules, moment);
  return moment.time.fold != 0 ? std::move(info.second) : std::move(info.first);
}

bool IsUtc(const TimeZone& zone) { return zone.offset_seconds == 0 || zone.name == "UTC"; }

}  // namespace

TimeZonePtr Utc() {
  static const TimeZonePtr utc = std::make_shared<const TimeZone>(TimeZone{"UTC", std::nullopt});
  return utc;
}

TimeZonePtr FindZone(std::string_view name) {
  if (name == "UTC") return Utc();
  const std::string key(name);
  if (!FindRules(key)) return nullptr;
  return std::make_shared<const TimeZone>(TimeZone{key, std::nullopt});
}

TimeZonePtr FixedZone(int32_t offset_seconds) {
  if (offset_seconds == 0) return Utc();
  return std::make_shared<const TimeZone>(
      TimeZone{"UTC" + OffsetText(offset_seconds), offset_seconds});
}

bool SameZone(const TimeZonePtr& a, const TimeZonePtr& b) {
  if (a == b) return true;
  return a && b && *a == *b;
}

std::optional<int32_t> UtcOffset(const Time& time) {
  if (!time.zone) return std::nullopt;
  if (IsUtc(*time.zone)) return 0;
  return time.zone->offset_seconds;
}

std::optional<int32_t> UtcOffset(const DateTime& moment) {
  const TimeZonePtr& zone = moment.time.zone;
  if (!zone) return std::nullopt;
  if (IsUtc(*zone)) return 0;
  if (zone->offset_seconds) return zone->offset_seconds;
  return InfoOf(RulesOf(*zone), moment).seconds;
}

int64_t UtcMicros(const DateTime& moment) {
  return WallMicros(moment) - UtcOffset(moment).value_or(0) * kMicrosPerSecond;
}

int64_t UnixMicros(const DateTime& moment) {
  return UtcMicros(moment) - (kUnixOrdinal - 1) * kMicrosPerDay;
}

DateTime FromUnixMicros(int64_t micros, const TimeZonePtr& zone) {
  const DateTime utc = FromWallMicros(micros + (kUnixOrdinal - 1) * kMicrosPerDay, Utc());
  return InZone(utc, zone);
}

DateTime InZone(const DateTime& moment, const TimeZonePtr& zone) {
  if (SameZone(moment.time.zone, zone)) return moment;
  const int64_t utc = UtcMicros(moment);
  if (zone->offset_seconds || IsUtc(*zone)) {
    return FromWallMicros(utc + zone->offset_seconds.value_or(0) * kMicrosPerSecond, zone);
  }
  const Rules& rules = RulesOf(*zone);
  const DateTime in_utc = FromWallMicros(utc, nullptr);
  const int64_t seconds = WallSeconds(in_utc);
  const ZoneOffset offset =
      in_utc.date.year > kLastListedYear && rules.later
          ? rules.later->AtUtc(seconds)
          : OffsetOf(rules.zone->get_info(date::sys_seconds(std::chrono::seconds(seconds))));
  DateTime result = FromWallMicros(utc + offset.seconds * kMicrosPerSecond, zone);
  const LocalOffsets local = LocalInfo(rules, result);
  if (local.ambiguous && local.second.seconds == offset.seconds &&
      local.first.seconds != offset.seconds) {
    result.time.fold = 1;
  }
  return result;
}

std::string ZoneAbbreviation(const DateTime& moment) {
  const TimeZonePtr& zone = moment.time.zone;
  if (!zone) return "";
  if (IsUtc(*zone) || zone->offset_seconds) return zone->name;
  return InfoOf(RulesOf(*zone), moment).abbreviation;
}

}  // namespace ormc
