#include "server/observability/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <memory>

namespace ormc::server {
namespace {

namespace json = boost::json;

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("ormd");
    made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})",
                      spdlog::pattern_time_type::utc);
    return made;
  }();
  return *logger;
}

// JSON escapes control characters, so that nothing from outside can forge a line.
void Write(spdlog::level::level_enum level, std::string_view event, json::object members) {
  const std::string text = json::serialize(members);  // its braces are the pattern's
  Logger().log(level, R"("event":"{}"{}{})", event, members.empty() ? "" : ",",
               std::string_view(text).substr(1, text.size() - 2));
}

using spdlog::level::level_enum;

}  // namespace

void LogStarted(std::string_view address, std::string_view metrics_address) {
  Write(level_enum::info, "started", {{"listen", address}, {"metrics", metrics_address}});
}
void LogStopping(std::string_view signal) {
  Write(level_enum::info, "stopping", {{"signal", signal}});
}
void LogStopped(bool drained) { Write(level_enum::info, "stopped", {{"drained", drained}}); }
void LogRequest(std::string_view request_id, std::string_view route, unsigned status,
                double seconds) {
  Write(level_enum::info, "request",
        {{"request_id", request_id},
         {"route", route},
         {"status", status},
         {"ms", static_cast<int64_t>(seconds * 1e3)}});
}
void LogQuestionEnded(std::string_view request_id, std::string_view source, std::string_view state,
                      std::string_view error_code, double milliseconds) {
  Write(level_enum::info, "question",
        {{"request_id", request_id},
         {"source", source},
         {"state", state},
         {"code", error_code},
         {"ms", static_cast<int64_t>(milliseconds)}});
}
void LogInterruptedClosed(size_t questions) {
  Write(level_enum::warn, "interrupted_closed", {{"questions", questions}});
}
void LogStoreFailed(std::string_view request_id, std::string_view sqlstate,
                    std::string_view message) {
  Write(level_enum::err, "store_failed",
        {{"request_id", request_id}, {"sqlstate", sqlstate}, {"message", message}});
}
void LogRowRejected(std::string_view kind, std::string_view name, std::string_view why) {
  Write(level_enum::err, "row_rejected", {{"kind", kind}, {"name", name}, {"why", why}});
}
void LogReaderRole(std::string_view what, std::string_view why) {
  Write(level_enum::err, "reader_role",
        {{"what", what}, {"why", why}, {"mend", "manage.py ormc_grants --apply"}});
}
void LogModelFailed(std::string_view request_id, std::string_view outcome,
                    std::string_view detail) {
  Write(level_enum::warn, "model_failed",
        {{"request_id", request_id}, {"outcome", outcome}, {"detail", detail}});
}
void LogRunFailed(std::string_view request_id, std::string_view code, std::string_view detail) {
  Write(level_enum::warn, "run_failed",
        {{"request_id", request_id}, {"code", code}, {"detail", detail}});
}
void LogDefect(std::string_view request_id, std::string_view what) {
  Write(level_enum::critical, "defect", {{"request_id", request_id}, {"what", what}});
}

}  // namespace ormc::server
