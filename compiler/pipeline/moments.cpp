#include "compiler/pipeline/moments.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "compiler/base/check.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"

namespace ormc::pipeline {
namespace {

struct ClockWord {
  std::string_view name;
  std::string_view words;
};
constexpr ClockWord kClocks[] = {
    {"datetime.date.today", "today"},
    {"datetime.datetime.now", "now"},
    {"datetime.datetime.today", "now"},
    {"datetime.datetime.utcnow", "now"},
    {"timezone.localdate", "today"},
    {"timezone.localtime", "now"},
    {"timezone.now", "now"},
};
// They change a moment's form, not which day it is.
constexpr std::string_view kForms[] = {"timezone.localtime", "timezone.localdate",
                                       "timezone.make_aware"};
constexpr std::string_view kClockParts[] = {"hour", "minute", "second", "microsecond"};

const Value* ConstantIn(const program::ExprPtr& expr) {
  const auto* constant = std::get_if<program::Constant>(&expr->node);
  return constant == nullptr ? nullptr : &constant->value;
}

class Words {
 public:
  explicit Words(const program::Program& program) : program_(program) {}

  std::string Of(const program::Expr& expr) {
    return std::visit(Overloaded{
                          [&](const program::Local& local) { return OfSlot(local.slot); },
                          [&](const program::CallBuiltin& call) { return OfCall(call); },
                          [&](const program::CallMethod& call) { return OfMethod(call); },
                          [&](const program::Binary& sum) { return OfSum(sum); },
                          [&](const program::Attribute& part) { return OfPart(part); },
                          // Not in a few words.
                          [](const program::Constant&) { return std::string(); },
                          [](const program::Fresh&) { return std::string(); },
                          [](const program::Unary&) { return std::string(); },
                          [](const program::Comparison&) { return std::string(); },
                          [](const program::BoolChain&) { return std::string(); },
                          [](const program::Conditional&) { return std::string(); },
                          [](const program::Format&) { return std::string(); },
                          [](const program::Display&) { return std::string(); },
                          [](const program::DictDisplay&) { return std::string(); },
                          [](const program::Subscript&) { return std::string(); },
                          [](const program::SliceOf&) { return std::string(); },
                          [](const program::Comprehension&) { return std::string(); },
                          [](const program::Lambda&) { return std::string(); },
                          [](const program::RunQuery&) { return std::string(); },
                          [](const program::RelatedOf&) { return std::string(); },
                          [](const program::GenericOf&) { return std::string(); },
                          [](const program::ByModel&) { return std::string(); },
                      },
                      expr.node);
  }

 private:
  // A name that is given its value once, in a program without loops and branches.
  std::string OfSlot(uint32_t slot) {
    const program::Assign* given = nullptr;
    for (const program::Statement& statement : program_.body) {
      const auto* assign = std::get_if<program::Assign>(&statement.node);
      const bool gives = assign != nullptr && assign->target.slot == slot;
      if (assign == nullptr || (gives && given != nullptr)) return {};
      if (gives) given = assign;
    }
    return given == nullptr ? std::string() : Of(*given->value);
  }

  std::string OfCall(const program::CallBuiltin& call) {
    if (!call.arguments.empty()) {
      const std::string inner = Of(*call.arguments[0]);
      if (std::ranges::find(kForms, call.name) != std::end(kForms)) {
        return call.name == "timezone.localdate" && inner == "now" ? "today" : inner;
      }
      const bool midnight = call.name == "datetime.datetime.combine" && call.arguments.size() > 1 &&
                            IsMidnight(call.arguments[1]);
      return midnight && !inner.empty() ? "the start of " + inner : "";
    }
    for (const ClockWord& clock : kClocks) {
      if (clock.name == call.name) return std::string(clock.words);
    }
    return {};
  }

  static bool IsMidnight(const program::ExprPtr& expr) {
    const Value* value = ConstantIn(expr);
    return value != nullptr && value->As<Time>() != nullptr && Str(*value) == "00:00:00";
  }

  std::string OfMethod(const program::CallMethod& call) {
    const std::string inner = Of(*call.receiver);
    if (inner.empty() || !call.arguments.empty()) return {};
    if (call.name == "date") return inner == "now" ? "today" : inner;
    return call.name == "replace" ? Replaced(inner, call.keywords) : std::string();
  }

  // now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
  static std::string Replaced(const std::string& inner,
                              const std::vector<program::Keyword>& keywords) {
    const auto is = [&](std::string_view name, int64_t number) {
      return std::ranges::any_of(keywords, [&](const program::Keyword& keyword) {
        const Value* value = keyword.name == name ? ConstantIn(keyword.value) : nullptr;
        const int64_t* given = value == nullptr ? nullptr : value->As<int64_t>();
        return given != nullptr && *given == number;
      });
    };
    const size_t date_parts = size_t{is("day", 1)} + size_t{is("month", 1)};
    const bool midnight = std::ranges::all_of(kClockParts, [&](auto part) { return is(part, 0); });
    const size_t expected = date_parts + (midnight ? std::size(kClockParts) : 0);
    if (keywords.size() != expected || (inner == "now" && !midnight)) return {};
    if (inner != "now" && (inner != "today" || midnight)) return {};
    if (date_parts == 0) return midnight ? "the start of today" : "";
    if (!is("day", 1)) return {};
    return date_parts == 2 ? "the start of this year" : "the start of this month";
  }

  std::string OfSum(const program::Binary& sum) {
    const bool back = sum.op == program::BinaryOp::kSubtract;
    if (!back && sum.op != program::BinaryOp::kAdd) return {};
    const std::string moment = Of(*sum.left);
    const Value* by = ConstantIn(sum.right);
    const TimeDelta* delta = by == nullptr ? nullptr : by->As<TimeDelta>();
    if (moment.empty() || delta == nullptr) return {};
    std::string length = Str(*by);
    if (const size_t rest = length.find(", 0:00:00"); rest != std::string::npos)
      length.resize(rest);
    return moment + (back ? " minus " : " plus ") + length;
  }

  std::string OfPart(const program::Attribute& part) {
    const std::string whole = Of(*part.value);
    const bool date_part = part.name == "year" || part.name == "month" || part.name == "day";
    if (whole.empty() || !date_part) return {};
    if (part.name == "day") return "the day of " + whole;
    return whole == "now" || whole == "today" ? "this " + part.name
                                              : "the " + part.name + " of " + whole;
  }

  const program::Program& program_;
};

}  // namespace

std::string MomentWords(const program::Expr& expr, const program::Program& program) {
  return Words(program).Of(expr);
}

}  // namespace ormc::pipeline
