#include "runtime/execute/rows.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "compiler/base/check.h"
#include "compiler/values/big_int.h"
#include "compiler/values/decimal.h"
#include "compiler/values/dict.h"
#include "compiler/values/error.h"
#include "compiler/values/instance.h"
#include "compiler/values/temporal.h"

namespace ormc::execute {
namespace {

const Decimal* DecimalOf(const Value& value) {
  const auto* decimal = value.As<std::shared_ptr<const Decimal>>();
  return decimal != nullptr ? decimal->get() : nullptr;
}

// timezone.make_aware(value.replace(tzinfo=None), zone)
Value ToAware(const Value& value, const std::string& zone) {
  const DateTime* moment = value.As<DateTime>();
  if (moment == nullptr) return value;
  DateTime aware = *moment;
  aware.time.zone = FindZone(zone);
  return Value(Value::Storage(aware));
}

Value ToDate(const Value& value) {
  const DateTime* moment = value.As<DateTime>();
  return moment != nullptr ? Value(Value::Storage(moment->date)) : value;
}

Value ToTime(const Value& value) {
  const DateTime* moment = value.As<DateTime>();
  if (moment == nullptr) return value;
  Time time = moment->time;
  time.zone = nullptr;
  return Value(Value::Storage(time));
}

// int(value)
Value ToInteger(const Value& value) {
  if (const Decimal* decimal = DecimalOf(value)) return IntValue(decimal->ToInteger());
  if (const double* number = value.As<double>()) {
    return IntValue(Decimal::FromDouble(*number).ToInteger());
  }
  if (const bool* flag = value.As<bool>()) return Value::Int(*flag ? 1 : 0);
  return value;
}

// float(value)
Value ToFloat(const Value& value) {
  if (const Decimal* decimal = DecimalOf(value)) return Value::Float(decimal->ToDouble());
  if (const std::optional<BigInt> integer = IntegerOf(value)) {
    return Value::Float(integer->ToDouble());
  }
  return value;
}

Value ToDecimal(const Value& value, int32_t places) {
  if (const std::optional<BigInt> integer = IntegerOf(value)) {
    return DecimalValue(Decimal::FromInt(*integer));
  }
  const double* number = value.As<double>();
  if (number == nullptr) return value;
  const Decimal exact = Decimal::FromDouble(*number);
  if (places < 0 || !exact.is_finite()) return DecimalValue(exact);
  return DecimalValue(exact.Quantized(Decimal(false, BigInt(1), -places), Rounding::kHalfEven));
}

Value LoadJsonItems(const Value& value) {
  if (value.text() != nullptr) return LoadJson(*value.text());
  if (value.list() == nullptr) return value;
  std::vector<Value> items;
  for (const Value& item : value.list()->items) items.push_back(LoadJsonItems(item));
  return Value::ListOf(std::move(items));
}

// '"a"=>"1", "b"=>NULL', as PostgreSQL writes it.
Value LoadHstore(const std::string& text) {
  size_t at = 0;
  const auto quoted = [&] {
    std::string part;
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      part += text[at];
    }
    ++at;
    return Value::Str(part);
  };
  Dict dict;
  while (at < text.size()) {
    const Value key = quoted();
    at += 2;  // =>
    if (at < text.size() && text[at] == '"') {
      dict.Set(key, quoted());
    } else {
      dict.Set(key, Value::None());
      at += 4;  // NULL
    }
    at += 2;  // ", "
  }
  return DictValue(std::move(dict));
}

Value Converted(const program::Column& column, Value value) {
  if (value.is_none()) {
    if (column.convert == program::Convert::kCount) return Value::Int(0);
    if (column.convert == program::Convert::kEmptyText) return Value::Str("");
    return value;
  }
  switch (column.convert) {
    case program::Convert::kNone:
    case program::Convert::kCount:
    case program::Convert::kEmptyText:
      return value;
    case program::Convert::kInteger:
      return ToInteger(value);
    case program::Convert::kFloat:
      return ToFloat(value);
    case program::Convert::kDecimal:
      return ToDecimal(value, column.decimal_places);
    case program::Convert::kBoolean: {
      const int64_t* number = value.As<int64_t>();
      return number != nullptr ? Value::Bool(*number != 0) : value;
    }
    case program::Convert::kJson:
      return value.text() != nullptr ? LoadJson(*value.text()) : value;
    case program::Convert::kJsonItems:
      return LoadJsonItems(value);
    case program::Convert::kHstore:
      return value.text() != nullptr ? LoadHstore(*value.text()) : value;
    case program::Convert::kAware:
      return ToAware(value, column.zone);
    case program::Convert::kDate:
      return ToDate(value);
    case program::Convert::kTime:
      return ToTime(value);
  }
  return value;
}

const Value& CellAt(const Cells& cells, uint32_t column) {
  Check(column < cells.size(), "a query gave fewer columns than its shape needs");
  return cells[column];
}

Value InstanceOf(const std::shared_ptr<const program::InstanceShape>& shape, const Cells& cells);

// A planned join that found no row: all columns of its key are NULL.
bool IsAbsent(const program::InstanceShape& shape, const Cells& cells) {
  bool found = false;
  for (const auto& [name, column] : shape.fields) {
    if (std::ranges::find(shape.primary_key, name) == shape.primary_key.end()) continue;
    if (!CellAt(cells, column).is_none()) return false;
    found = true;
  }
  return found;
}

Value InstanceOf(const std::shared_ptr<const program::InstanceShape>& shape, const Cells& cells) {
  auto instance = std::make_shared<Instance>();
  instance->shape = shape;
  instance->fields.reserve(shape->fields.size());
  for (const auto& [name, column] : shape->fields) {
    instance->fields.push_back(CellAt(cells, column));
  }
  for (const auto& [name, column] : shape->annotations) {
    instance->annotations.push_back(CellAt(cells, column));
  }
  for (const program::InstanceShape::Related& related : shape->related) {
    const bool absent = IsAbsent(*related.shape, cells);
    instance->related.push_back(absent ? Value::None() : InstanceOf(related.shape, cells));
  }
  return Value(Value::Storage(std::shared_ptr<const Instance>(std::move(instance))));
}

// Gives each name of a row with its value.  What the query selects beyond its columns (to order by it)
// is not among them; the parts of a composite key are one tuple.
template <class Take>
void EachValue(const program::Query& query, const Cells& cells, const Take& take) {
  const size_t size = std::min(cells.size(), query.columns.size());
  for (size_t i = 0; i < size; ++i) {
    const program::Column& column = query.columns[i];
    if (column.parts == 0) {
      take(column.name, cells[i]);
      continue;
    }
    Check(i + column.parts <= size, "a composite key without its parts");
    const auto first = cells.begin() + static_cast<std::ptrdiff_t>(i);
    take(column.name, Value::TupleOf(Cells(first, first + column.parts)));
    i += column.parts - 1;
  }
}

Cells ValuesOf(const program::Query& query, const Cells& cells) {
  Cells values;
  values.reserve(cells.size());
  EachValue(query, cells, [&](const std::string&, const Value& value) { values.push_back(value); });
  return values;
}

Value NamedTuple(const program::Query& query, const Cells& cells) {
  auto tuple = std::make_shared<Tuple>();
  auto names = std::make_shared<std::vector<std::string>>();
  EachValue(query, cells, [&](const std::string& name, const Value& value) {
    names->push_back(name);
    tuple->items.push_back(value);
  });
  tuple->names = std::move(names);
  return Value(Value::Storage(std::move(tuple)));
}

Value DictOf(const program::Query& query, const Cells& cells) {
  Dict dict;
  EachValue(query, cells, [&](const std::string& name, const Value& value) {
    dict.Set(Value::Str(name), value);
  });
  return DictValue(std::move(dict));
}

Value KeyOf(const program::Query& query, const Cells& cells) {
  if (query.key_columns.size() == 1) return CellAt(cells, query.key_columns[0]);
  Cells parts;
  for (const uint32_t column : query.key_columns) parts.push_back(CellAt(cells, column));
  return Value::TupleOf(std::move(parts));
}

[[noreturn]] void RaiseMissing(const program::Query& query) {
  if (query.missing == "IndexError") Raise("IndexError", "list index out of range");
  const std::string name = query.model.substr(query.model.rfind('.') + 1);
  Raise(query.missing, name + " matching query does not exist.");
}

// The row of an aggregate is left out where too few rows would be in it.
void RequireGroup(const program::Query& query, const std::vector<Cells>& rows) {
  if (rows.empty() && query.smallest_group > 0) {
    Raise("TooFewRows", "fewer than " + std::to_string(query.smallest_group) + " rows");
  }
}

// Django fetches 21 rows for `get()`, and says no more than that.
[[noreturn]] void RaiseMultiple(const program::Query& query, size_t rows) {
  constexpr size_t kFetched = 20;
  const std::string name = query.model.substr(query.model.rfind('.') + 1);
  const std::string count =
      rows > kFetched ? "more than " + std::to_string(kFetched) : std::to_string(rows);
  Raise("MultipleObjectsReturned",
        "get() returned more than one " + name + " -- it returned " + count + "!");
}

Value ListOfRows(const program::Query& query, const std::vector<Cells>& rows) {
  std::vector<Value> items;
  items.reserve(rows.size());
  for (const Cells& cells : rows) items.push_back(RowValue(query, cells));
  return Value::ListOf(std::move(items));
}

}  // namespace

void ConvertCells(const std::vector<program::Column>& columns, Cells& cells) {
  for (size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
    if (columns[i].convert != program::Convert::kNone)
      cells[i] = Converted(columns[i], std::move(cells[i]));
    if (columns[i].mask != Mask::kNone) cells[i] = Masked(cells[i], columns[i].mask);
  }
}

std::optional<std::vector<uint32_t>> PlainCells(const program::Query& query) {
  std::vector<uint32_t> places;
  switch (query.row) {
    case program::RowKind::kFlat:
      return std::nullopt;
    case program::RowKind::kTuple:
    case program::RowKind::kNamedTuple:
    case program::RowKind::kDict: {
      std::set<std::string_view> names;
      for (const program::Column& column : query.columns) {
        const bool plain = column.parts == 0 && names.insert(column.name).second;
        if (!plain) return std::nullopt;
        places.push_back(static_cast<uint32_t>(places.size()));
      }
      return places;
    }
    case program::RowKind::kInstance:
      for (const auto& [name, column] : query.instance->fields) places.push_back(column);
      for (const auto& [name, column] : query.instance->annotations) places.push_back(column);
      return places;
  }
  return std::nullopt;
}

Value RowValue(const program::Query& query, const Cells& cells) {
  switch (query.row) {
    case program::RowKind::kFlat:
      Check(!cells.empty(), "a query gave no column");
      return ValuesOf(query, cells).at(0);
    case program::RowKind::kTuple:
      return Value::TupleOf(ValuesOf(query, cells));
    case program::RowKind::kNamedTuple:
      return NamedTuple(query, cells);
    case program::RowKind::kDict:
      return DictOf(query, cells);
    case program::RowKind::kInstance:
      Check(query.instance != nullptr, "a query of instances without their shape");
      return InstanceOf(query.instance, cells);
  }
  return Value::None();
}

Value FetchValue(const program::Query& query, std::vector<Cells> rows) {
  for (Cells& cells : rows) ConvertCells(query.columns, cells);
  switch (query.fetch) {
    case program::FetchKind::kRows:
      return ListOfRows(query, rows);
    case program::FetchKind::kFirst:
      return rows.empty() ? Value::None() : RowValue(query, rows.front());
    case program::FetchKind::kGet:
      if (rows.empty()) RaiseMissing(query);
      if (rows.size() > 1) RaiseMultiple(query, rows.size());
      return RowValue(query, rows.front());
    case program::FetchKind::kEarliest:
      if (rows.empty()) RaiseMissing(query);
      return RowValue(query, rows.front());
    case program::FetchKind::kScalar:
      RequireGroup(query, rows);
      return rows.empty() ? Value::None() : CellAt(rows.front(), 0);
    case program::FetchKind::kExists:
      return Value::Bool(!rows.empty());
    case program::FetchKind::kRow:
      RequireGroup(query, rows);
      Check(!rows.empty(), "an aggregate without a row");
      return DictOf(query, rows.front());
    case program::FetchKind::kGrouped: {
      Dict groups;
      for (const Cells& cells : rows) {
        const Value key = KeyOf(query, cells);
        if (groups.Find(key) == nullptr) groups.Set(key, Value::ListOf({}));
        const auto list = *groups.Find(key)->As<std::shared_ptr<List>>();
        list->items.push_back(RowValue(query, cells));
      }
      return DictValue(std::move(groups));
    }
    case program::FetchKind::kInBulk: {
      Dict dict;
      for (const Cells& cells : rows) {
        dict.Set(KeyOf(query, cells), RowValue(query, cells));
      }
      return DictValue(std::move(dict));
    }
  }
  return Value::None();
}

}  // namespace ormc::execute
