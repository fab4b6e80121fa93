// What the reader's role may do in the database, against what manifest and policy say that it
// should (R16, R17).
#pragma once

#include "runtime/postgres/connection.h"
#include "runtime/postgres/waiter.h"
#include "server/engine/native_site.h"

namespace ormc::server {

// Throws DatabaseFailure.
ReaderCheck CheckReaderRole(const NativeSite& site, postgres::Connection& connection,
                            postgres::Waiter& waiter);

}  // namespace ormc::server
