// The run's clock and zones.
#pragma once

#include "compiler/eval/evaluate.h"
#include "compiler/values/temporal.h"

namespace ormc::eval {

TimeZonePtr ActiveZone(const Context& context);
TimeZonePtr DefaultZone(const Context& context);
// datetime.now(): naive, in the process's zone, which Django sets to settings.TIME_ZONE.
DateTime LocalNow(const Context& context);
// A naive moment is meant in the process's zone.
DateTime Aware(const DateTime& moment, const Context& context);

}  // namespace ormc::eval
