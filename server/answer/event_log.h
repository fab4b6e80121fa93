// The events of one question while it is being answered: numbered, kept until its end, and copied
// to whoever listens, from the event on that the listener has not seen. So a client that lost its
// stream takes it up again; after the end the events come from storage (api/follow_events.cpp).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/response.h"

namespace ormc::server {

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Send(std::string_view event, const boost::json::value& data) = 0;
};

// The id of an event on the wire: "41:3", the question's message and the event's number.
std::string EventId(std::string_view question, size_t seq);

class EventLog : public EventSink {
 public:
  EventLog(const boost::asio::any_io_executor& executor, std::string question);

  void Send(std::string_view event, const boost::json::value& data) override;
  void Close();

  // [{seq, event, data}] of what was sent until now.
  boost::json::array Recorded() const;
  // Writes all after the first `seen` events, and those that come, until the log is closed.
  boost::asio::awaitable<void> Follow(size_t seen, std::shared_ptr<EventWriter> to);

 private:
  struct Entry {
    std::string event;
    boost::json::value data;
  };

  std::string question_;
  std::vector<Entry> entries_;
  boost::asio::steady_timer changed_;
  bool closed_ = false;
};

// The questions that are being answered as a stream by this process. On the I/O thread only.
class LiveStreams {
 public:
  std::shared_ptr<EventLog> Open(const boost::asio::any_io_executor& executor,
                                 const std::string& question);
  std::shared_ptr<EventLog> Find(const std::string& question) const;  // null: none here
  void Close(const std::string& question);

 private:
  std::map<std::string, std::shared_ptr<EventLog>> logs_;
};

}  // namespace ormc::server
