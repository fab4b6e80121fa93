// The life of a question: accepted (stored and logged), answered, finished (stored and logged).
//
//   ask.h          the frame: limits, two commits, events
//   compose.h      which way an answer is made: snippet, verified query, model, or none
//   run_snippet.h  a snippet compiled, run, and put into words
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "server/answer/compose.h"
#include "server/answer/event_log.h"
#include "server/audit/question_store.h"
#include "server/services.h"

namespace ormc::server {

// A question that was accepted, with all that its answer needs.
struct Asked {
  User user;
  Question question;
  Accepted accepted;
  SitePtr site;
  Settings settings;
  bool is_snippet = false;
  Places::Place place;  // until it is answered
};

// `question` without the fingerprints. Throws ProblemError, KeyTaken and StoreError: nothing was
// stored then.
boost::asio::awaitable<std::unique_ptr<const Asked>> AcceptQuestion(Services& services,
                                                                    const User& user,
                                                                    Question question,
                                                                    bool is_snippet);

// EXCHANGE of docs/contract/http.md, or a ProblemError where the store failed at the end. Events go
// to `log`, where there is one, with `done` as the last. The caller keeps `asked` meanwhile.
boost::asio::awaitable<boost::json::object> AnswerQuestion(Services& services, const Asked& asked,
                                                           std::shared_ptr<EventLog> log);

}  // namespace ormc::server
