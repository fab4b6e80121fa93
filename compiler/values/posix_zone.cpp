#include "compiler/values/posix_zone.h"

#include <date/ptz.h>

#include <utility>

namespace ormc {

namespace {

class Rule : public PosixZone {
 public:
  explicit Rule(const std::string& rule)
      : zone_(rule), saves_(rule.find(',') != std::string::npos) {}
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
  // Without daylight saving the library leaves `save` unset.
  ZoneOffset OffsetOf(const date::sys_info& info) const {
    const auto save = std::chrono::duration_cast<std::chrono::seconds>(info.save).count();
    return {static_cast<int32_t>(info.offset.count()), saves_ ? static_cast<int32_t>(save) : 0,
            info.abbrev};
  }

  Posix::time_zone zone_;
  bool saves_;
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
