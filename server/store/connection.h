// The store's connection: libpq without blocking, on the I/O thread. Statements have parameters and
// no other way to carry a value; what travels together has a deadline, after which the connection is
// not used again.
#pragma once

#include <libpq-fe.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ormc::server {

// What went wrong, for the log only: users see `store-unavailable`.
class StoreError : public std::exception {
 public:
  StoreError(std::string sqlstate, std::string message)
      : sqlstate_(std::move(sqlstate)), message_(std::move(message)) {}
  const std::string& sqlstate() const { return sqlstate_; }  // "" where there was no connection
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string sqlstate_;
  std::string message_;
};

using Param = std::optional<std::string>;  // none is NULL

class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result, &PQclear) {}
  int size() const { return PQntuples(result_.get()); }
  bool empty() const { return size() == 0; }
  bool null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string text(int row, int column) const;
  std::optional<std::string> optional(int row, int column) const;
  int64_t integer(int row, int column) const;
  bool boolean(int row, int column) const { return text(row, column) == "t"; }

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

struct Statement {
  const char* sql;
  std::vector<Param> params;

  // A value each for $1, $2, ...
  template <class... Values>
  static Statement Of(const char* sql, Values&&... values) {
    Statement statement{sql, {}};
    statement.params.reserve(sizeof...(values));
    (statement.params.emplace_back(std::forward<Values>(values)), ...);
    return statement;
  }
};

class Connection {
 public:
  // Throws StoreError.
  static boost::asio::awaitable<std::unique_ptr<Connection>> Open(
      boost::asio::any_io_executor executor, const std::string& dsn);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // All in one journey and one transaction; the rows of each. They are planned once where no pooler
  // stands between. Throws StoreError; `usable` tells whether the connection survived.
  boost::asio::awaitable<std::vector<Rows>> Run(std::vector<Statement> statements);
  bool usable() const { return usable_; }
  bool Alive() const;  // false where the database closed it while it was idle

 private:
  class Alarm;

  Connection(const boost::asio::any_io_executor& executor, PGconn* connection);
  boost::asio::awaitable<void> Wait(boost::asio::posix::stream_descriptor::wait_type what);
  boost::asio::awaitable<void> Connect();
  void Send(const std::vector<Statement>& statements);
  void Sent(int accepted);  // what libpq says to something that is to be sent
  boost::asio::awaitable<std::vector<Rows>> Receive();
  boost::asio::awaitable<PGresult*> Next();
  bool MayRepeat(const StoreError& error);
  [[noreturn]] void Fail(std::string sqlstate, std::string message);

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  boost::asio::posix::stream_descriptor socket_;
  std::shared_ptr<Alarm> alarm_;
  bool usable_ = true;
  bool prepares_ = true;
  std::set<std::string> prepared_;
  std::vector<std::string>
      expected_;        // what was sent: the name that is prepared, "" for a statement
  std::string failed_;  // the name whose preparation failed
};

}  // namespace ormc::server
