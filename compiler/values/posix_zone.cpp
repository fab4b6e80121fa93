#include "compiler/values/posix_zone.h"

#include <date/ptz.h>

#include <utility>

namespace ormc {

namespace {

ZoneOffset OffsetOf(const date::sys_info& info) {
  return {static_cast<int32_t>(info.offset.count()), info.abbrev};
}

class Rule : public PosixZone {
 public:
  explicit Rule(const std::string& rule) : zone_(rule) {}
  ZoneOffset AtUtc(int64_t seconds) const override {
    return OffsetOf(zone_.get_info(date::sys_seconds(std::chrono::seconds(seconds))));
  }
  LocalOffsets AtWall(int64_t seconds) const override {
    const date::local_info info =
        zone_.get_info(date::local_seconds(std::chrono::seconds(seconds)));
    const bool unique = info.result == date::local_info::unique;
    return {OffsetOf(info.first), OffsetOf(unique ? info.first : info.second),
            info.result == date::local_info::ambiguous};
  }

 private:
  Posix::time_zone zone_;
};

}  // namespace

std::shared_ptr<const PosixZone> PosixZone::Parse(const std::string& rule) {
  if (rule.empty()) return nullptr;
  try {
    return std::make_shared<const Rule>(rule);
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace ormc
