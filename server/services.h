// What handlers share. Made once in main.cpp; everything but `engine` lives on the I/O thread.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "server/answer/event_log.h"
#include "server/audit/question_store.h"
#include "server/auth/token.h"
#include "server/chat/chat_store.h"
#include "server/chat/exchange_store.h"
#include "server/engine/engine.h"
#include "server/engine/site_store.h"
#include "server/limits/limits.h"
#include "server/limits/places.h"
#include "server/observability/metrics.h"
#include "server/settings/settings_store.h"
#include "server/store/pool.h"

namespace ormc::server {

class ProviderLinks;

struct Services {
  const TokenKeys& token_keys;
  StorePool& store;
  ChatStore& chats;
  QuestionStore& questions;
  ExchangeStore& exchanges;
  SiteStore& sites;
  SettingsStore& settings;
  Engine& engine;
  ProviderLinks& provider_links;
  boost::asio::thread_pool& workers;
  boost::asio::thread_pool& exporters;  // threads of their own: an export may take minutes
  Metrics& metrics;
  const ServerLimits& limits;  // the process's; a site's are in the settings of each question
  Places& places;
  LiveStreams& live;
};

}  // namespace ormc::server
