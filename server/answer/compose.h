// Which way an answer is made. Never throws: what fails becomes an answer that says so.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string_view>

#include "server/answer/answer.h"
#include "server/answer/event_log.h"
#include "server/audit/question_store.h"
#include "server/engine/engine.h"
#include "server/services.h"

namespace ormc::server {

struct Asking {
  Services& services;
  const User& user;
  const SitePtr& site;
  const Settings& settings;
  const Question& question;
  bool is_snippet;
  EventSink& sink;
};

// Of what outlives the coroutine.
boost::asio::awaitable<AnswerPtr> Compose(Asking asking);

// Whether a message is ORM code: it names a manager or assigns `result`.
bool LooksLikeCode(std::string_view text);

}  // namespace ormc::server
