// The store's connections: opened when needed, kept, at most `limit` of them. On the I/O thread
// only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/store/connection.h"

namespace ormc::server {

class StorePool {
 public:
  StorePool(boost::asio::any_io_executor executor, std::string dsn, size_t limit);

  // One statement, which is one transaction. Throws StoreError.
  boost::asio::awaitable<Rows> Query(Statement statement);
  template <class... Values>
  boost::asio::awaitable<Rows> Query(const char* sql, Values&&... values) {
    return Query(Statement::Of(sql, std::forward<Values>(values)...));
  }
  // Several that need nothing of each other, in one journey and one transaction; the rows of each.
  boost::asio::awaitable<std::vector<Rows>> Together(std::vector<Statement> statements);

 private:
  class Lease;
  boost::asio::awaitable<Lease> Take();
  void GiveBack(std::unique_ptr<Connection> connection);

  boost::asio::any_io_executor executor_;
  std::string dsn_;
  size_t limit_;
  size_t open_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::deque<boost::asio::steady_timer*> waiting_;
};

}  // namespace ormc::server
