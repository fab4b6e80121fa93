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

  // One statement, which is one transaction; a value each for $1, $2, ... Throws StoreError.
  template <class... Values>
  boost::asio::awaitable<Rows> Query(const char* sql, Values&&... values) {
    std::vector<Param> params;
    params.reserve(sizeof...(values));
    (params.emplace_back(std::forward<Values>(values)), ...);
    return Run(sql, std::move(params));
  }
  boost::asio::awaitable<Rows> Run(const char* sql, std::vector<Param> params);

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
