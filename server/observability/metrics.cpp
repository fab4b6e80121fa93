#include "server/observability/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace ormc::server {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                          0.5,   1,    2.5,   5,    10,  30};

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter().Name("ormd_requests_total").Help("Requests").Register(registry);
  prometheus::Family<prometheus::Histogram>& request_seconds =
      prometheus::BuildHistogram()
          .Name("ormd_request_seconds")
          .Help("Time to the answer's head")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& questions = prometheus::BuildCounter()
                                                           .Name("ormd_questions_total")
                                                           .Help("Questions by source and end")
                                                           .Register(registry);
  prometheus::Family<prometheus::Histogram>& question_seconds =
      prometheus::BuildHistogram()
          .Name("ormd_question_seconds")
          .Help("From accepted to stored answer")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& tokens = prometheus::BuildCounter()
                                                        .Name("ormd_model_tokens_total")
                                                        .Help("Tokens that the provider counted")
                                                        .Register(registry);
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::Request(std::string_view route, unsigned status, double seconds) {
  const std::string name(route);
  families_->requests.Add({{"route", name}, {"status", std::to_string(status)}}).Increment();
  families_->request_seconds.Add({{"route", name}}, kSeconds).Observe(seconds);
}

void Metrics::Question(std::string_view source, std::string_view state, double seconds) {
  const std::string from(source);
  families_->questions.Add({{"source", from}, {"state", std::string(state)}}).Increment();
  families_->question_seconds.Add({{"source", from}}, kSeconds).Observe(seconds);
}

void Metrics::Tokens(int64_t prompt, int64_t completion) {
  families_->tokens.Add({{"kind", "prompt"}}).Increment(static_cast<double>(prompt));
  families_->tokens.Add({{"kind", "completion"}}).Increment(static_cast<double>(completion));
}

std::string Metrics::Render() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace ormc::server
