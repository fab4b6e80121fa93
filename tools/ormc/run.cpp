#include <boost/json.hpp>
#include <chrono>

#include "compiler/values/temporal.h"
#include "runtime/execute/execute.h"
#include "runtime/execute/to_json.h"
#include "tools/ormc/answer.h"

namespace ormc::tool {
namespace {

DateTime ClockNow() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return FromUnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(now).count(), Utc());
}

execute::Outcome OutcomeOf(const Context& context, const Request& request,
                           const program::Program& program) {
  execute::Options options;
  options.limits = context.site->limits();
  options.site_zone = context.site->manifest().time_zone;
  options.now = request.now           ? *request.now
                : context.options.now ? *context.options.now
                                      : ClockNow();
  postgres::PollWaiter waiter;
  try {
    return execute::Execute(program, context.database->Get(waiter), waiter, options);
  } catch (const postgres::DatabaseFailure& error) {  // no connection
    return execute::FailureOf(error);
  }
}

}  // namespace

Answer Run(const Context& context, const Request& request, const pipeline::Compiled& compiled) {
  Answer answer;
  const execute::Outcome outcome = OutcomeOf(context, request, *compiled.program);
  if (const auto* result = std::get_if<execute::ResultSet>(&outcome)) {
    answer.json = execute::ToJson(*result);
  } else {
    const auto& failure = std::get<execute::Failure>(outcome);
    answer.json = execute::ToJson(failure);
    answer.exit = kExitRun;
    answer.note = "error[" + CodeOf(failure.kind) + "]: " + failure.message + "\n";
    if (!failure.hint.empty()) answer.note += "  hint: " + failure.hint + "\n";
    if (!failure.log.empty()) answer.note += "  log: " + failure.log + "\n";
  }
  return answer;
}

}  // namespace ormc::tool
