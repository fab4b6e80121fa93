// SQL for a timestamptz as the HTTP contract writes it, for use inside a literal.
#pragma once

#define ORMC_TIME_TEXT(column) \
  "to_char(" column " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '+00:00'"
