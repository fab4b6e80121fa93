// What handlers share. Made once in main.cpp; everything but `engine` lives on the I/O thread.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstddef>

#include "server/audit/question_store.h"
#include "server/auth/token.h"
#include "server/chat/chat_store.h"
#include "server/engine/engine.h"
#include "server/engine/site_store.h"
#include "server/observability/metrics.h"
#include "server/settings/settings_store.h"
#include "server/store/pool.h"

namespace ormc::server {

struct Services {
  const TokenKeys& token_keys;
  StorePool& store;
  ChatStore& chats;
  QuestionStore& questions;
  SiteStore& sites;
  SettingsStore& settings;
  Engine& engine;
  boost::asio::thread_pool& workers;
  Metrics& metrics;
  size_t running = 0;        // questions between their two commits
  size_t most_running = 32;  // more are told to come again
};

}  // namespace ormc::server
