#include "runtime/postgres/pool.h"

namespace ormc::postgres {

Pool::Lease::~Lease() {
  if (pool_) pool_->Return(std::move(connection_));
}

Pool::Lease Pool::Acquire(Waiter& waiter, Clock::time_point deadline) {
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_until(lock, deadline, [this] { return free_ > 0; })) {
      throw DatabaseFailure(Kind::DatabaseBusy);
    }
    --free_;
  }
  return Open(waiter, deadline);
}

Pool::Lease Pool::TryAcquire(Waiter& waiter, Clock::time_point deadline) {
  {
    const std::scoped_lock lock(mutex_);
    if (free_ == 0) throw DatabaseFailure(Kind::DatabaseBusy);
    --free_;
  }
  return Open(waiter, deadline);
}

// The place is already taken.
Pool::Lease Pool::Open(Waiter& waiter, Clock::time_point deadline) {
  try {
    std::unique_ptr<Connection> connection = TakeKept();
    if (!connection) connection = Connection::Open(conninfo_, waiter, deadline);
    return {*this, std::move(connection)};
  } catch (...) {
    Return(nullptr);
    throw;
  }
}

// A kept connection that the server has closed meanwhile says so at once: its socket can be read.
std::unique_ptr<Connection> Pool::TakeKept() {
  const std::scoped_lock lock(mutex_);
  while (!kept_.empty()) {
    std::unique_ptr<Connection> connection = std::move(kept_.back());
    kept_.pop_back();
    if (connection->IdleAndAlive()) return connection;
  }
  return nullptr;
}

void Pool::Return(std::unique_ptr<Connection> connection) {
  {
    const std::scoped_lock lock(mutex_);
    ++free_;
    if (connection && !connection->broken()) kept_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

}  // namespace ormc::postgres
