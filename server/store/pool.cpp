#include "server/store/pool.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ormc::server {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kWait{5};

}  // namespace

class StorePool::Lease {
 public:
  Lease(StorePool& pool, std::unique_ptr<Connection> connection)
      : pool_(&pool), connection_(std::move(connection)) {}
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (connection_) pool_->GiveBack(std::move(connection_));
  }
  Connection* operator->() const { return connection_.get(); }

 private:
  StorePool* pool_;
  std::unique_ptr<Connection> connection_;
};

StorePool::StorePool(asio::any_io_executor executor, std::string dsn, size_t limit)
    : executor_(std::move(executor)), dsn_(std::move(dsn)), limit_(limit) {}

asio::awaitable<StorePool::Lease> StorePool::Take() {
  const auto deadline = asio::steady_timer::clock_type::now() + kWait;
  while (idle_.empty() && open_ >= limit_) {
    asio::steady_timer turn(executor_, deadline);
    waiting_.push_back(&turn);
    boost::system::error_code woken;
    co_await turn.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    std::erase(waiting_, &turn);
    if (!woken) throw StoreError("", "all connections to the store are in use");
  }
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->Alive()) co_return Lease(*this, std::move(connection));
    --open_;
  }
  ++open_;
  std::unique_ptr<Connection> connection;
  try {
    connection = co_await Connection::Open(executor_, dsn_);
  } catch (...) {
    GiveBack(nullptr);
    throw;
  }
  co_return Lease(*this, std::move(connection));
}

void StorePool::GiveBack(std::unique_ptr<Connection> connection) {
  if (connection && connection->usable()) {
    idle_.push_back(std::move(connection));
  } else {
    --open_;
  }
  // Whose time is up hears no more of it: the next one is told.
  for (bool told = false; !told && !waiting_.empty();) {
    told = waiting_.front()->cancel() > 0;
    waiting_.pop_front();
  }
}

asio::awaitable<Rows> StorePool::Query(Statement statement) {
  std::vector<Statement> alone;
  alone.push_back(std::move(statement));
  std::vector<Rows> rows = co_await Together(std::move(alone));
  co_return std::move(rows.front());
}

asio::awaitable<std::vector<Rows>> StorePool::Together(std::vector<Statement> statements) {
  Lease lease = co_await Take();
  co_return co_await lease->Run(std::move(statements));
}

}  // namespace ormc::server
