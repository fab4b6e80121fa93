// ormd. Control flow: main.cpp (options, services, life) -> http/listener -> http/http_session ->
// http/dispatch -> http/router -> api/* -> answer/* -> engine, store, llm.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <csignal>
#include <exception>
#include <iostream>

#include "server/api/readyz.h"
#include "server/engine/native_engine.h"
#include "server/http/dispatch.h"
#include "server/http/listener.h"
#include "server/http/request_id.h"
#include "server/llm/provider_links.h"
#include "server/observability/log.h"
#include "server/options.h"
#include "server/services.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kSweep{60};
constexpr std::chrono::minutes kForget{30};

// Everything that lives as long as the process; members are made in this order.
struct Daemon {
  explicit Daemon(const ServerOptions& given)
      : options(given),
        keys(options.secrets),
        workers(options.workers),
        exporters(static_cast<size_t>(options.limits.exports_at_once)),
        store(io.get_executor(), options.store_dsn,
              static_cast<size_t>(options.limits.store_connections)),
        chats(store),
        questions(store),
        exchanges(store),
        engine(MakeNativeEngine(
            options.reader_dsn,
            options.workers + static_cast<size_t>(options.limits.exports_at_once), options.limits)),
        sites(store, keys, *engine, workers),
        settings(store, keys, ReadModelEnvironment(), options.limits),
        provider_links(io.get_executor()),
        services{options.token_keys, store,   chats,     questions,
                 exchanges,          sites,   settings,  *engine,
                 provider_links,     workers, exporters, metrics,
                 options.limits,     places,  live} {}

  ServerOptions options;
  RowKeys keys;
  asio::io_context io{1};
  asio::thread_pool workers;
  asio::thread_pool exporters;
  StorePool store;
  ChatStore chats;
  QuestionStore questions;
  ExchangeStore exchanges;
  std::unique_ptr<Engine> engine;
  SiteStore sites;
  SettingsStore settings;
  ProviderLinks provider_links;
  Metrics metrics;
  Places places;
  LiveStreams live;
  Services services;
};

// Questions that a process left unfinished: ours at the start, anybody's when they are too old.
asio::awaitable<void> CloseInterrupted(Daemon& daemon) {
  std::optional<std::string> seat = SeatPrefix();
  asio::steady_timer pause(daemon.io);
  while (true) {
    try {
      const size_t closed = co_await daemon.questions.CloseInterrupted(seat);
      if (closed > 0) LogInterruptedClosed(closed);
      seat.reset();
    } catch (const StoreError& error) {
      LogStoreFailed("", error.sqlstate(), error.what());
    }
    pause.expires_after(seat ? std::chrono::seconds(2) : kSweep);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> ForgetShortLived(Daemon& daemon) {
  asio::steady_timer pause(daemon.io);
  while (true) {
    pause.expires_after(kForget);
    co_await pause.async_wait(asio::use_awaitable);
    try {
      co_await daemon.questions.ForgetShortLived();
    } catch (const StoreError& error) {
      LogStoreFailed("", error.sqlstate(), error.what());
    }
  }
}

asio::awaitable<Response> ServeMetrics(Daemon& daemon, Request request) {
  if (request.path != "/metrics")
    co_return ProblemResponse(ProblemError(Problem::kNotFound), request.id);
  co_return TextResponse(daemon.metrics.Render(), "text/plain; version=0.0.4; charset=utf-8");
}

// No new connections; questions that run are finished, within the grace.
asio::awaitable<void> Drain(Daemon& daemon, const Listener& listener) {
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::seconds(daemon.options.grace_seconds);
  asio::steady_timer pause(daemon.io);
  const auto drained = [&] { return listener.drained() && daemon.places.taken() == 0; };
  while (!drained() && std::chrono::steady_clock::now() < end) {
    pause.expires_after(std::chrono::milliseconds(20));
    co_await pause.async_wait(asio::use_awaitable);
  }
  LogStopped(drained());
  daemon.io.stop();
}

int Check(Daemon& daemon) {
  auto readiness = asio::co_spawn(daemon.io, CheckReadiness(daemon.services), asio::use_future);
  while (readiness.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    daemon.io.run_one();
  const Readiness found = readiness.get();
  for (const auto& [name, value] : found.checks) std::cout << name << ": " << value << "\n";
  for (const auto& [name, value] : found.versions)
    std::cout << "version of " << name << ": " << value << "\n";
  return found.ok ? 0 : 1;
}

int Serve(Daemon& daemon) {
  SetSeat(daemon.options.seat);
  Listener listener(
      daemon.io.get_executor(), daemon.options.listen,
      [&](Request request) { return Dispatch(daemon.services, std::move(request)); },
      daemon.options.limits);
  std::optional<Listener> metrics;
  if (!daemon.options.metrics_listen.empty()) {
    metrics.emplace(
        daemon.io.get_executor(), daemon.options.metrics_listen,
        [&](Request request) { return ServeMetrics(daemon, std::move(request)); }, ServerLimits{});
    asio::co_spawn(daemon.io, metrics->Run(), asio::detached);
  }
  asio::co_spawn(daemon.io, listener.Run(), asio::detached);
  asio::co_spawn(daemon.io, CloseInterrupted(daemon), asio::detached);
  asio::co_spawn(daemon.io, ForgetShortLived(daemon), asio::detached);

  asio::signal_set signals(daemon.io, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code error, int signal) {
    if (error) return;
    LogStopping(signal == SIGTERM ? "SIGTERM" : "SIGINT");
    listener.Stop();
    asio::co_spawn(daemon.io, Drain(daemon, listener), asio::detached);
  });
  LogStarted(listener.address(), metrics ? metrics->address() : "");
  daemon.io.run();
  daemon.workers.stop();
  daemon.exporters.stop();
  daemon.workers.join();
  daemon.exporters.join();
  return 0;
}

}  // namespace
}  // namespace ormc::server

int main(int argc, char** argv) {
  using namespace ormc::server;  // NOLINT(google-build-using-namespace)
  std::signal(SIGPIPE, SIG_IGN);
  int exit_code = 0;
  const auto options = ReadOptions(argc, argv, exit_code);
  if (!options) return exit_code;
  try {
    Daemon daemon(*options);
    return options->check ? Check(daemon) : Serve(daemon);
  } catch (const std::exception& failure) {
    std::cerr << "ormd: " << failure.what() << "\n";
    return 1;
  }
}
