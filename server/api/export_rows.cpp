#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <memory>

#include "server/answer/export_text.h"
#include "server/answer/run_snippet.h"
#include "server/api/handlers.h"
#include "server/async/pipe.h"
#include "server/async/within.h"
#include "server/observability/log.h"
#include "server/services.h"

namespace ormc::server {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// One export from its first log row to its last. It outlives the request: a client that leaves ends
// the work, and the log says so.
struct Export {
  Services& services;
  User user;
  Question question;
  std::string message;
  SitePtr site;
  Program program;
  const ExportFormat* format;
  ExportLimits limits;
  Places::Place place;
  std::shared_ptr<Pipe> pipe;
  Answer answer;  // what the log says at the end
};

// On a thread of the exporters.
void Write(Export& job) {
  Engine& engine = job.services.engine;
  const ViewPtr view = engine.ViewOf(job.site, job.user);
  const Compilation compilation = engine.Compile(*view, job.program);
  job.answer = DescribeCompilation(compilation, job.program, Source::kSnippet);
  if (!compilation.accepted()) return;
  const auto writer =
      job.format->make([&](std::string piece) { return job.pipe->Push(std::move(piece)); });
  Outcome outcome = engine.Export(*view, compilation, job.limits, *writer);
  job.answer.rows = outcome.rows;
  job.answer.truncated = outcome.truncated;
  job.answer.error = std::move(outcome.error);
  job.answer.error_detail = std::move(outcome.error_detail);
  if (job.answer.error) job.answer.status = Status::kError;
}

asio::awaitable<void> Run(std::shared_ptr<Export> job) {
  const auto started = Clock::now();
  Services& services = job->services;
  const bool ran = co_await OnPool(services.exporters, [&job] {
    try {
      Write(*job);
      return true;
    } catch (const std::exception& failure) {
      LogDefect(job->question.request_id, failure.what());
      return false;
    }
  });
  if (!ran) job->answer = FailedAnswer(Failure::kInternal);
  const std::chrono::duration<double, std::milli> took = Clock::now() - started;
  job->answer.duration_ms = took.count();
  job->answer.logged_snippet = services.engine.Redacted(*job->site, job->program.snippet);
  try {
    co_await services.questions.FinishPage(job->user, job->question, job->message, job->answer,
                                           "export");
    job->pipe->Close(job->answer.status == Status::kOk);
  } catch (const StoreError& error) {
    // What the log does not know of was not exported: the body ends before it is whole.
    LogStoreFailed(job->question.request_id, error.sqlstate(), error.what());
    job->pipe->Close(false);
  }
}

// The body after its first piece. The client's end of the connection ends the work.
struct Body {
  explicit Body(std::shared_ptr<Export> of) : job(std::move(of)) {}
  ~Body() { job->pipe->Leave(); }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  std::shared_ptr<Export> job;
  std::optional<std::string> first;
};

asio::awaitable<std::optional<std::string>> NextOf(std::shared_ptr<Body> body) {
  if (body->first) co_return std::exchange(body->first, std::nullopt);
  co_return co_await body->job->pipe->Next();
}

}  // namespace

// The stored program's table, whole, under the rights of the token in hand.
asio::awaitable<Response> ExportRows(RequestContext context) {
  Services& services = context.services;
  const std::string message = IdOf(context);
  const auto wanted = context.request.query.find("format");
  const ExportFormat* format =
      FindExportFormat(wanted == context.request.query.end() ? "csv" : wanted->second);
  if (format == nullptr)
    throw ProblemError(Problem::kBadRequest, "`format` must be `csv` or `json`");
  const auto stored = co_await services.chats.ProgramOf(context.user.id, message);
  if (!stored) throw ProblemError(Problem::kNotFound);
  const Settings settings = co_await services.settings.Get();
  if (!settings.enabled) throw ProblemError(Problem::kDisabled);
  Places::Place place = services.places.TakeExport(context.user.id, settings.limits);
  const SitePtr site = co_await services.sites.Get(context.user.manifest);

  const ExportLimits limits{static_cast<uint64_t>(settings.limits.export_rows),
                            std::chrono::seconds(settings.limits.export_seconds)};
  const auto executor = co_await asio::this_coro::executor;
  const auto body = std::make_shared<Body>(
      std::make_shared<Export>(Export{services,
                                      context.user,
                                      {context.request.id,
                                       stored->chat,
                                       "",
                                       site->manifest_fingerprint,
                                       site->policy_fingerprint,
                                       {},
                                       ""},
                                      message,
                                      site,
                                      {stored->snippet, stored->frozen_now, stored->time_zone},
                                      format,
                                      limits,
                                      std::move(place),
                                      std::make_shared<Pipe>(executor, Clock::now() + limits.time),
                                      {}}));
  const std::string logged = services.engine.Redacted(*site, stored->snippet);
  co_await services.questions.AcceptPage(context.user, body->job->question, message, logged,
                                         "export");
  asio::co_spawn(executor, Run(body->job), asio::detached);
  bool failed = false;
  try {
    body->first = co_await body->job->pipe->Next();
  } catch (const Pipe::Broken&) {
    failed = true;
  }
  // Nothing was written yet, so that there is still a status to say it with.
  if (failed || !body->first)
    throw ProblemError(Problem::kNotPageable, failed ? body->job->answer.content : "");
  Response response{200, std::string(format->content_type), "", {}, {}, {}};
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"answer-" + message +
                                                           "." + std::string(format->name) + "\"");
  response.pieces = [body] { return NextOf(body); };
  co_return response;
}

}  // namespace ormc::server
