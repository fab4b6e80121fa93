// <, <=, > and >= as Python's.
#include "compiler/values/dict.h"
#include "compiler/values/equality.h"
#include "compiler/values/error.h"
#include "compiler/values/ranges.h"
#include "compiler/values/temporal.h"

namespace ormc {

namespace {

bool Holds(std::partial_ordering order, std::string_view op) {
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  return order >= 0;
}

// The first pair that differs decides.
bool ItemsOrdered(const std::vector<Value>& a, const std::vector<Value>& b, std::string_view op,
                  Meter* meter) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (!Identical(a[i], b[i]) && !Equal(a[i], b[i], meter)) return Ordered(a[i], b[i], op, meter);
  }
  return Holds(a.size() <=> b.size(), op);
}

bool IsSubset(const Set& a, const Set& b, Meter* meter) {
  for (const Value& item : a.items()) {
    if (!b.Contains(item, meter)) return false;
  }
  return true;
}

bool SetsOrdered(const Set& a, const Set& b, std::string_view op, Meter* meter) {
  if (op == "<") return a.size() < b.size() && IsSubset(a, b, meter);
  if (op == "<=") return a.size() <= b.size() && IsSubset(a, b, meter);
  return SetsOrdered(b, a, op == ">" ? "<" : "<=", meter);
}

bool RangesOrdered(const RangeValue& a, const RangeValue& b, std::string_view op, Meter* meter) {
  if (op == "<") return IsBefore(a, b, meter);
  if (op == ">") return IsBefore(b, a, meter);
  return RangesOrdered(a, b, op == "<=" ? "<" : ">", meter) ||
         !(IsBefore(a, b, meter) || IsBefore(b, a, meter));
}

[[noreturn]] void NoOrder(const Value& a, const Value& b, std::string_view op) {
  if ((a.As<Date>() && b.As<DateTime>()) || (a.As<DateTime>() && b.As<Date>())) {
    RaiseType("can't compare datetime.datetime to datetime.date");
  }
  RaiseType("'" + std::string(op) + "' not supported between instances of '" + FullTypeName(a) +
            "' and '" + FullTypeName(b) + "'");
}

}  // namespace

bool Ordered(const Value& a, const Value& b, std::string_view op, Meter* meter) {
  if (meter) meter->Step();
  if (IsNumber(a) && IsNumber(b)) {
    const auto order = CompareNumbers(a, b);
    // Only Decimal's NaN refuses to be ordered.
    if (order == std::partial_ordering::unordered &&
        (a.As<std::shared_ptr<const Decimal>>() || b.As<std::shared_ptr<const Decimal>>())) {
      Raise("InvalidOperation", "[<class 'decimal.InvalidOperation'>]");
    }
    return order != std::partial_ordering::unordered && Holds(order, op);
  }
  if (a.storage().index() != b.storage().index()) NoOrder(a, b, op);
  if (a.text()) return Holds(*a.text() <=> *b.text(), op);
  if (a.list()) return ItemsOrdered(a.list()->items, b.list()->items, op, meter);
  if (a.tuple()) return ItemsOrdered(a.tuple()->items, b.tuple()->items, op, meter);
  if (const auto* d = a.As<Date>()) return Holds(*d <=> *b.As<Date>(), op);
  if (const auto* t = a.As<DateTime>()) return Holds(Compare(*t, *b.As<DateTime>()), op);
  if (const auto* t = a.As<Time>()) return Holds(Compare(*t, *b.As<Time>()), op);
  if (const auto* d = a.As<TimeDelta>()) return Holds(*d <=> *b.As<TimeDelta>(), op);
  if (const auto* u = a.As<Uuid>()) return Holds(*u <=> *b.As<Uuid>(), op);
  if (const auto* x = a.As<std::shared_ptr<const Bytes>>()) {
    return Holds((*x)->data <=> (*b.As<std::shared_ptr<const Bytes>>())->data, op);
  }
  if (const auto* s = a.As<std::shared_ptr<Set>>()) {
    return SetsOrdered(**s, **b.As<std::shared_ptr<Set>>(), op, meter);
  }
  if (const auto* r = a.As<std::shared_ptr<const RangeValue>>()) {
    return RangesOrdered(**r, **b.As<std::shared_ptr<const RangeValue>>(), op, meter);
  }
  NoOrder(a, b, op);
}

}  // namespace ormc
