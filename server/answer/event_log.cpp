#include "server/answer/event_log.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace ormc::server {

namespace asio = boost::asio;
namespace json = boost::json;

std::string EventId(std::string_view question, size_t seq) {
  return std::string(question) + ":" + std::to_string(seq);
}

EventLog::EventLog(const asio::any_io_executor& executor, std::string question)
    : question_(std::move(question)), changed_(executor, asio::steady_timer::time_point::max()) {}

void EventLog::Send(std::string_view event, const json::value& data) {
  entries_.push_back({std::string(event), data});
  changed_.cancel();
}

void EventLog::Close() {
  closed_ = true;
  changed_.cancel();
}

json::array EventLog::Recorded() const {
  json::array recorded;
  for (const Entry& entry : entries_)
    recorded.push_back(
        {{"seq", recorded.size() + 1}, {"event", entry.event}, {"data", entry.data}});
  return recorded;
}

asio::awaitable<void> EventLog::Follow(size_t seen, std::shared_ptr<EventWriter> to) {
  while (true) {
    for (; seen < entries_.size(); ++seen)
      to->Write(EventId(question_, seen + 1), entries_[seen].event, entries_[seen].data);
    if (closed_) co_return;
    boost::system::error_code woken;
    co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

std::shared_ptr<EventLog> LiveStreams::Open(const asio::any_io_executor& executor,
                                            const std::string& question) {
  return logs_[question] = std::make_shared<EventLog>(executor, question);
}

std::shared_ptr<EventLog> LiveStreams::Find(const std::string& question) const {
  const auto found = logs_.find(question);
  return found == logs_.end() ? nullptr : found->second;
}

void LiveStreams::Close(const std::string& question) {
  const auto found = logs_.find(question);
  if (found == logs_.end()) return;
  found->second->Close();
  logs_.erase(found);
}

}  // namespace ormc::server
