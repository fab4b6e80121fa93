// The time of Parse alone.  Goals, warm: a query of 75 characters under 25 us, a report of 430 under 120 us.
#include <benchmark/benchmark.h>

#include "compiler/syntax/parse.h"

namespace {

constexpr std::string_view kQuery =
    "result = Order.objects.filter(status=\"paid\", total__gte=100).order_by(\"-id\")";

constexpr std::string_view kReport =
    "since = timezone.now() - timedelta(days=30)\n"
    "result = list(\n"
    "    Order.objects.filter(Q(status=\"paid\") | Q(status=\"sent\"), placed_at__gte=since)\n"
    "    .exclude(customer__email__endswith=\"@example.com\")\n"
    "    .values(\"customer__country\", month=TruncMonth(\"placed_at\"))\n"
    "    .annotate(n=Count(\"id\", distinct=True), total=Sum(F(\"total\") * (1 - "
    "F(\"discount\"))))\n"
    "    .filter(n__gt=3)\n"
    "    .order_by(\"-total\", \"month\")[:20]\n"
    ")\n";

void Parse(benchmark::State& state, std::string_view snippet) {
  ormc::syntax::WarmUp();
  for (auto _ : state) benchmark::DoNotOptimize(ormc::syntax::Parse(snippet, ormc::Limits{}));
  state.counters["characters"] = static_cast<double>(snippet.size());
}

BENCHMARK_CAPTURE(Parse, query, kQuery)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Parse, report, kReport)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Parse, mistake, std::string_view("result = Order.objects.filter(a b)"))
    ->Unit(benchmark::kMicrosecond);

}  // namespace
