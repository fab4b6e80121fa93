#include "compiler/values/json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <cmath>

#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/instance.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"

namespace ormc {

namespace json = boost::json;

namespace {

constexpr int64_t kSafeInteger = int64_t{1} << 53U;

std::string Hex(const std::string& data) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (char c : data) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

std::string Iso(const DateTime& moment) {
  return IsoFormat(moment.time.zone ? InZone(moment, Utc()) : moment);
}

class Converter {
 public:
  Converter(const JsonOptions& options, Meter* meter) : options_(options), meter_(meter) {}

  json::value Convert(const Value& value) {
    if (meter_) meter_->Step();
    return std::visit([this](const auto& v) { return this->Of(v); }, value.storage());
  }

 private:
  static json::value Of(const NoneValue&) { return nullptr; }
  static json::value Of(bool b) { return b; }
  json::value Of(int64_t i) const {
    if (options_.large_integers_as_text && (i > kSafeInteger || i < -kSafeInteger)) {
      return json::string(std::to_string(i));
    }
    return i;
  }
  // JSON's numbers here end at 64 bits.
  static json::value Of(const std::shared_ptr<const BigInt>& i) {
    return json::string(i->Digits());
  }
  static json::value Of(double f) {
    if (std::isnan(f)) return "NaN";
    if (std::isinf(f)) return f < 0 ? "-Infinity" : "Infinity";
    return f;
  }
  static json::value Of(const std::shared_ptr<const Decimal>& d) { return json::string(d->Text()); }
  static json::value Of(const std::shared_ptr<const std::string>& s) { return json::string(*s); }
  static json::value Of(const std::shared_ptr<const Bytes>& b) {
    return json::string(Hex(b->data));
  }
  static json::value Of(const Date& d) { return json::string(IsoFormat(d)); }
  static json::value Of(const Time& t) { return json::string(IsoFormat(t)); }
  static json::value Of(const DateTime& t) { return json::string(Iso(t)); }
  static json::value Of(const TimeDelta& d) { return json::string(IsoDuration(d)); }
  static json::value Of(const Uuid& u) { return json::string(UuidText(u)); }
  static json::value Of(const TimeZonePtr& z) { return json::string(z->name); }
  json::value Of(const std::shared_ptr<List>& list) { return Array(list->items); }
  json::value Of(const std::shared_ptr<Tuple>& tuple) { return Array(tuple->items); }
  json::value Of(const std::shared_ptr<Set>& set) { return Array(set->items()); }
  json::value Of(const std::shared_ptr<Dict>& dict) {
    json::object object;
    for (const auto& [key, value] : dict->entries()) object[Key(key)] = Convert(value);
    return object;
  }
  json::value Of(const std::shared_ptr<const RangeValue>& r) {
    if (r->empty) return "empty";
    std::string bounds = r->lower_inclusive ? "[" : "(";
    bounds += r->upper_inclusive ? "]" : ")";
    return json::array{r->lower ? Convert(*r->lower) : nullptr,
                       r->upper ? Convert(*r->upper) : nullptr, json::string(bounds)};
  }
  json::value Of(const std::shared_ptr<const Instance>& instance) {
    json::object object;
    const auto& fields = instance->shape->fields;
    for (size_t i = 0; i < fields.size(); ++i) {
      object[fields[i].first] = Convert(instance->fields[i]);
    }
    return object;
  }
  json::value Array(const std::vector<Value>& items) {
    json::array array;
    array.reserve(items.size());
    for (const Value& item : items) array.push_back(Convert(item));
    return array;
  }
  static std::string Key(const Value& key) {
    if (const auto* moment = key.As<DateTime>()) return Iso(*moment);
    return Str(key);
  }

  JsonOptions options_;
  Meter* meter_;
};

}  // namespace

json::value ToJson(const Value& value, const JsonOptions& options, Meter* meter) {
  return Converter(options, meter).Convert(value);
}

}  // namespace ormc
