// Typed events of the server, written as one JSON object a line to standard error. None carries a
// token, a key, a question, a snippet or a value of the site's data.
#pragma once

#include <string_view>

namespace ormc::server {

void LogStarted(std::string_view address, std::string_view metrics_address);
void LogStopping(std::string_view signal);
void LogStopped(bool drained);
void LogRequest(std::string_view request_id, std::string_view route, unsigned status,
                double seconds);
void LogQuestionEnded(std::string_view request_id, std::string_view source, std::string_view state,
                      std::string_view error_code, double milliseconds);
void LogInterruptedClosed(size_t questions);
void LogStoreFailed(std::string_view request_id, std::string_view sqlstate,
                    std::string_view message);
void LogRowRejected(std::string_view kind, std::string_view name, std::string_view why);
// `what` is "unsafe" or "missing"; `why` names roles, tables and columns.
void LogReaderRole(std::string_view what, std::string_view why);
void LogModelFailed(std::string_view request_id, std::string_view outcome, std::string_view detail);
void LogRunFailed(std::string_view request_id, std::string_view code, std::string_view detail);
void LogDefect(std::string_view request_id, std::string_view what);

}  // namespace ormc::server
