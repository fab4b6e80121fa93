#include "compiler/bind/elsewhere.h"

#include <algorithm>
#include <array>

namespace ormc::bind {
namespace {

struct Instead {
  std::string_view name;
  std::string_view hint;
};

constexpr std::string_view kAggregates =
    "let the database count and sum: `.values(\"field\").annotate(n=Count(\"id\"))`";
constexpr std::string_view kGroups =
    "use a dict and `groups.setdefault(key, []).append(x)` in a `for`";
constexpr std::string_view kStatistics =
    "use `Avg` and `StdDev`; for a median sort a list and take its middle";
constexpr std::string_view kAnswer = "assign what is to be shown to `result`";

constexpr std::array kInstead = {
    Instead{"Counter", kAggregates},
    Instead{"DataFrame", kAggregates},
    Instead{"OrderedDict", "a dict keeps its order: use `dict`"},
    Instead{"calendar", "use `strftime(\"%B\")`, `ExtractMonth` or `TruncMonth`"},
    Instead{"chain", "write a comprehension with two `for`, or `a + b` of two lists"},
    Instead{"collections", kGroups},
    Instead{"defaultdict", kGroups},
    Instead{"divmod", "write `a // b` and `a % b`"},
    Instead{"filter", "write a comprehension: `[x for x in rows if x.total > 1]`"},
    Instead{"functools", "write a `for`"},
    Instead{"groupby", kGroups},
    Instead{"iter", "use the rows themselves"},
    Instead{"itertools", kGroups},
    Instead{"json", "answer with the value itself: it is shown as it is"},
    Instead{"map", "write a comprehension: `[f(x) for x in rows]`"},
    Instead{"mean", kStatistics},
    Instead{"median", kStatistics},
    Instead{"next", "use `.first()`, or index a list"},
    Instead{"np", kAggregates},
    Instead{"numpy", kAggregates},
    Instead{"pandas", kAggregates},
    Instead{"pd", kAggregates},
    Instead{"pow", "write `a ** b`"},
    Instead{"pprint", kAnswer},
    Instead{"print", kAnswer},
    Instead{"re", "use `__regex`, or the methods of text"},
    Instead{"reduce", "write a `for`"},
    Instead{"relativedelta", "use `timedelta(days=...)`, or `date(year, month, 1)`"},
    Instead{"statistics", kStatistics},
};
static_assert(std::is_sorted(kInstead.begin(), kInstead.end(),
                             [](const Instead& a, const Instead& b) { return a.name < b.name; }));

}  // namespace

std::string_view InsteadOf(std::string_view name) {
  const auto row = std::lower_bound(
      kInstead.begin(), kInstead.end(), name,
      [](const Instead& candidate, std::string_view wanted) { return candidate.name < wanted; });
  return row != kInstead.end() && row->name == name ? row->hint : "";
}

}  // namespace ormc::bind
