#include "compiler/values/equality.h"

#include <cmath>
#include <functional>

#include "compiler/base/check.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/error.h"
#include "compiler/values/instance.h"
#include "compiler/values/temporal.h"

namespace ormc {

namespace {

void Step(Meter* meter) {
  if (meter) meter->Step();
}

std::partial_ordering Flip(std::partial_ordering order) { return 0 <=> order; }

// An integer against a float, exactly.
std::partial_ordering CompareIntFloat(const BigInt& a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (std::isinf(b)) return b > 0 ? std::partial_ordering::less : std::partial_ordering::greater;
  const double whole = std::floor(b);
  const auto order = a <=> BigInt::FromDouble(whole);
  if (order == 0 && whole != b) return std::partial_ordering::less;
  return order;
}

Decimal DecimalOf(const Value& value) {
  if (const auto* d = value.As<std::shared_ptr<const Decimal>>()) return **d;
  if (const auto* f = value.As<double>()) return Decimal::FromDouble(*f);
  return Decimal::FromInt(*IntegerOf(value));
}

}  // namespace

bool IsNumber(const Value& value) {
  return value.As<int64_t>() || value.As<bool>() || value.As<double>() ||
         value.As<std::shared_ptr<const BigInt>>() || value.As<std::shared_ptr<const Decimal>>();
}

std::partial_ordering CompareNumbers(const Value& a, const Value& b) {
  const auto* i = a.As<int64_t>();
  const auto* j = b.As<int64_t>();
  if (i && j) return *i <=> *j;
  const auto* x = a.As<double>();
  const auto* y = b.As<double>();
  if (x && y) return *x <=> *y;
  if (a.As<std::shared_ptr<const Decimal>>() || b.As<std::shared_ptr<const Decimal>>()) {
    return Compare(DecimalOf(a), DecimalOf(b));
  }
  if (x) return Flip(CompareIntFloat(*IntegerOf(b), *x));
  if (y) return CompareIntFloat(*IntegerOf(a), *y);
  return *IntegerOf(a) <=> *IntegerOf(b);
}

Value PrimaryKeyOf(const Instance& instance) {
  std::vector<Value> parts;
  for (const std::string& name : instance.shape->primary_key) {
    for (size_t i = 0; i < instance.shape->fields.size(); ++i) {
      if (instance.shape->fields[i].first == name) parts.push_back(instance.fields[i]);
    }
  }
  if (parts.size() == 1) return parts.front();
  return parts.empty() ? Value::None() : Value::TupleOf(std::move(parts));
}

namespace {

bool EqualItems(const std::vector<Value>& a, const std::vector<Value>& b, Meter* meter) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!Identical(a[i], b[i]) && !Equal(a[i], b[i], meter)) return false;
  }
  return true;
}

bool EqualBounds(const std::optional<Value>& a, const std::optional<Value>& b, Meter* meter) {
  return a.has_value() == b.has_value() && (!a || Equal(*a, *b, meter));
}

// Two values of the same kind, neither a number.
struct SameKind {
  const Value& other;
  Meter* meter;

  template <class T>
  const T& Other() const {
    return *other.As<T>();
  }
  bool operator()(const NoneValue&) const { return true; }
  bool operator()(const std::shared_ptr<const std::string>& a) const {
    return *a == *Other<std::shared_ptr<const std::string>>();
  }
  bool operator()(const std::shared_ptr<const Bytes>& a) const {
    return a->data == Other<std::shared_ptr<const Bytes>>()->data;
  }
  bool operator()(const Date& a) const { return a == Other<Date>(); }
  bool operator()(const Time& a) const { return Equal(a, Other<Time>()); }
  bool operator()(const DateTime& a) const { return Equal(a, Other<DateTime>()); }
  bool operator()(const TimeDelta& a) const { return a == Other<TimeDelta>(); }
  bool operator()(const Uuid& a) const { return a == Other<Uuid>(); }
  bool operator()(const TimeZonePtr& a) const { return SameZone(a, Other<TimeZonePtr>()); }
  bool operator()(const std::shared_ptr<List>& a) const {
    return EqualItems(a->items, Other<std::shared_ptr<List>>()->items, meter);
  }
  bool operator()(const std::shared_ptr<Tuple>& a) const {
    return EqualItems(a->items, Other<std::shared_ptr<Tuple>>()->items, meter);
  }
  bool operator()(const std::shared_ptr<Set>& a) const {
    const Set& b = *Other<std::shared_ptr<Set>>();
    if (a->size() != b.size()) return false;
    for (const Value& item : a->items()) {
      if (!b.Contains(item, meter)) return false;
    }
    return true;
  }
  bool operator()(const std::shared_ptr<Dict>& a) const {
    const Dict& b = *Other<std::shared_ptr<Dict>>();
    if (a->size() != b.size()) return false;
    for (const auto& [key, value] : a->entries()) {
      const Value* found = b.Find(key, meter);
      if (!found || !(Identical(value, *found) || Equal(value, *found, meter))) return false;
    }
    return true;
  }
  bool operator()(const std::shared_ptr<const RangeValue>& a) const {
    const RangeValue& b = *Other<std::shared_ptr<const RangeValue>>();
    return a->empty == b.empty && a->lower_inclusive == b.lower_inclusive &&
           a->upper_inclusive == b.upper_inclusive && EqualBounds(a->lower, b.lower, meter) &&
           EqualBounds(a->upper, b.upper, meter);
  }
  bool operator()(const std::shared_ptr<const Instance>& a) const {
    const auto& b = Other<std::shared_ptr<const Instance>>();
    if (a == b) return true;
    if (a->shape->label != b->shape->label) return false;
    const Value key = PrimaryKeyOf(*a);
    return !key.is_none() && Equal(key, PrimaryKeyOf(*b), meter);
  }
  // Numbers are compared before.
  bool operator()(bool) const { return false; }
  bool operator()(int64_t) const { return false; }
  bool operator()(double) const { return false; }
  bool operator()(const std::shared_ptr<const BigInt>&) const { return false; }
  bool operator()(const std::shared_ptr<const Decimal>&) const { return false; }
};

}  // namespace

bool Identical(const Value& a, const Value& b) {
  if (a.storage().index() != b.storage().index()) return false;
  return std::visit(
      [&](const auto& x) {
        using T = std::decay_t<decltype(x)>;
        const T& y = *b.As<T>();
        if constexpr (std::is_same_v<T, NoneValue>) {
          return true;
        } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, int64_t>) {
          return x == y;
        } else if constexpr (requires { x.get(); }) {
          return x == y;
        } else {
          return false;
        }
      },
      a.storage());
}

bool Equal(const Value& a, const Value& b, Meter* meter) {
  Step(meter);
  if (IsNumber(a) && IsNumber(b)) return CompareNumbers(a, b) == 0;
  if (a.storage().index() != b.storage().index()) return false;
  return std::visit(SameKind{b, meter}, a.storage());
}

namespace {

constexpr uint64_t kPrime = (uint64_t{1} << 61U) - 1U;

__extension__ typedef unsigned __int128 UInt128;

uint64_t MultiplyModulo(uint64_t a, uint64_t b) {
  return static_cast<uint64_t>(static_cast<UInt128>(a) * b % kPrime);
}

uint64_t PowerModulo(uint64_t base, uint64_t exponent) {
  uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1U) {
    if ((exponent & 1U) != 0) result = MultiplyModulo(result, base);
    base = MultiplyModulo(base, base);
  }
  return result;
}

// Python's hash of numbers: modulo the prime, so that equal numbers of different types agree.
uint64_t HashDecimal(const Decimal& d) {
  if (d.is_nan()) return 0;
  if (!d.is_finite()) return d.negative() ? 1 : 314'159;
  const auto exponent = static_cast<uint64_t>(std::abs(d.exponent()));
  const uint64_t ten = d.exponent() >= 0 ? 10 : PowerModulo(10, kPrime - 2);
  const uint64_t magnitude =
      MultiplyModulo(d.coefficient().ModuloMersenne61(), PowerModulo(ten, exponent));
  return d.negative() ? 0 - magnitude : magnitude;
}

uint64_t HashFloat(double value) {
  if (std::isnan(value)) return 0;
  if (std::isinf(value)) return value < 0 ? 1 : 314'159;
  int power = 0;
  const double fraction = std::frexp(std::fabs(value), &power);
  const auto mantissa = static_cast<uint64_t>(std::ldexp(fraction, 61));
  power -= 61;
  const uint64_t two = power >= 0 ? 2 : PowerModulo(2, kPrime - 2);
  const uint64_t magnitude =
      MultiplyModulo(mantissa % kPrime, PowerModulo(two, static_cast<uint64_t>(std::abs(power))));
  return value < 0 ? 0 - magnitude : magnitude;
}

uint64_t Combine(uint64_t seed, uint64_t hash) {
  return (seed ^ hash) * 0x9E3779B97F4A7C15U + (seed >> 7U) + 1;
}

struct Hasher {
  Meter* meter;

  uint64_t operator()(const NoneValue&) const { return 0xFCA86420U; }
  uint64_t operator()(bool b) const { return b ? 1 : 0; }
  uint64_t operator()(int64_t i) const {
    const uint64_t magnitude = (i < 0 ? 0 - static_cast<uint64_t>(i) : static_cast<uint64_t>(i));
    return i < 0 ? 0 - magnitude % kPrime : magnitude % kPrime;
  }
  uint64_t operator()(const std::shared_ptr<const BigInt>& i) const {
    return i->Sign() < 0 ? 0 - i->ModuloMersenne61() : i->ModuloMersenne61();
  }
  uint64_t operator()(double f) const { return HashFloat(f); }
  uint64_t operator()(const std::shared_ptr<const Decimal>& d) const { return HashDecimal(*d); }
  uint64_t operator()(const std::shared_ptr<const std::string>& s) const {
    return std::hash<std::string>()(*s);
  }
  uint64_t operator()(const std::shared_ptr<const Bytes>& b) const {
    return std::hash<std::string>()(b->data) ^ 0xB17E5U;
  }
  uint64_t operator()(const Date& d) const { return static_cast<uint64_t>(OrdinalOf(d)); }
  uint64_t operator()(const Time& t) const {
    const int64_t offset = UtcOffset(t).value_or(0);
    return static_cast<uint64_t>(MicrosOfDay(t) - offset * kMicrosPerSecond);
  }
  uint64_t operator()(const DateTime& t) const {
    DateTime first = t;
    first.time.fold = 0;
    return static_cast<uint64_t>(UtcMicros(first));
  }
  uint64_t operator()(const TimeDelta& d) const { return static_cast<uint64_t>(MicrosOf(d)); }
  uint64_t operator()(const Uuid& u) const {
    return std::hash<std::string>()(std::string(u.bytes.begin(), u.bytes.end()));
  }
  uint64_t operator()(const TimeZonePtr& z) const { return std::hash<std::string>()(z->name); }
  uint64_t operator()(const std::shared_ptr<Tuple>& t) const {
    uint64_t hash = t->items.size();
    for (const Value& item : t->items) hash = Combine(hash, Hash(item, meter));
    return hash;
  }
  uint64_t operator()(const std::shared_ptr<Set>& s) const {
    if (!s->frozen) RaiseType("unhashable type: 'set'");
    uint64_t hash = s->size();
    for (const Value& item : s->items()) hash ^= Combine(7, Hash(item, meter));
    return hash;
  }
  uint64_t operator()(const std::shared_ptr<List>&) const { RaiseType("unhashable type: 'list'"); }
  uint64_t operator()(const std::shared_ptr<Dict>&) const { RaiseType("unhashable type: 'dict'"); }
  uint64_t operator()(const std::shared_ptr<const RangeValue>& r) const {
    uint64_t hash = r->empty ? 3 : 5;
    if (r->lower) hash = Combine(hash, Hash(*r->lower, meter));
    if (r->upper) hash = Combine(hash, Hash(*r->upper, meter));
    return hash;
  }
  uint64_t operator()(const std::shared_ptr<const Instance>& i) const {
    const Value key = PrimaryKeyOf(*i);
    if (key.is_none()) RaiseType("Model instances without primary key value are unhashable");
    return Hash(key, meter);
  }
};

}  // namespace

uint64_t Hash(const Value& value, Meter* meter) {
  Step(meter);
  return std::visit(Hasher{meter}, value.storage());
}

}  // namespace ormc
