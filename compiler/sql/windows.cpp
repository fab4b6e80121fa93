#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sql/printer.h"

namespace ormc::sql {

using plan::Expr;
using plan::ExprPtr;

Fragment Printer::Window(const Expr& window) {
  if (statement_.no_windows != nullptr) {
    Reject(Kind::DatabaseRefuses, window.span, std::string(statement_.no_windows));
  }
  const Expr& function = *window.args[0];
  // Sum("x", default=0) has become COALESCE(SUM(x), 0).
  if (!plan::IsWindowFunction(function)) {
    Reject(Kind::DatabaseRefuses, window.span, std::string("OVER after what is no function"));
  }
  const NoWindows guard(statement_, "window function calls cannot be nested");
  const auto partitions_end =
      window.args.begin() + 1 + static_cast<std::ptrdiff_t>(window.partitions);
  const std::vector<ExprPtr> partitions(window.args.begin() + 1, partitions_end);
  const std::vector<ExprPtr> orderings(partitions_end, window.args.end());
  std::vector<Fragment> parts;
  if (!partitions.empty()) {
    parts.push_back(Fragment("PARTITION BY ") + Joined(PrintAll(partitions), ", "));
  }
  if (!orderings.empty()) {
    parts.push_back(Fragment("ORDER BY ") + Joined(PrintAll(orderings), ", "));
  }
  if (window.frame) parts.push_back(Frame(*window.frame));
  const Fragment call = function.op == plan::Op::kAggregate
                            ? Aggregate(function)
                            : Fragment(std::string(function.function->sql) + "(") +
                                  Joined(PrintAll(function.args), ", ") + ")";
  return call + " OVER (" + Joined(parts, " ") + ")";
}

// BaseDatabaseOperations.window_frame_rows_start_end() and window_frame_range_start_end()
Fragment Printer::Frame(const plan::WindowFrame& frame) {
  if (frame.rows) {
    if (frame.start && frame.end && *frame.start > *frame.end) {
      Reject(Kind::BadValue, frame.span, std::string("start cannot be greater than end."));
    }
  } else {
    if (frame.start && *frame.start > 0) {
      Reject(Kind::BadValue, frame.span,
             std::string("start argument must be a negative integer, zero, or None"));
    }
    if (frame.end && *frame.end < 0) {
      Reject(Kind::BadValue, frame.span,
             std::string("end argument must be a positive integer, zero, or None"));
    }
    if ((frame.start && *frame.start < 0) || (frame.end && *frame.end > 0)) {
      Reject(Kind::DjangoNotSupported, frame.span,
             std::string("PostgreSQL only supports UNBOUNDED together with PRECEDING and "
                         "FOLLOWING."));
    }
  }
  const auto bound = [&](const std::optional<int64_t>& offset, const char* unbounded) -> Fragment {
    if (!offset) return unbounded;
    if (*offset == 0) return "CURRENT ROW";
    const int64_t distance = *offset < 0 ? -*offset : *offset;
    return Constant(ormc::Value::Int(distance), program::ParameterType::kInt8) +
           (*offset < 0 ? " PRECEDING" : " FOLLOWING");
  };
  Fragment out = Fragment(frame.rows ? "ROWS" : "RANGE") + " BETWEEN " +
                 bound(frame.start, "UNBOUNDED PRECEDING") + " AND " +
                 bound(frame.end, "UNBOUNDED FOLLOWING");
  if (!frame.exclusion.empty()) out += " EXCLUDE " + std::string(frame.exclusion);
  return out;
}

}  // namespace ormc::sql
