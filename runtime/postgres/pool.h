#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/postgres/connection.h"

namespace ormc::postgres {

// A bounded number of connections to one database, opened when they are needed and kept.
class Pool {
 public:
  Pool(std::string conninfo, size_t size) : conninfo_(std::move(conninfo)), free_(size) {}

  // A connection on loan.  It goes back when the lease ends, unless it is broken.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    struct Nothing {
      void operator()(Pool*) const {}
    };
    std::unique_ptr<Pool, Nothing> pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Waits for a free place, then opens a connection where none is kept.  DatabaseBusy where the
  // deadline comes first; ConnectionFailed.
  Lease Acquire(Waiter& waiter, Clock::time_point deadline);
  // The same without waiting for a place: for a server that queues its questions itself.
  Lease TryAcquire(Waiter& waiter, Clock::time_point deadline);

 private:
  Lease Open(Waiter& waiter, Clock::time_point deadline);
  std::unique_ptr<Connection> TakeKept();
  void Return(std::unique_ptr<Connection> connection);

  const std::string conninfo_;
  std::mutex mutex_;
  std::condition_variable freed_;
  size_t free_;  // places
  std::vector<std::unique_ptr<Connection>> kept_;
};

}  // namespace ormc::postgres
